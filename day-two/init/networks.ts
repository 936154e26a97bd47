import { type AddressRange, addressOf, isRange, overlap, parseAddress, parseCIDR } from "../../values/address-ranges";
import type { Note, Written } from "./note";

/** A network, or two of them with a comma, and who says so. */
export interface NetworkSource {
  readonly text: string | undefined;
  /** "ConfigMap kube-system/kubeadm-config" */
  readonly source: string;
}

/** What the two networks of a cluster are told by, the best source first. */
export interface NetworkFacts {
  readonly pods: readonly NetworkSource[];
  readonly services: readonly NetworkSource[];
  /** The addresses of the Service default/kubernetes: the first of each service network. */
  readonly apiService: readonly string[];
  /** The part of the pods' network that each node has. */
  readonly ofNodes: readonly string[];
}

export interface WrittenNetworks {
  readonly podCIDR?: string;
  readonly serviceCIDR?: string;
}

/** The pods' and the Services' networks, and who says so. */
export function writtenNetworks({ pods, services, apiService, ofNodes }: NetworkFacts): Written<WrittenNetworks> {
  const ofPods = pods.map(normal).find(({ ranges }) => ranges.length > 0);
  const ofServices = services
    .map(normal)
    .find(({ ranges }) => ranges.length > 0 && apiService.every((address) => isFirstOf(address, ranges)));
  const podGuess = ofPods === undefined ? covering(ofNodes) : undefined;
  const serviceGuess = ofServices === undefined ? guessedServices(apiService) : undefined;
  return {
    value: {
      ...keyed("podCIDR", ofPods?.text ?? podGuess),
      ...keyed("serviceCIDR", ofServices?.text ?? serviceGuess),
    },
    notes: [
      note("podCIDR", "pods", ofPods, podGuess, "the parts of it that nodes have"),
      note("serviceCIDR", "Services", ofServices, serviceGuess, "the address of Service default/kubernetes"),
    ],
  };
}

const keyed = (key: keyof WrittenNetworks, text: string | undefined): WrittenNetworks =>
  text === undefined ? {} : { [key]: text };

function note(
  key: keyof WrittenNetworks,
  whose: string,
  found: NetworkSource | undefined,
  guess: string | undefined,
  from: string,
): Note {
  const path = ["kubernetes", key];
  if (found !== undefined) return { path, text: `As ${found.source} has it.`, quiet: true };
  const what = `Nothing tells the ${whose}' network`;
  if (guess === undefined) {
    return { path: ["kubernetes"], text: `${what}: write ${key}, unless it is the default of kubeadm.` };
  }
  return { path, text: `${what}. This one is guessed from ${from}: look at it.` };
}

interface Networks extends NetworkSource {
  readonly text: string;
  readonly ranges: readonly AddressRange[];
}

/** A text as cluster.yaml has it: no space, and no bits behind a prefix. Without ranges where it is none. */
function normal({ text = "", source }: NetworkSource): Networks {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const networks = parts.map((part) => ({ part, range: parseCIDR(part) }));
  const ranges = networks.map(({ range }) => range).filter(isRange);
  const texts = networks.flatMap(({ part, range }) =>
    isRange(range) ? [`${addressOf(range.family, range.first)}/${part.split("/")[1]}`] : [],
  );
  return { text: texts.join(","), source, ranges: ranges.length === parts.length ? ranges : [] };
}

function isFirstOf(address: string, ranges: readonly AddressRange[]): boolean {
  const one = parseAddress(address);
  return one !== undefined && ranges.some(({ family, first }) => family === one.family && one.first === first + 1n);
}

const bits = { 4: 32, 6: 128 } as const;

/** What networks are at least as wide as, where they are guessed. */
const usual = { pods: { 4: 16, 6: 56 }, services: { 4: 16, 6: 112 } } as const;

/** The network of a length that an address is in. */
function networkOf({ family, first }: AddressRange, length: number): string {
  const size = 1n << BigInt(bits[family] - length);
  return `${addressOf(family, first - (first % size))}/${length}`;
}

/** One network of each family that holds all of some; undefined where there are none. */
function covering(networks: readonly string[]): string | undefined {
  const ranges = networks.map((text) => parseCIDR(text)).filter(isRange);
  const found = ([4, 6] as const).flatMap((family) => {
    const own = ranges.filter((range) => range.family === family);
    const [one] = own;
    if (one === undefined) return [];
    let length: number = usual.pods[family];
    const holdsAll = (text: string) => {
      const whole = parseCIDR(text);
      return isRange(whole) && own.every((range) => overlap(whole, range));
    };
    while (length > 0 && !holdsAll(networkOf(one, length))) length -= 1;
    return [networkOf(one, length)];
  });
  return found.length === 0 ? undefined : found.join(",");
}

/** The defaults of kubeadm and k0s, and of k3s and RKE2, where the API service has the first address of one. */
const defaults = ["10.96.0.0/12", "10.43.0.0/16"];

function guessedServices(apiService: readonly string[]): string | undefined {
  const found = apiService.flatMap((address) => {
    const one = parseAddress(address);
    if (one === undefined) return [];
    const known = defaults.find((text) => isFirstOf(address, [parseCIDR(text)].filter(isRange)));
    return [known ?? networkOf(one, usual.services[one.family])];
  });
  return found.length === 0 ? undefined : found.join(",");
}
