import { type AddressRange, isRange, overlap, parseCIDR } from "../../../values/address-ranges";
import type { Finding } from "../../../values/problem";
import type { KubeProxyDraft } from "../../kube-proxy/draft";
import { readNetworks } from "../../shared/checks/networks";
import type { MetallbDraft } from "../draft";
import { readPoolRanges } from "./pool-ranges";

/**
 * Networks that kube-proxy is to leave alone, with addresses of its own Services in them: it makes their virtual servers,
 * and never removes one (pkg/proxy/ipvs: cleanLegacyService, isIPInExcludeCIDRs).
 */
export function checkExcludedNetworks(draft: MetallbDraft & KubeProxyDraft): Finding[] {
  const { kubeProxy } = draft;
  if (kubeProxy === undefined || !("excludeCIDRs" in kubeProxy) || kubeProxy.mode !== "ipvs") return [];
  const services = readNetworks(draft).networks.filter(({ key }) => key === "serviceCIDR");
  const taken: { readonly range: AddressRange; readonly owner: string }[] = [
    ...readPoolRanges(draft).ranges.map(({ range, text, pool }) => ({ range, owner: `${text} of ${pool}` })),
    ...services.flatMap(({ key, ranges }) =>
      ranges.map(({ range, text }) => ({ range, owner: `${text} of kubernetes.${key}` })),
    ),
  ];
  return (kubeProxy.excludeCIDRs ?? []).flatMap((text, index): Finding[] => {
    const excluded = text === undefined ? undefined : parseCIDR(text);
    if (excluded === undefined || !isRange(excluded)) return [];
    const owners = taken.filter(({ range }) => overlap(range, excluded)).map(({ owner }) => owner);
    if (owners.length === 0) return [];
    const [named, more] = [owners.slice(0, 3), owners.length - 3];
    return [
      {
        severity: "warning",
        path: ["kubeProxy", "excludeCIDRs", index],
        given: JSON.stringify(text),
        expected: `a network without addresses of Services: it holds ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}, and kube-proxy never removes the virtual server of a Service there that is gone`,
        remedy: "name the addresses alone whose virtual servers are another program's, such as keepalived's",
      },
    ];
  });
}
