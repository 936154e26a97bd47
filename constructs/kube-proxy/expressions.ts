import type { KubeProxyConfig } from "../../config/schema/cluster";
import { quoted } from "../../config/terraform-text";

// Terraform expressions, without `${}`, over kube-proxy's parsed configuration. Terraform computes them when it plans:
// synth has not seen the cluster.

/** JSON of the keys that this project sets, as `current` has them; null where a key is absent. A merge patch. */
export const settingsJson = (current: string): string =>
  `jsonencode({ mode = try(${current}.mode, null), ipvs = { strictARP = try(${current}.ipvs.strictARP, null),` +
  ` scheduler = try(${current}.ipvs.scheduler, null) } })`;

/**
 * The text to write: `current` with the declared mode, strictARP and scheduler, and every other key as found. Where
 * `text` already means that, it is `text` to the letter: `kubeadm upgrade` may write the same settings in another
 * form, which is no reason for a restart.
 */
export function declaredText(text: string, current: string, { mode, strictARP, scheduler }: KubeProxyConfig): string {
  const settings = `strictARP = ${strictARP}, scheduler = ${quoted(scheduler)}`;
  const isDeclared =
    `${current}.mode == ${quoted(mode)} && ${current}.ipvs.strictARP == ${strictARP}` +
    ` && ${current}.ipvs.scheduler == ${quoted(scheduler)}`;
  const merged = `merge(${current}, { mode = ${quoted(mode)}, ipvs = merge(try(${current}.ipvs, null), { ${settings} }) })`;
  return `try(${isDeclared}, false) ? ${text} : yamlencode(${merged})`;
}

/** The text to go back to: `current` with the original settings, a parsed `settingsJson`. */
export const restoreText = (current: string, settings: string): string =>
  `yamlencode(merge(${current}, { mode = ${settings}.mode, ipvs = merge(try(${current}.ipvs, null), ${settings}.ipvs) }))`;
