import { isDeepStrictEqual } from "node:util";
import { type Document, isMap, isNode, isSeq, parseDocument, type YAMLMap } from "yaml";
import { keyText } from "./syntax";
import { UserError } from "../values/user-error";

/** A host key to be written to a cluster.yaml. */
export interface HostKeyRecord {
  /** The node's name; the bastion without it. */
  readonly node?: string;
  readonly address: string;
  /** Type and base64 text. */
  readonly hostKey: string;
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The text of a cluster.yaml with host keys in it. Every other character stays: the library's own output would lay the
 * whole file out anew.
 * @throws Error that has the line to be added by hand, where the text has a form that this cannot edit.
 */
export function recordHostKeys(text: string, records: readonly HostKeyRecord[]): string {
  const document = parseDocument(text);
  const edits = records.map((record) => editFor(document, text, record));
  const changed = edits
    .sort((a, b) => b.from - a.from)
    .reduce((result, { from, to, text: part }) => result.slice(0, from) + part + result.slice(to), text);
  const wanted = parseDocument(text);
  records.forEach((record) => mappingOf(wanted, record).set("hostKey", record.hostKey));
  const [after, expected] = [parseDocument(changed), wanted];
  if (after.errors.length > 0 || !isDeepStrictEqual(after.toJS(), expected.toJS())) throw byHand(records);
  return changed;
}

function mappingOf(document: Document, record: HostKeyRecord): YAMLMap {
  const found =
    record.node === undefined ? document.getIn(["ssh", "bastion"], true) : nodeMapping(document, record.node);
  if (isMap(found) && String(found.get(record.node === undefined ? "host" : "address")) === record.address)
    return found;
  throw byHand([record]);
}

function nodeMapping(document: Document, name: string): unknown {
  const nodes = document.get("nodes", true);
  return isSeq(nodes) ? nodes.items.find((item) => isMap(item) && item.get("name") === name) : undefined;
}

function editFor(document: Document, text: string, record: HostKeyRecord): Edit {
  const mapping = mappingOf(document, record);
  const pair = mapping.items.find((item) => keyText(item) === "hostKey");
  if (pair === undefined) return insertion(mapping, text, record);
  const [from, to] = rangeOf(pair.value);
  if (from === to) {
    const behindColon = text.indexOf(":", rangeOf(pair.key)[1]) + 1;
    return { from: behindColon, to: behindColon, text: ` "${record.hostKey}"` };
  }
  // As it was written: in quotes of either kind, or without.
  const quote = /^["']/.exec(text.slice(from, to))?.[0] ?? "";
  return { from, to, text: `${quote}${record.hostKey}${quote}` };
}

/** The key hostKey behind the last one: on the same line in { }, else on a line of its own. */
function insertion(mapping: YAMLMap, text: string, record: HostKeyRecord): Edit {
  const [first, last] = [mapping.items[0], mapping.items.at(-1)];
  const behind = rangeOf(last?.value)[1];
  const pair = `hostKey: "${record.hostKey}"`;
  if (mapping.flow) return { from: behind, to: behind, text: `, ${pair}` };
  const start = rangeOf(first?.key)[0];
  const indentation = " ".repeat(start - (text.lastIndexOf("\n", start - 1) + 1));
  const [lineBreak = "\n"] = /\r?\n/.exec(text.slice(behind)) ?? [];
  const end = behind + (/\r?\n|$/.exec(text.slice(behind))?.index ?? 0);
  return { from: end, to: end, text: `${lineBreak}${indentation}${pair}` };
}

function rangeOf(node: unknown): readonly [number, number] {
  const [start = 0, end = 0] = (isNode(node) ? node.range : undefined) ?? [];
  return [start, end];
}

function byHand(records: readonly HostKeyRecord[]): UserError {
  const lines = records.map(
    ({ node, address, hostKey }) => `\n  ${node ?? "the bastion"} (${address}): hostKey: "${hostKey}"`,
  );
  return new UserError(`host keys cannot be written to a file of this form; add them by hand:${lines.join("")}`);
}
