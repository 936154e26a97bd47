import { type AddressRange, isRange, overlap, parseNetwork } from "../address-ranges";
import type { ClusterDraft } from "../draft";
import type { Finding, Path } from "../problem";
import type { Explanation } from "../schema/explain";
import type { IsGiven } from "./check";
import { readPoolRanges } from "./pool-ranges";

const keys = ["podCIDR", "serviceCIDR"] as const;

interface Networks {
  readonly key: (typeof keys)[number];
  readonly ranges: readonly { readonly range: AddressRange; readonly text: string }[];
}

/** The pods' and the Services' networks: each a network, one a family, apart from each other and from the pools. */
export function checkNetworks(draft: ClusterDraft, isGiven: IsGiven): Finding[] {
  const { networks, findings } = readNetworks(draft);
  return [...findings, ...podsAndServices(networks, isGiven), ...poolsInside(draft, networks)];
}

/** Networks of pods and Services that can be used. */
export function readNetworks(draft: ClusterDraft): { networks: Networks[]; findings: Finding[] } {
  const networks: Networks[] = [];
  const findings: Finding[] = [];
  for (const key of keys) {
    const given = draft.kubernetes?.[key];
    if (given === undefined) continue;
    const parts = given.split(",").map((text) => ({ text, range: parseNetwork(text) }));
    const ranges = parts.flatMap(({ text, range }) => (isRange(range) ? [{ text, range }] : []));
    const mistake = parts.map(({ range }) => range).find((range) => !isRange(range)) ?? familyMistake(ranges);
    if (mistake === undefined || isRange(mistake)) {
      networks.push({ key, ranges });
    } else {
      findings.push({ severity: "error", path: ["kubernetes", key], given: JSON.stringify(given), ...mistake });
    }
  }
  return { networks, findings };
}

function familyMistake(ranges: Networks["ranges"]): Explanation | undefined {
  const families = new Set(ranges.map(({ range }) => range.family));
  if (families.size === ranges.length) return undefined;
  return {
    expected: "one network, or for dual stack one IPv4 and one IPv6 network",
    remedy: "keep one network of each family",
  };
}

function podsAndServices(networks: readonly Networks[], isGiven: IsGiven): Finding[] {
  const [pods, services] = networks;
  if (pods === undefined || services === undefined) return [];
  const common = services.ranges.find((service) => pods.ranges.some((pod) => overlap(pod.range, service.range)));
  if (common === undefined) return [];
  const path: Path = ["kubernetes", services.key];
  const serviceText = services.ranges.map(({ text }) => text).join();
  const podText = pods.ranges.map(({ text }) => text).join();
  return [
    {
      severity: "error",
      path,
      given: isGiven(path) ? JSON.stringify(serviceText) : `the default ${JSON.stringify(serviceText)}`,
      expected: `a network apart from the pods': it overlaps kubernetes.podCIDR ${JSON.stringify(podText)}`,
      remedy: "write both as the cluster was set up: kubeadm's podSubnet and serviceSubnet",
    },
  ];
}

function poolsInside(draft: ClusterDraft, networks: readonly Networks[]): Finding[] {
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
