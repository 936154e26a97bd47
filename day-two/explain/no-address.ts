import type { V1Service } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { allPools } from "../../stacks/metallb/resources/as-sections";
import { isAmong, selectorText } from "../../stacks/metallb/pools/label-selectors";
import { addressTexts, poolHas, poolSize } from "../../stacks/metallb/pools/pool-addresses";
import { usesCustomResources } from "../../stacks/metallb/release/releases";
import { parseAddress } from "../../values/address-ranges";
import {
  ingressAddresses,
  isLoadBalancer,
  poolOfAddress,
  requestedAddresses,
  requestedPool,
  serviceName,
  sharingKey,
} from "../load-balancers";
import type { LivePool } from "../metallb/live-pools";
import { componentOf, podText } from "../metallb/pods";
import { podProblem } from "../workload";
import { type Check, failed, list } from "../verify/check";
import type { ClusterFacts } from "./facts";
import { unseen } from "./looked";

const id = "service.address";

/** The Services that have an address. */
export const ownersOf = (address: string, services: readonly V1Service[]): V1Service[] =>
  services.filter((one) => isLoadBalancer(one) && ingressAddresses(one).includes(address));

/** "default: 192.168.1.240-192.168.1.250", "there is none" */
export const poolsText = (pools: readonly LivePool[]): string =>
  pools.length === 0
    ? "there is none"
    : pools.map((pool) => `${pool.name}: ${addressTexts(pool).join(", ")}`).join("; ");

/** The first thing that keeps the controller from giving an address; upstream: controller/service.go, internal/allocator. */
export function noAddressChecks(facts: ClusterFacts): Check[] {
  const { service, events } = facts;
  const place = serviceName(service);
  const found = controllerProblem(facts) ?? poolProblem(facts);
  const seen = unseen("metallb.pods", facts.metallb.namespace, "MetalLB's pods", facts.pods);
  if (found !== undefined) {
    return [...seen, failed(id, place, `Service ${place} has no address: ${found.why}`, found.remedy)];
  }
  const refused = facts.taken.value?.find((check) => check.status === "failed" && check.id.endsWith("controller"));
  if (refused !== undefined) return [...seen, refused];
  const said = events.value?.find(({ reason }) => /Failed$|^(not enough clusterips|no.*IPFamily)$/.test(reason ?? ""));
  const why = said?.message === undefined ? "the controller has given it none, and says nothing of it" : said.message;
  const remedy = `see the controller's log: kubectl -n ${facts.metallb.namespace} logs deployment/${facts.metallb.controller}`;
  return [
    ...seen,
    ...unseen(id, place, "its events", events),
    failed(id, place, `Service ${place} has no address: ${why}`, remedy),
  ];
}

interface Problem {
  readonly why: string;
  readonly remedy: string;
}

function controllerProblem({ pods, metallb }: ClusterFacts): Problem | undefined {
  if (pods.value === undefined) return undefined;
  const controllers = pods.value.filter((pod) => componentOf(pod) === "controller");
  if (controllers.some((pod) => podProblem(pod) === undefined)) return undefined;
  const subject = `Deployment ${metallb.namespace}/${metallb.controller}`;
  const [pod] = controllers;
  return {
    why:
      pod === undefined
        ? `MetalLB's controller, which gives addresses, does not run: ${subject} has no pod`
        : `MetalLB's controller, which gives addresses, is not ready: ${podText(pod)}: ${podProblem(pod)}`,
    remedy:
      pod === undefined ? metallb.mend : `kubectl -n ${metallb.namespace} describe pod ${pod.metadata?.name ?? ""}`,
  };
}

const declareIt = "declare it in cluster.yaml, then npx cdktf deploy '*'";

function poolProblem(facts: ClusterFacts): Problem | undefined {
  const { service, live, metallb, config } = facts;
  const { pools } = live;
  const isDeclared = (name: string) => allPools(config.metallb).some((pool) => pool.name === name);
  if (pools.length === 0) return { why: "MetalLB has no pool", remedy: metallb.mend };
  const name = requestedPool(service);
  const pool = pools.find((one) => one.name === name);
  if (name !== undefined && pool === undefined) {
    const has = list(pools.map((one) => one.name));
    const remedy = isDeclared(name) ? metallb.mend : `correct the annotation address-pool, or ${declareIt}`;
    return { why: `it asks for the pool ${name}, and MetalLB has ${has}`, remedy };
  }
  return (
    addressProblem(facts, pool) ?? allocationProblem(facts, pool === undefined ? pools : [pool], pool !== undefined)
  );
}

/** Of the addresses that a Service asks for. */
function addressProblem({ service, services, live }: ClusterFacts, asked?: LivePool): Problem | undefined {
  const { pools } = live;
  for (const address of requestedAddresses(service)) {
    const correct = "correct spec.loadBalancerIP or the annotation loadBalancerIPs";
    if (parseAddress(address) === undefined) {
      return { why: `it asks for ${address}, which is no address`, remedy: correct };
    }
    const pool = poolOfAddress(pools, address);
    if (pool === undefined) {
      const remedy = `${correct}, or add it to a pool in cluster.yaml, then npx cdktf deploy '*'`;
      return { why: `it asks for ${address}, which no pool holds (${poolsText(pools)})`, remedy };
    }
    if (asked !== undefined && asked.name !== pool.name) {
      const why = `it asks for ${address}, which is of the pool ${pool.name}, and for the pool ${asked.name}`;
      return { why, remedy: "take one of the two out" };
    }
    const others = ownersOf(address, services.value ?? []).filter((one) => serviceName(one) !== serviceName(service));
    const [other] = others;
    if (other !== undefined) {
      const why = whyNotShared(service, others);
      if (why !== undefined) {
        return {
          why: `it asks for ${address}, which ${list(others.map(serviceName))} has: ${why.why}`,
          remedy: why.remedy,
        };
      }
    }
  }
  return undefined;
}

/** Why a Service cannot have an address together with those that have it; upstream: checkSharing in internal/allocator. */
function whyNotShared(service: V1Service, others: readonly V1Service[]): Problem | undefined {
  const [key, ...keys] = [service, ...others].map(sharingKey);
  const annotation = "the annotation metallb.io/allow-shared-ip";
  if (key === "" || keys.some((one) => one !== key)) {
    return {
      why: "they do not share it",
      remedy: `ask for another address, or give both Services ${annotation} with the same value`,
    };
  }
  const portsOf = (one: V1Service) =>
    (one.spec?.ports ?? []).map(({ port, protocol = "TCP" }) => `${port}/${protocol}`);
  const taken = portsOf(service).filter((port) => others.some((other) => portsOf(other).includes(port)));
  if (taken.length > 0) {
    return { why: `both have the port ${list(taken)}`, remedy: "choose another port, or another address" };
  }
  // Services of the policy Cluster count as having the same pods.
  const podsOf = ({ spec }: V1Service) =>
    spec?.externalTrafficPolicy === "Local" ? JSON.stringify(Object.entries(spec.selector ?? {}).sort()) : "";
  if (others.some((other) => podsOf(other) !== podsOf(service))) {
    return {
      why: "with externalTrafficPolicy Local both have to select the same pods",
      remedy: "give both the same spec.selector, or the policy Cluster",
    };
  }
  return undefined;
}

/** What mends a pool that keeps an address back: where it is not as declared, that comes first. */
function mending({ configuration, metallb }: ClusterFacts, pools: readonly LivePool[], otherwise: string): string {
  const isChanged = pools.some(({ name }) =>
    configuration.value?.some(({ differences }) =>
      differences.some((one) => [`IPAddressPool ${name} `, `pool ${name} `].some((subject) => one.startsWith(subject))),
    ),
  );
  return isChanged ? `${metallb.mend}: the pool is not as declared; or ${otherwise}` : otherwise;
}

/** Of the pools that may give one. */
function allocationProblem(facts: ClusterFacts, pools: readonly LivePool[], asked: boolean): Problem | undefined {
  const { service, config } = facts;
  const isAsked = asked || requestedAddresses(service).length > 0;
  const { namespace = "" } = service.metadata ?? {};
  const [excluded, open] = [pools.filter((one) => !mayUse(facts, one)), pools.filter((one) => mayUse(facts, one))];
  const [first] = excluded;
  if (open.length === 0 && first !== undefined) {
    const which = excluded.map((pool) => `${pool.name} is for ${allocationText(pool)}`).join("; ");
    return {
      why: `no pool may be used by it, of the namespace ${namespace}: ${which}`,
      remedy: mending(
        facts,
        excluded,
        `change serviceAllocation of the pool ${first.name} in cluster.yaml, or the Service's namespace or labels`,
      ),
    };
  }
  const automatic = isAsked ? open : open.filter(({ autoAssign }) => autoAssign);
  if (automatic.length === 0) {
    const [pool] = open;
    const prefix = usesCustomResources(config.metallb.version) ? "metallb.io" : "metallb.universe.tf";
    return {
      why: `it asks for no pool, and ${list(open.map(({ name }) => name))} has autoAssign: false`,
      remedy: mending(
        facts,
        open,
        `give it the annotation ${prefix}/address-pool: ${pool?.name}, or set autoAssign: true in cluster.yaml`,
      ),
    };
  }
  const families = service.spec?.ipFamilies ?? [];
  for (const family of families.map((one) => (one === "IPv6" ? 6 : 4))) {
    // Who prefers dual stack takes what there is.
    if (service.spec?.ipFamilyPolicy === "PreferDualStack") break;
    const ofFamily = automatic.filter(({ addresses }) => addresses.some((range) => range.family === family));
    const names = list(automatic.map(({ name }) => name));
    if (ofFamily.length === 0) {
      const why = `it is of IPv${family}, and ${names} has no address of IPv${family}`;
      return { why, remedy: `add a range of IPv${family} to a pool in cluster.yaml, then npx cdktf deploy '*'` };
    }
  }
  return usedUp(facts, automatic);
}

/** Whether a pool is for a Service; upstream: isPoolCompatibleWithService in internal/allocator. */
function mayUse({ service, namespaces }: ClusterFacts, { allocation }: LivePool): boolean {
  if (allocation === undefined) return true;
  const { namespace = "", labels } = service.metadata ?? {};
  const its = namespaces.value?.find(({ metadata }) => metadata?.name === namespace);
  const bySelector =
    allocation.namespaceSelectors.length > 0 && isAmong(allocation.namespaceSelectors, its?.metadata?.labels);
  const isRestricted = allocation.namespaces.length + allocation.namespaceSelectors.length > 0;
  if (isRestricted && !bySelector && !allocation.namespaces.includes(namespace)) return false;
  return isAmong(allocation.serviceSelectors, labels);
}

function allocationText({ allocation }: LivePool): string {
  const { namespaces = [], namespaceSelectors = [], serviceSelectors = [] } = allocation ?? {};
  const parts = [
    ...(namespaces.length > 0 ? [`namespaces ${list(namespaces)}`] : []),
    ...(namespaceSelectors.length > 0 ? [`namespaces with ${namespaceSelectors.map(selectorText).join(" or ")}`] : []),
    ...(serviceSelectors.length > 0 ? [`Services with ${serviceSelectors.map(selectorText).join(" or ")}`] : []),
  ];
  return parts.join(", ") || "all";
}

function usedUp(facts: ClusterFacts, pools: readonly LivePool[]): Problem | undefined {
  const { services } = facts;
  if (services.value === undefined) return undefined;
  const taken = new Set(services.value.filter(isLoadBalancer).flatMap(ingressAddresses));
  const counts = pools.map((pool) => {
    const used = [...taken].filter((address) => poolHas(pool, address)).length;
    return { name: pool.name, size: poolSize(pool), used: BigInt(used) };
  });
  if (counts.some(({ size, used }) => used < size)) return undefined;
  const which = counts.map(({ name, size }) => `${name} (${size} of ${size} addresses in use)`);
  return {
    why: `${list(which)} ${counts.length === 1 ? "is" : "are"} used up`,
    remedy: mending(
      facts,
      pools,
      "add a range to the pool in cluster.yaml, then npx cdktf deploy '*'; or delete a Service that nobody needs",
    ),
  };
}
