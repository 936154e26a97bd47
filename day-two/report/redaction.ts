import { stripVTControlCharacters } from "node:util";
import { parse } from "yaml";
import { isMapping } from "../../cluster/schema-tree";
import { KnownValues } from "./known-values";
import { withoutPrivateKeys } from "./private-keys";

/** What stands in a secret's place. */
export const removed = "(removed)";

/** Where something that is shown comes from what may hold anything. */
const notShown = "(not shown)";

/** Values of keys and variables that are called like a secret, and are none. */
const noSecrets = ["true", "false", "null", "none", "undefined", "required", removed, notShown];

const ofKeys = "(?:secret|private|api|access|auth|shared|encryption)[-_. ]?key";

/** What the names of secrets end with. That of a Secret, as passwordSecret has it, is none. */
const secretName = `(?:password|passwd|passphrase|(?<!password)secret|token|${ofKeys}|key[-_]data|tls\\.key|signature)`;
const isSecretName = new RegExp(`${secretName}\\d*$`, "i");
const hasSecretName = new RegExp(`${secretName}\\d*["']?\\s*:`, "i");

/** A name with what stands between it and its value on one line, in YAML, JSON, variables, and what Go prints. */
const named = `${secretName}\\d*[\\\\"'\\]]*[^\\S\\n]*(?::=|=>|[:=])[^\\S\\n]*`;
const plainWord = "(?:true|false|null|none|undefined|required)\\b";
/** "without a password: give it NOPASSWD" */
const sentence = "(?<=\\b(?:an?|the|this|no) [\\w-]+: )[a-z]{2,8} ";

/** Where annotations come from whose values are shown: what others write into theirs nobody knows. */
const knownAnnotations =
  /^(metallb\.io|metallb\.universe\.tf|baremetal-lb|meta\.helm\.sh|([a-z0-9-]+\.)*kubernetes\.io)\//;
const copiesOfAll = "kubectl.kubernetes.io/last-applied-configuration";

interface Pattern {
  readonly found: RegExp;
  readonly instead: string;
}

/** By what they look like, wherever they stand. Behind a space there is none that spans more than its line. */
const patterns: readonly Pattern[] = [
  // Of a header the whole value, in whatever form a program prints headers.
  {
    found:
      /\b((?:proxy-)?authorization|(?:set-)?cookie|(?:x-)?[a-z]+-token)([\\"'\]]*\s*[:=]\s*[[\\"']*)[^\n"'\]\\]+/gi,
    instead: `$1$2${removed}`,
  },
  { found: /\b(bearer)(\s+|%20|\+)[\w.~+/=%-]{8,}/gi, instead: `$1$2${removed}` },
  { found: /\b([Bb]asic)(\s+)(?=[A-Za-z0-9+/]*[A-Z0-9])[A-Za-z0-9+/]{6,}={0,2}/g, instead: `$1$2${removed}` },
  // In quotes, of which those of JSON within JSON have backslashes; to the end of the line where they are not closed.
  { found: new RegExp(`(${named})(\\\\*["'])(?:(?!\\2)(?:\\\\.|.))+(\\2|$)`, "gim"), instead: `$1$2${removed}$3` },
  {
    found: new RegExp(`(${named})(?!${plainWord}|[[{(\\\\"']|${sentence})[^\\s"']+`, "gi"),
    instead: `$1${removed}`,
  },
  // A word of its own behind it, as options and FRR's configuration have it.
  { found: new RegExp(`(--?[\\w-]{0,40}${secretName})(\\s+)(?![-\\s])\\S+`, "gi"), instead: `$1$2${removed}` },
  { found: /\b(neighbor\s+\S+\s+password\s+)\S+/gi, instead: `$1${removed}` },
  // A slash is in a password that nobody has encoded; behind the digits of a port it is of the path.
  {
    found: /\b([a-z][a-z0-9+.-]{0,30}:\/\/)(?:[^\s/"'<>]*|[^\s/"'<>:@]*:(?!\d+\/)[^\s"'<>]*)@/gi,
    instead: `$1${removed}@`,
  },
  // JSON Web Tokens, tokens of bootstrapping, and of servers that mark theirs.
  { found: /\beyJ[\w-]{8,}\.[\w-]{8,}(\.[\w-]*)?/g, instead: removed },
  { found: /\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g, instead: removed },
  { found: /\b(gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|hvs\.[\w-]{20,})/g, instead: removed },
  { found: /\b\w{14}\.atlasv1\.[\w-]{20,}/g, instead: removed },
];

/** How often what was encoded may have been encoded. */
const deepest = 3;

/**
 * The one place where secrets are taken out of a report: values that are known to be secret, in whatever form, values whose
 * place says that they are, and what looks like one. All that is known is to be told before the first text is asked for.
 */
export class Redaction {
  private readonly known = new KnownValues();

  /** How many values are known. */
  get size(): number {
    return this.known.size;
  }

  /** Takes note of a value that is secret. One of fewer than four characters is found by its place alone. */
  know(value: string | undefined): void {
    const text = value?.trim() ?? "";
    if (!noSecrets.includes(text.toLowerCase())) this.known.add(text);
  }

  /**
   * Data without what its place says is secret: by the names of keys, in Secrets, and in annotations of unknown meaning. Such
   * values are known from then on.
   * @param marks is true where a value is secret, and nested as the data is, as Terraform has it.
   */
  data(value: unknown, marks?: unknown): unknown {
    if (value === undefined || value === null) return value;
    if (marks === true) return this.taken(value);
    if (Array.isArray(value)) {
      return value.map((item, index) => this.data(item, (marks as readonly unknown[] | undefined)?.[index]));
    }
    if (isMapping(value)) return this.mapping(value, isMapping(marks) ? marks : {});
    if (typeof value === "string") this.knowWithin(value);
    return value;
  }

  /** A text without secrets, and without control characters. */
  text(text: string): string {
    return this.without(stripVTControlCharacters(text), 0);
  }

  /** Data that `data` gave, each of its texts without secrets. */
  texts(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.texts(item));
    if (!isMapping(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.text(key), this.texts(item)]));
  }

  private mapping(value: Readonly<Record<string, unknown>>, marks: Readonly<Record<string, unknown>>): unknown {
    const isSecret = value["kind"] === "Secret";
    const named = typeof value["name"] === "string" && isSecretName.test(value["name"]);
    return Object.fromEntries(
      Object.entries(value)
        // Who wrote what is of no use to anybody else.
        .filter(([key]) => key !== "managedFields")
        .map(([key, item]) => {
          if (isSecret && (key === "data" || key === "stringData")) return [key, this.secretData(item)];
          if (key === "annotations" && isMapping(item)) return [key, this.annotations(item)];
          const isByName = isSecretName.test(key) || (named && key === "value");
          const isText = typeof item === "string" || typeof item === "number";
          return [key, isByName && isText ? this.taken(item) : this.data(item, marks[key])];
        }),
    );
  }

  /** What stands in a value's place, all of whose texts are known from then on. */
  private taken(value: unknown): string {
    if (typeof value === "string") this.know(value);
    else if (typeof value === "number") this.know(String(value));
    else if (Array.isArray(value)) value.forEach((item) => this.taken(item));
    else if (isMapping(value)) Object.values(value).forEach((item) => this.taken(item));
    return removed;
  }

  /** Of a Secret the names of its keys. */
  private secretData(data: unknown): unknown {
    if (!isMapping(data)) return removed;
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => {
        this.knowSecret(key, String(value));
        return [key, removed];
      }),
    );
  }

  /** Takes note of a value of a Secret, in base64, unless it is one that others may see. */
  knowSecret(key: string, base64: string): void {
    if (/^(namespace|username)$|\.crt$|^ca\b|cert/i.test(key)) return;
    this.know(base64);
    this.know(Buffer.from(base64, "base64").toString("utf8"));
  }

  private annotations(annotations: Readonly<Record<string, unknown>>): unknown {
    return Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => {
        const isShown = knownAnnotations.test(key) && key !== copiesOfAll && !isSecretName.test(key);
        return [key, isShown ? this.data(value) : notShown];
      }),
    );
  }

  /** Takes note of what is secret in a text that is YAML itself, as in ConfigMaps. */
  private knowWithin(text: string): void {
    if (!text.includes("\n") || !hasSecretName.test(text)) return;
    try {
      this.data(parse(text, { logLevel: "silent" }));
    } catch {
      // No YAML: what is in it is found by what it looks like.
    }
  }

  private without(text: string, depth: number): string {
    const byLook = patterns.reduce(
      (found, { found: pattern, instead }) => found.replace(pattern, instead),
      withoutPrivateKeys(this.known.replacedIn(text, removed), removed),
    );
    return depth === deepest ? byLook : this.withoutEncoded(byLook, depth + 1);
  }

  /** Whatever hides a secret when it is decoded goes as a whole. */
  private withoutEncoded(text: string, depth: number): string {
    const isClean = (decoded: string) => this.without(decoded, depth) === decoded;
    // What stands before it, such as a path, may look as if it were of it.
    const inBase64 = (encoded: string) =>
      // Digits of a checksum are the most of what looks like it.
      /^[0-9a-f]+$/.test(encoded) ||
      [0, 1, 2, 3].every((start) => isClean(Buffer.from(encoded.slice(start), "base64").toString("latin1")))
        ? encoded
        : removed;
    return text
      .replace(/^[ \t]*[\w+/]{40,}(\r?\n[ \t]*[\w+/]{4,}={0,2})+$/gm, (lines) =>
        inBase64(lines.replace(/\s/g, "")) === removed ? removed : lines,
      )
      .replace(/[\w+/-]{24,}={0,2}/g, inBase64)
      .replace(/\S+/g, (word) => (/%[0-9a-f]{2}/i.test(word) && !isClean(urlDecoded(word)) ? removed : word));
  }
}

/** Byte by byte, so that there is nothing that cannot be decoded. */
const urlDecoded = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_code, hex: string) => String.fromCharCode(parseInt(hex, 16)));
