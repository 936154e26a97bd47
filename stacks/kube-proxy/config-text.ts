import { parseAllDocuments, type Tags } from "yaml";

/**
 * kube-proxy's config.conf as kube-proxy itself reads it: sigs.k8s.io/yaml turns the text into JSON, by go-yaml v2, and
 * apimachinery decodes that (k8s.io/apimachinery/pkg/runtime/serializer/json). So:
 *
 * - the first document counts, whatever stands behind a `---`;
 * - of a key that stands twice the last one counts (kube-proxy warns, and goes on);
 * - plain words and numbers are those of YAML 1.1: `yes`, `on` and `y` are true, 0100000 is 32768, 131_072 is 131072;
 * - unlike in YAML 1.1 proper, 1:30 and dates are text.
 *
 * The one reader of that text in TypeScript: drift, verify, and what else looks at a ConfigMap's text or a plan's.
 * @returns undefined where it is no mapping in YAML, which kube-proxy refuses.
 */
export function readConfigText(text: string): Readonly<Record<string, unknown>> | undefined {
  const documents = parseAllDocuments(text, {
    version: "1.1",
    uniqueKeys: false,
    logLevel: "silent",
    customTags: (tags) => tags.filter((tag) => typeof tag !== "object" || !unlikeGo(tag)) as Tags,
  });
  const [first] = Array.isArray(documents) ? documents : [];
  if (first === undefined || first.errors.length > 0) return undefined;
  const value: unknown = first.toJS();
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

/** What YAML 1.1 has and go-yaml v2 does not: numbers to the base of 60, and dates, which it leaves as text. */
const unlikeGo = ({ tag, format }: { readonly tag: string; readonly format?: string }): boolean =>
  format === "TIME" || tag === "tag:yaml.org,2002:timestamp";
