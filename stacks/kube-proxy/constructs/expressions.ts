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

/**
 * Whether a text has no number that kube-proxy's reader (YAML 1.1, sigs.k8s.io/yaml) takes for another than Terraform's
 * does: 0100000 (octal), 131_072, 0b11. Written anew it would be another value, or a text.
 */
export const hasPlainNumbers = (text: string): string =>
  `length(regexall(${quoted(
    "(?m)([:-][ \\t]+|[\\[,][ \\t]*)[-+]?(0[0-9][0-9_]*|0b[01_]+|0x[0-9a-fA-F]*_[0-9a-fA-F_]*|[0-9]+_[0-9_.]*)[ \\t\\r]*([,\\]}#]|$)",
  )}, ${text})) == 0`;

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
  // A value that was never valid, "true" in quotes, is not put back: kube-proxy would not start with it.
  const strictARP = `try(${original}.ipvs.strictARP == true || ${original}.ipvs.strictARP == false, false) ? ${original}.ipvs.strictARP : null`;
  const scheduler = `can(regex("^[a-z]*$", ${original}.ipvs.scheduler)) ? ${original}.ipvs.scheduler : null`;
  const valid = `{ strictARP = ${strictARP}, scheduler = ${scheduler} }`;
  return `merge(${original}, { ipvs = merge({ ${live.join(", ")} }, try(${kept}.ipvs, {}), ${original}.ipvs, ${valid}) })`;
}

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
