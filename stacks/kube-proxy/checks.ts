import type { KubeProxyDraft } from "./draft";
import type { Finding } from "../../values/problem";
import { ipvsKeys } from "./schema";
import type { IsGiven } from "../../values/draft";

/** The keys of IPVS mode, in that mode alone. */
export function checkKubeProxy(draft: KubeProxyDraft, isGiven: IsGiven): Finding[] {
  const mode = draft.kubeProxy?.mode;
  if (mode === undefined || mode === "ipvs" || mode === "unmanaged") return [];
  return ipvsKeys
    .map((key) => ["kubeProxy", key])
    .filter(isGiven)
    .map((path) => ({
      severity: "error",
      path,
      atKey: true,
      given: `${path.at(-1)} with kubeProxy.mode ${mode}`,
      expected: `no such key: it means something in mode ipvs only${path.at(-1) === "strictARP" ? `, and MetalLB needs no strictARP in mode ${mode}` : ""}`,
      remedy: "remove the key, or write mode: ipvs",
    }));
}
