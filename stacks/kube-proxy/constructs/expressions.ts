import { declaredSettings, type SettingValue } from "../settings";
import type { ManagedConfig } from "../schema";
import { quoted } from "../../shared/terraform-text";

// Terraform expressions, without `${}`, over kube-proxy's parsed configuration. Terraform computes them when it plans:
// synth has not seen the cluster.

/**
 * A text without separators of documents at its end, which kube-proxy's reader passes over (it takes the first document),
 * and Terraform's does not.
 */
export const oneDocument = (text: string): string =>
  `replace(${text}, ${quoted("/(\\n---[ \\t\\r]*)+\\s*$/")}, ${quoted("\n")})`;

/** Plain values that kube-proxy's reader (YAML 1.1, sigs.k8s.io/yaml) takes for another than Terraform's does. */
const readOtherwise = [
  // A number with a zero in front, which is octal, or of base 2.
  "[-+]?(0[0-9][0-9_]*|0b[01_]+)",
  // A number with underscores, in any base.
  "[-+]?[0-9][0-9a-fA-FxobeE.+]*_[0-9a-fA-F_.eE+-]*",
  // A number that is too large for kube-proxy's reader, which makes a text of it.
  "[-+]?[0-9.]+[eE][+]?[0-9]{3,}",
  // A date, of which Terraform makes a time.
  "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \\t][^#,\\]}\\n]*)?",
  // A tag: !!int, !!bool, !!binary.
  "![^#,\\]}\\n]*",
].join("|");

/** The lines of a text with a value of which kube-proxy and Terraform would make different things, as a list. */
export const linesReadOtherwise = (text: string): string =>
  `[for found in regexall(${quoted(
    `(?m)^([^#\\n]*?([:-][ \\t]+|[\\[,{][ \\t]*)(&[^ \\t]+[ \\t]+)?(${readOtherwise}))[ \\t\\r]*([,\\]}#]|$)`,
  )}, ${text}) : trimspace(found[0])]`;

/** JSON of the keys that this project always sets, as `current` has them; null where a key is absent. A merge patch. */
export const settingsJson = (current: string): string =>
  `jsonencode({ mode = try(${current}.mode, null), ipvs = { strictARP = try(${current}.ipvs.strictARP, null),` +
  ` scheduler = try(${current}.ipvs.scheduler, null) } })`;

/** Whether what `text` gives is one of `values`; null counts as "". */
export const isOneOf = (text: string, values: readonly string[]): string =>
  `try(contains([${values.map(quoted).join(", ")}], ${text} == null ? "" : ${text}), false)`;

/**
 * The settings to go back to: `original`, and beside its keys those that were declared since, as they were before that.
 * `kept` is what this expression gave the last time, or an error.
 */
export function originalSettings(
  { current, kept, original }: Readonly<Record<"current" | "kept" | "original", string>>,
  declared: ManagedConfig,
): string {
  const live = Object.keys(declaredSettings(declared).ipvs).map((key) => `${key} = try(${current}.ipvs.${key}, null)`);
  const ipvs = `merge({ ${live.join(", ")} }, try(${kept}.ipvs, {}), ${original}.ipvs)`;
  return `merge(${original}, { ipvs = { for key, value in ${ipvs} : key => ${isValid("key", "value")} ? value : null } })`;
}

/**
 * Whether kube-proxy takes a value of its section ipvs (pkg/proxy/apis/config/validation): one that was never valid, such as
 * "true" in quotes, is not put back, since kube-proxy would not start with it.
 */
const isValid = (key: string, value: string): string =>
  `(${key} == "strictARP" ? try(${value} == true || ${value} == false, false)` +
  ` : ${key} == "scheduler" ? can(regex(${quoted('^"[a-z]*"$')}, jsonencode(${value})))` +
  ` : ${key} == "excludeCIDRs" ? can([for network in ${value} : cidrhost(network, 0)])` +
  ` : can(regex(${quoted('^"[+]?(0|(([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|µs|ms|s|m|h))+)"$')}, jsonencode(${value}))))`;

/**
 * The text to write: `current` with the declared settings, and every other key as found. Where `text` already means
 * that, it is `text` to the letter: `kubeadm upgrade` may write the same settings in another form, which is no reason
 * for a restart.
 */
export function declaredText(text: string, current: string, declared: ManagedConfig): string {
  const { mode, ipvs } = declaredSettings(declared);
  const settings = Object.entries(ipvs).map(([key, value]) => [key, expression(value)] as const);
  const isDeclared = [
    `${current}.mode == ${quoted(mode)}`,
    ...settings.map(([key, value]) => `${current}.ipvs.${key} == ${value}`),
  ].join(" && ");
  const section = `ipvs = merge(try(${current}.ipvs, null), { ${settings.map((pair) => pair.join(" = ")).join(", ")} })`;
  const changes = [`mode = ${quoted(mode)}`, ...(settings.length > 0 ? [section] : [])].join(", ");
  return `try(${isDeclared}, false) ? ${text} : yamlencode(merge(${current}, { ${changes} }))`;
}

function expression(value: SettingValue): string {
  if (typeof value === "boolean") return String(value);
  return typeof value === "string" ? quoted(value) : `[${value.map(quoted).join(", ")}]`;
}

/** The text to go back to: `current` with the original settings. */
export const restoreText = (current: string, settings: string): string =>
  `yamlencode(merge(${current}, { mode = ${settings}.mode, ipvs = merge(try(${current}.ipvs, null), ${settings}.ipvs) }))`;

/** The networks whose virtual servers kube-proxy will leave alone, in one text: as declared, else as `current` has them. */
export const excludedNetworks = (current: string, declared: ManagedConfig): string =>
  declared.mode === "ipvs" && declared.excludeCIDRs
    ? quoted(declared.excludeCIDRs.join(" "))
    : `join(" ", try([for network in ${current}.ipvs.excludeCIDRs : tostring(network)], []))`;
