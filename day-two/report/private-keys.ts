const label = "[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----";
const begin = new RegExp(`-----BEGIN ${label}`);
const end = new RegExp(`-----END ${label}`);
const onOneLine = new RegExp(`-----BEGIN ${label}.*?(?:-----END ${label}|$)`, "gm");

/** Longest private key that is looked for, in lines: one of RSA with 16,384 bits has some 200. */
const longest = 300;

/** A line of base64, behind what a log puts in front of it. */
const isOfKey = (line: string): boolean => /(^|[\s"'])[A-Za-z0-9+/=]{16,}["',\s]*$/.test(line);

/**
 * A text without its private keys in PEM form, also where a log has cut off one at either end, or has put something in front
 * of each line.
 */
export function withoutPrivateKeys(text: string, instead: string): string {
  if (!text.includes("PRIVATE KEY")) return text;
  const lines = text.split("\n");
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (begin.test(line)) {
      kept.push(line.replace(onOneLine, instead));
      if (!end.test(line)) at = lastLineOfKey(lines, at);
    } else if (end.test(line)) {
      // Its beginning is not there any more.
      while (isOfKey(kept.at(-1) ?? "")) kept.pop();
      kept.push(instead);
    } else kept.push(line);
  }
  return kept.join("\n");
}

function lastLineOfKey(lines: readonly string[], first: number): number {
  const rest = lines.slice(first + 1, first + 1 + longest);
  const ended = rest.findIndex((line) => end.test(line));
  const begun = rest.findIndex((line) => begin.test(line));
  if (ended >= 0 && (begun < 0 || ended < begun)) return first + 1 + ended;
  const other = rest.findIndex((line) => !isOfKey(line));
  return first + (other < 0 ? rest.length : other);
}
