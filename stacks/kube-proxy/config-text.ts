import { type Document, parseAllDocuments } from "yaml";
import { goYaml } from "../../values/go-yaml";

/**
 * kube-proxy's config.conf as kube-proxy itself reads it: sigs.k8s.io/yaml turns the text into JSON, by go-yaml v2, and
 * apimachinery decodes that (k8s.io/apimachinery/pkg/runtime/serializer/json). So:
 *
 * - the first document counts, whatever stands behind a `---`;
 * - of a key that stands twice the last one counts (kube-proxy warns, and goes on);
 * - plain words and numbers are those of YAML 1.1: `yes`, `on` and `y` are true, 0100000 is 32768, 131_072 is 131072;
 * - unlike in YAML 1.1 proper, 1:30 and dates are text, 0o17 is 15, and what is !!binary is its text;
 * - no number, an alias of nothing and a %YAML that is not 1.1 are errors.
 *
 * The one reader of that text in TypeScript: drift, verify, and what else looks at a ConfigMap's text or a plan's.
 * @returns undefined where it is no mapping in YAML, which kube-proxy refuses.
 */
export function readConfigText(text: string): Readonly<Record<string, unknown>> | undefined {
  const documents = parseAllDocuments(text, { ...goYaml, uniqueKeys: false });
  const [first] = Array.isArray(documents) ? documents : [];
  if (first === undefined || first.errors.length > 0 || /^%YAML (?!1\.1)/.test(text)) return undefined;
  const value = plainValue(first);
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

/** The document's value; undefined where it has an alias of nothing, or what JSON has no number for. */
function plainValue(document: Document.Parsed): unknown {
  try {
    return document.toJS({
      reviver: (_key, value: unknown) => {
        if (typeof value === "number" && !Number.isFinite(value)) throw new RangeError("JSON has no such number");
        return value;
      },
    }) as unknown;
  } catch (error) {
    if (error instanceof ReferenceError || error instanceof RangeError) return undefined;
    throw error;
  }
}
