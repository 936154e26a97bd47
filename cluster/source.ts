import { type Document, isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument } from "yaml";
import type { Path } from "../values/problem";
import {
  aliasesWithoutBound,
  contentErrors,
  keyText,
  resolved,
  startOf,
  syntaxError,
  type SyntaxFinding,
} from "./syntax";

/** A place in a text, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A YAML text, with the place of everything in it. */
export class Source {
  /** What is wrong with the text itself. */
  readonly findings: readonly SyntaxFinding[];
  /** The content. Undefined if there is none, or if the text cannot be read. */
  readonly value: unknown;
  private readonly document: Document;
  private readonly lines = new LineCounter();

  constructor(text: string) {
    // uniqueKeys: the library would report a repeated key without its path.
    this.document = parseDocument(text, {
      lineCounter: this.lines,
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: "error",
    });
    const lineOf = (offset: number) => this.place(offset).line;
    const error = syntaxError(this.document, text, lineOf);
    this.findings = error === undefined ? contentErrors(this.document, lineOf) : [error];
    if (error !== undefined) return;
    try {
      this.value = this.document.toJS();
    } catch (thrown) {
      if (!(thrown instanceof Error) || thrown.name !== "ReferenceError") throw thrown;
      if (this.findings.length === 0) this.findings = [aliasesWithoutBound];
    }
  }

  /** The line and column of a character. */
  place(offset: number): Position {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  /**
   * The place of a value; of its key, if it is a mapping or list or nothing; of the nearest parent, if there is none.
   * With `atKey`, always of the key.
   */
  position(path: Path, atKey = false): Position {
    const { node, pair } = this.follow(path);
    const inLine = isScalar(node) && node.value !== null;
    return this.place(startOf(pair !== undefined && (atKey || !inLine) ? pair.key : node));
  }

  /** A scalar as it is written: 1.20, where its value is the number 1.2. */
  written(path: Path): string | undefined {
    const { node, complete } = this.follow(path);
    return complete && isScalar(node) ? node.source : undefined;
  }

  /** Goes down a path as far as it exists. `pair` is the key with its value, if the last step was one in a mapping. */
  private follow(path: Path): { node: unknown; pair: Pair | undefined; complete: boolean } {
    let node = resolved(this.document.contents, this.document);
    let pair: Pair | undefined;
    for (const step of path) {
      // The last of two equal keys is the one whose value counts.
      const inMap = isMap(node) ? node.items.findLast((item) => keyText(item) === step) : undefined;
      const inList = isSeq(node) ? node.items[Number(step)] : undefined;
      if (inMap === undefined && inList === undefined) return { node, pair, complete: false };
      node = resolved(inMap === undefined ? inList : inMap.value, this.document);
      pair = inMap;
    }
    return { node, pair, complete: true };
  }
}
