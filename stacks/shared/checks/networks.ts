import { type AddressRange, isRange, overlap, parseNetwork } from "../../../values/address-ranges";
import type { SharedDraft } from "../draft";
import type { Finding, Path } from "../../../values/problem";
import type { Expectation } from "../../../values/expectation";
import type { IsGiven } from "../../../values/draft";

const keys = ["podCIDR", "serviceCIDR"] as const;

interface Networks {
  readonly key: (typeof keys)[number];
  readonly ranges: readonly { readonly range: AddressRange; readonly text: string }[];
}

/** The pods' and the Services' networks: each a network, one a family, apart from each other. */
export function checkNetworks(draft: SharedDraft, isGiven: IsGiven): Finding[] {
  const { networks, findings } = readNetworks(draft);
  return [...findings, ...podsAndServices(networks, isGiven)];
}

/** Networks of pods and Services that can be used. */
export function readNetworks(draft: SharedDraft): { networks: Networks[]; findings: Finding[] } {
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

function familyMistake(ranges: Networks["ranges"]): Expectation | undefined {
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
