import { type Document, isAlias, isNode, isPair, isScalar, isSeq, type Pair, visit, type YAMLError } from "yaml";
import type { Path } from "../values/problem";

/** What is wrong with the text itself. Offsets are in characters from its start. */
export interface SyntaxFinding {
  readonly offset: number;
  readonly path: Path;
  readonly given: string;
  readonly expected: string;
  readonly remedy: string;
}

type Words = Pick<SyntaxFinding, "given" | "expected" | "remedy">;

const aTab: Words = {
  given: "a tab",
  expected: "spaces as indentation",
  remedy: "replace every tab at the start of a line by spaces",
};

const wordsOf: Partial<Record<YAMLError["code"], Words>> = {
  TAB_AS_INDENT: aTab,
  MULTIPLE_DOCS: {
    given: "a second document",
    expected: "one document in the file",
    remedy: "keep each cluster in a file of its own",
  },
  TAG_RESOLVE_FAILED: {
    given: "a tag (!…)",
    expected: "YAML without tags",
    remedy: "remove the tag, or put the text in quotes",
  },
  MISSING_CHAR: {
    given: "a text, list or mapping that does not end",
    expected: "a closing \", ', ] or }",
    remedy: "close what was opened here or above",
  },
  BAD_INDENT: {
    given: "a line whose indentation does not fit, or a [ or { above it that is not closed",
    expected: "the same indentation for the keys of a mapping and the items of a list, and a ] or } for each [ or {",
    remedy: "align the line with its neighbours, or close what is open above it",
  },
  BLOCK_AS_IMPLICIT_KEY: {
    given: "a second colon on the line, or a further indented line below a value",
    expected: "one key and one value on a line",
    remedy: "put a text with a colon in quotes, or correct the indentation of the next line",
  },
};

const aHyphenLine: Words = {
  given: "a line of three hyphens with nothing behind it",
  expected: "one document in the file",
  remedy: "remove the line",
};

const anyOther: Words = {
  given: "a text that is not YAML",
  expected: "YAML",
  remedy: "correct this line or the one above it; an editor with YAML support shows the place",
};

const aLoop: Words = {
  given: "an alias (*…) without its anchor (&…), or too many of them",
  expected: "an anchor above each alias",
  remedy: "write the value itself",
};

/**
 * The first error of syntax. What follows it is left out, since it may be its consequence. The library's own message
 * is not shown: it may quote the text.
 */
export function syntaxError(document: Document, text: string, lineOf: (offset: number) => number) {
  const [error] = [...document.errors, ...document.warnings];
  if (error === undefined) return undefined;
  const line = lineOf(error.pos[0]);
  // A tab below a value reads as a continuation of it, and the error then stands on the line above.
  for (const tab of text.matchAll(/^ *\t/gm)) {
    const behind = lineOf(tab.index) - line;
    if (behind === 0 || behind === 1) return { ...aTab, path: [], offset: tab.index };
  }
  const isEmpty = error.code === "MULTIPLE_DOCS" && /^(\s|---|\.\.\.|#.*)*$/.test(text.slice(error.pos[0]));
  return { ...(isEmpty ? aHyphenLine : (wordsOf[error.code] ?? anyOther)), path: [], offset: error.pos[0] };
}

/** Keys that stand twice in one mapping, and aliases that lead nowhere. */
export function contentErrors(document: Document, lineOf: (offset: number) => number): SyntaxFinding[] {
  const findings: SyntaxFinding[] = [];
  visit(document, {
    Map(_key, map, ancestors) {
      const first = new Map<string, Pair>();
      for (const pair of map.items) {
        const key = keyText(pair);
        const earlier = first.get(key);
        if (earlier === undefined) {
          first.set(key, pair);
          continue;
        }
        findings.push({
          offset: startOf(pair.key),
          path: [...pathOf([...ancestors, map]), key],
          given: "the same key again",
          expected: `each key once; it stands on line ${lineOf(startOf(earlier.key))} already`,
          remedy: "keep one of the two",
        });
      }
    },
    Alias(_key, alias) {
      if (alias.resolve(document) === undefined) findings.push({ ...aLoop, path: [], offset: startOf(alias) });
    },
  });
  return findings;
}

/** For aliases that grow beyond all bounds, which the library finds only when it puts the content together. */
export const aliasesWithoutBound: SyntaxFinding = { ...aLoop, path: [], offset: 0 };

function pathOf(ancestors: readonly unknown[]): Path {
  return ancestors.flatMap((node, depth): Path => {
    const parent = ancestors[depth - 1];
    if (isPair(node)) return [keyText(node)];
    return isSeq(parent) ? [parent.items.indexOf(node)] : [];
  });
}

/** A mapping's key as JavaScript has it. */
export function keyText(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

/** Where a node begins. */
export function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

/** The node itself, or the one that an alias stands for. */
export function resolved(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}
