import { isIP } from "node:net";
import { isRange, overlap, parseAddress, parseRange } from "../../values/address-ranges";
import type { FoundContext } from "./kubeconfig";
import type { LiveCluster } from "./live-cluster";
import type { Mapping, Written } from "./note";

/** The addresses of the API server: the kubeconfig's, and kubeadm's endpoint. */
export function apiServerAddresses(
  { controlPlaneEndpoint }: Pick<LiveCluster, "controlPlaneEndpoint">,
  { server }: Pick<FoundContext, "server">,
): string[] {
  const hosts = [server, ...(controlPlaneEndpoint === undefined ? [] : [`https://${controlPlaneEndpoint}`])]
    .filter((url) => URL.canParse(url))
    .map((url) => new URL(url).hostname.replace(/^\[|\]$/g, ""));
  return [...new Set(hosts)].filter((host) => isIP(host) !== 0 && !/^(127\.|0\.0\.0\.0$|::1?$)/.test(host));
}

/** What no pool may contain. An address that a pool of the cluster has already is no error of who runs this. */
export function reservedAddresses(
  hosts: readonly string[],
  nodes: readonly string[],
  metallb: Mapping,
): Written<readonly string[]> {
  const pools = (metallb["pools"] ?? []) as readonly { readonly addresses?: readonly unknown[] }[];
  const ranges = pools
    .flatMap(({ addresses = [] }) => addresses.map((text) => parseRange(String(text))))
    .filter(isRange);
  const isIn = (host: string) => {
    const one = parseAddress(host);
    return one !== undefined && ranges.some((range) => overlap(range, one));
  };
  const others = hosts.filter((host) => !nodes.includes(host));
  const inPools = others.filter(isIn);
  const path = ["reservedAddresses"];
  return {
    value: others.filter((host) => !isIn(host)),
    notes: [
      {
        path,
        text: "Addresses that no pool may contain, beside those of the nodes: the API server's is here; add gateways and name servers.",
        quiet: true,
      },
      ...(inPools.length === 0
        ? []
        : [{ path: ["metallb"], text: `A pool holds the API server's own address, ${inPools.join(", ")}.` }]),
    ],
  };
}
