/** A part of a template: text as it stands, escapes of it included, or what stands between `${` or `%{` and its `}`. */
interface Part {
  readonly text: string;
  readonly isText: boolean;
}

/**
 * A string of Terraform's JSON, which is a template there, as an expression of HCL with the same value: an expression of
 * its own where the string is nothing else, text of several lines as a heredoc, anything else in quotes.
 */
export function templateExpression(template: string): string {
  const parts = partsOf(template);
  // With a ~ at either end it is a template, though it strips nothing.
  if (parts.length === 1 && /^\$\{[^~]/.test(template) && !template.endsWith("~}"))
    return bare(template.slice(2, -1).trim());
  return isForHeredoc(template) ? heredoc(template) : quoted(parts);
}

/** A string that is no template, in quotes. */
export const quotedText = (text: string): string =>
  quoted([{ text: text.replace(/[$%](?=\{)/g, "$&$&"), isText: true }]);

/** A line ends an expression outside of parentheses. */
const bare = (expression: string): string => (expression.includes("\n") ? `(${expression})` : expression);

const quoted = (parts: readonly Part[]): string =>
  `"${parts.map(({ text, isText }) => (isText ? escaped(text) : text)).join("")}"`;

const escapes: Readonly<Record<string, string>> = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

const escaped = (text: string): string =>
  // eslint-disable-next-line no-control-regex
  text.replace(/["\\\u0000-\u001f\u007f]/g, (character) => escapes[character] ?? unicode(character));

const unicode = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Several lines, and nothing that a heredoc has no escape for. */
const isForHeredoc = (text: string): boolean =>
  // eslint-disable-next-line no-control-regex
  text.slice(0, -1).includes("\n") && !/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text);

/** Backslashes and quotes are themselves in a heredoc. Its text always ends with a line's end. */
function heredoc(text: string): string {
  const lines = new Set(text.split("\n").map((line) => line.trim()));
  let marker = "EOT";
  while (lines.has(marker)) marker += "_";
  return text.endsWith("\n") ? `<<${marker}\n${text}${marker}` : `chomp(<<${marker}\n${text}\n${marker}\n)`;
}

function partsOf(template: string): Part[] {
  const parts: Part[] = [];
  let start = 0;
  let at = 0;
  while (at < template.length) {
    if (/^[$%]{2}\{/.test(template.slice(at, at + 3))) at += 3;
    else if (/^[$%]\{/.test(template.slice(at, at + 2))) {
      const end = endOfExpression(template, at + 2);
      if (at > start) parts.push({ text: template.slice(start, at), isText: true });
      parts.push({ text: template.slice(at, end), isText: false });
      start = at = end;
    } else at += 1;
  }
  if (at > start) parts.push({ text: template.slice(start), isText: true });
  return parts;
}

/** The position behind the brace that ends an expression; strings in it may have braces, and expressions of their own. */
function endOfExpression(template: string, from: number): number {
  let depth = 1;
  let at = from;
  while (at < template.length) {
    const character = template[at];
    if (character === '"') at = endOfString(template, at + 1);
    else {
      at += 1;
      if (character === "{") depth += 1;
      if (character === "}") depth -= 1;
      if (depth === 0) return at;
    }
  }
  throw new Error(`an expression has no end: ${template.slice(from - 2)}`);
}

/** The position behind the quote that ends a string of an expression. */
function endOfString(template: string, from: number): number {
  let at = from;
  while (at < template.length) {
    if (template[at] === '"') return at + 1;
    if (template[at] === "\\") at += 2;
    else if (/^[$%]{2}\{/.test(template.slice(at, at + 3))) at += 3;
    else if (/^[$%]\{/.test(template.slice(at, at + 2))) at = endOfExpression(template, at + 2);
    else at += 1;
  }
  throw new Error(`a string has no end: ${template.slice(from - 1)}`);
}
