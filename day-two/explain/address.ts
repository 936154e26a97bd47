import {
  ingressAddresses,
  mayShare,
  otherAllocator,
  poolOfAddress,
  requestedAddresses,
  requestedPool,
  serviceName,
  withEveryAddress,
} from "../load-balancers";
import { type Check, failed, list, passed, skipped } from "../verify/check";
import type { ClusterFacts } from "./facts";
import { unseen } from "./looked";
import { ownersOf, poolsText, noAddressChecks } from "./no-address";

const id = "service.address";

/** Whether a Service has an address of a pool, and why it has none. */
export function addressChecks(facts: ClusterFacts): Check[] {
  const addresses = ingressAddresses(facts.service);
  if (addresses.length === 0) return [...unseenPools(facts), ...noAddressChecks(facts)];
  return [...unseenPools(facts), ...addresses.map((address) => hasAddress(facts, address)), ...asksForOther(facts)];
}

const unseenPools = ({ metallb, configuration }: ClusterFacts): Check[] =>
  unseen("metallb.config", metallb.namespace, "MetalLB's pools, which are taken for as declared,", configuration);

function hasAddress({ service, services, config, live, nodes }: ClusterFacts, address: string): Check {
  const place = serviceName(service);
  const pool = poolOfAddress(live.pools, address);
  if (pool === undefined) {
    const text = `Service ${place} has ${address}, which no pool of MetalLB holds (${poolsText(live.pools)})`;
    const other = otherAllocator(address, withEveryAddress(config.nodes, nodes.value ?? []));
    if (other !== undefined) return failed(id, place, `${text}: ${other.why}`, other.remedy);
    return failed(id, place, text, "declare a pool with it in cluster.yaml, or delete and create the Service");
  }
  const owners = ownersOf(address, services.value ?? [service]);
  if (!mayShare(owners)) {
    const others = list(owners.map(serviceName).filter((name) => name !== place));
    const text = `Service ${place} has ${address}, and so has ${others}, without a key of metallb.io/allow-shared-ip that both have`;
    return failed(id, place, text, `delete one of the Services' addresses, or give both the same key`);
  }
  const shared = owners.length > 1 ? `, which it shares with ${owners.length - 1} more` : "";
  return passed(id, place, `Service ${place} has ${address}, of the pool ${pool.name}${shared}`);
}

/** Of a Service that has another address than it asks for: the controller could not give it, or does not run. */
function asksForOther({ service, live }: ClusterFacts): Check[] {
  const place = serviceName(service);
  const addresses = ingressAddresses(service);
  const wanted = requestedAddresses(service);
  const remedy = "see whether the controller runs, and its events: kubectl describe service";
  const others = wanted.filter((one) => !addresses.includes(one));
  if (others.length > 0) {
    return [failed(id, place, `Service ${place} asks for ${list(others)}, and has ${list(addresses)}`, remedy)];
  }
  const pool = requestedPool(service);
  const has = poolOfAddress(live.pools, addresses[0] ?? "")?.name;
  if (pool === undefined || has === undefined || pool === has) return [];
  return [failed(id, place, `Service ${place} asks for the pool ${pool}, and has an address of ${has}`, remedy)];
}

/** What is to be said of all that takes an address, where there is none. */
export const withoutAddress = ({ service }: ClusterFacts): Check =>
  skipped(
    "service.announced",
    serviceName(service),
    "without an address there is nothing to announce and nobody to ask",
  );
