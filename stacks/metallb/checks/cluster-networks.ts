import { overlap } from "../../../values/address-ranges";
import type { Finding } from "../../../values/problem";
import { readNetworks } from "../../shared/checks/networks";
import type { MetallbDraft } from "../draft";
import { readPoolRanges } from "./pool-ranges";

/** Pools apart from the pods' and the Services' networks. */
export function checkClusterNetworks(draft: MetallbDraft): Finding[] {
  const { networks } = readNetworks(draft);
  return readPoolRanges(draft).ranges.flatMap(({ range, text, path, pool }): Finding[] => {
    const touched = networks.flatMap(({ key, ranges }) =>
      ranges.filter((network) => overlap(network.range, range)).map((network) => `kubernetes.${key} ${network.text}`),
    );
    if (touched.length === 0) return [];
    return [
      {
        severity: "error",
        path,
        given: `${JSON.stringify(text)} in ${pool}`,
        expected: `addresses outside the cluster's own networks: it overlaps ${touched.join(" and ")}`,
        remedy: "choose free addresses of the nodes' network, or correct the network if the cluster has another",
      },
    ];
  });
}
