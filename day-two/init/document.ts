import { Document, isCollection, isMap, isNode, isScalar, type Node, parse, Scalar, visit } from "yaml";
import type { Path } from "../../values/problem";
import type { Mapping, Note } from "./note";

/** How wide comments are, with their indentation. */
const width = 116;

/** What stands before the first key. */
export interface Head {
  readonly text: string;
  /** Where editors find the schema, from the file's folder. @default it is not named */
  readonly schema?: string;
}

/** The text of a cluster.yaml, with its notes as comments above what they are about. */
export function documentText({ text: head, schema }: Head, value: Mapping, notes: readonly Note[]): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  quoteWhatIsReadOtherwise(document);
  quote(document.getIn(["kubernetes", "version"], true));
  for (const [place, texts] of grouped(notes)) comment(document, place, texts);
  for (const key of Object.keys(value).slice(1)) spaceBefore(document, key);
  shortLists(document);
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  return `${schema === undefined ? "" : `# yaml-language-server: $schema=${schema}\n#\n`}${commentLines(head)}\n\n${text}`;
}

/**
 * Texts that a reader of YAML 1.1, such as an editor, takes for something else (no, 0123, 1:30) are put in quotes; the
 * library sees to those of YAML 1.2, which this project reads.
 */
function quoteWhatIsReadOtherwise(document: Document): void {
  visit(document, {
    Scalar(_key, scalar) {
      const { value } = scalar;
      if (typeof value === "string" && !value.includes("\n") && readOtherwise(value)) quote(scalar);
    },
  });
}

function readOtherwise(text: string): boolean {
  try {
    const value: unknown = parse(text, { version: "1.1", logLevel: "error" });
    return typeof value !== "string" && value !== undefined;
  } catch {
    return false;
  }
}

function quote(node: unknown): void {
  if (isScalar(node)) node.type = Scalar.QUOTE_DOUBLE;
}

/** Notes of one place stand in one comment. */
function grouped(notes: readonly Note[]): [Path, string[]][] {
  const found = new Map<string, [Path, string[]]>();
  for (const { path, text } of notes) {
    const key = JSON.stringify(path);
    const texts = found.get(key)?.[1] ?? [];
    found.set(key, [path, [...texts, text]]);
  }
  return [...found.values()];
}

/** Writes above a key or an item; above the nearest one that is there, if it is not. */
function comment(document: Document, path: Path, texts: readonly string[]): void {
  const node = placeOf(document, path);
  if (node === undefined) return;
  const depth = Math.max(0, path.length - 1);
  const lines = texts.map((text) => wrapped(text, width - 2 * depth)).join("\n");
  const before = node.commentBefore;
  node.commentBefore = before === undefined || before === null ? lines : `${before}\n${lines}`;
}

function placeOf(document: Document, path: Path): Node | undefined {
  const parent: unknown = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const last = path.at(-1);
  if (isMap(parent)) {
    const key = parent.items.find((pair) => isScalar(pair.key) && pair.key.value === last)?.key;
    if (isNode(key)) return key;
  } else if (isCollection(parent)) {
    const item: unknown = parent.get(last as number, true);
    if (isNode(item)) return item;
  }
  return path.length === 0 ? undefined : placeOf(document, path.slice(0, -1));
}

function spaceBefore(document: Document, key: string): void {
  const node = placeOf(document, [key]);
  if (node !== undefined) node.spaceBefore = true;
}

/** Lists of plain values stand in one line, as people write them, and so do selectors. */
function shortLists(document: Document): void {
  visit(document, {
    Collection(_key, collection) {
      const items: readonly unknown[] = collection.items;
      const isShort = JSON.stringify(collection.toJSON()).length <= 80;
      const hasComment = items.some((item) => isNode(item) && item.commentBefore);
      if (items.length === 0 || (items.every(isScalar) && isShort && !hasComment)) collection.flow = true;
    },
  });
}

const commentLines = (text: string): string => wrapped(text, width).replace(/^/gm, "#");

/** A text as lines of a comment, each with a space in front. */
function wrapped(text: string, columns: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > columns - 2) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => (one === "" ? "" : ` ${one}`)).join("\n");
}
