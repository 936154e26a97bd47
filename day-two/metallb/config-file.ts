import { parseAllDocuments, parseDocument } from "yaml";
import { isMapping, type Mapping } from "../../cluster/schema-tree";
import { goYaml } from "../../values/go-yaml";

/**
 * The text of MetalLB 0.9 to 0.12's ConfigMap as MetalLB reads it, by yaml.v2 into `configFile` in internal/config/config.go:
 *
 * - the first document counts, whatever stands behind a `---`, and a key twice is an error;
 * - what is merged (`<<`) or an alias stands there as if it were written;
 * - where MetalLB has text it takes the scalar as it is written: a pool may be named 0123, or no;
 * - where it has a number, true or false, the words and numbers are those of YAML 1.1;
 * - nothing, and a list of nothing, say the same as no key; a text of nothing has no pools.
 *
 * The one reader of that text in TypeScript.
 * @returns undefined where it is no mapping in YAML, which MetalLB refuses.
 */
export function readConfigFile(text: string): Mapping | undefined {
  const documents = parseAllDocuments(text, { schema: "failsafe", merge: true, logLevel: "silent" });
  const [first] = Array.isArray(documents) ? documents : [];
  if (first === undefined) return {};
  if (first.errors.length > 0) return undefined;
  try {
    const value: unknown = first.toJS();
    return value === null || value === "" ? {} : isMapping(value) ? typed(value) : undefined;
  } catch (error) {
    if (error instanceof Error && error.name === "ReferenceError") return undefined;
    throw error;
  }
}

/** Keys of numbers, true and false. */
const plainKeys = [
  ...["peer-asn", "my-asn", "peer-port", "ebgp-multihop", "auto-assign", "avoid-buggy-ips"],
  ...["aggregation-length", "aggregation-length-v6", "localpref"],
  ...["receive-interval", "transmit-interval", "detect-multiplier", "echo-interval"],
  ...["echo-mode", "passive-mode", "minimum-ttl"],
];

/** Mappings whose keys are names that somebody gave. */
const ofNames = ["bgp-communities", "match-labels"];

/** The number, true or false that a scalar is; other texts stay. */
function plain(text: string): unknown {
  const document = parseDocument(text, goYaml);
  const value: unknown = document.errors.length === 0 ? document.toJS() : undefined;
  return typeof value === "number" || typeof value === "boolean" ? value : text;
}

function typed(mapping: Mapping): Mapping {
  const read = (key: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((item: unknown) => (isMapping(item) ? typed(item) : item));
    if (isMapping(value)) return ofNames.includes(key) ? value : typed(value);
    return plainKeys.includes(key) ? plain(String(value)) : value;
  };
  return Object.fromEntries(
    Object.entries(mapping)
      .filter(([, value]) => value !== "" && !(Array.isArray(value) && value.length === 0))
      .map(([key, value]) => [key, read(key, value)]),
  );
}
