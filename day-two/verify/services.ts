import type { V1Node, V1Service } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { allPools } from "../../stacks/metallb/resources/as-sections";
import type { ClusterConfig } from "../../cluster/schema";
import { type AnnouncingProtocol, protocolsOf } from "../../stacks/metallb/pools/protocols";
import type { PoolConfig } from "../../stacks/metallb/schema/pools";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { type Check, failed, heal, ifExists, list, passed, skipped } from "./check";
import { type Announced, announcersOf } from "../metallb/announced";
import { ingressAddresses, isMetallbs, otherAllocator, poolOfAddress, withEveryAddress } from "../load-balancers";
import { serviceEvents } from "../service-events";
import { trialPrefix } from "./trial-namespace";

/** Whether every LoadBalancer Service has an address of a declared pool, which is announced as its protocol wants. */
export async function verifyServices(
  api: KubernetesApi,
  config: ClusterConfig,
  announced: readonly Announced[],
): Promise<readonly Check[]> {
  const { items } = await api.core.listServiceForAllNamespaces();
  const services = items
    .filter((service) => isMetallbs(service, config.metallb) && service.metadata?.deletionTimestamp === undefined)
    // Those of another run's trial come and go.
    .filter(({ metadata }) => !metadata?.namespace?.startsWith(trialPrefix));
  if (services.length === 0) return [skipped("service.address", "cluster", "there is no LoadBalancer Service")];
  const isStray = (address: string) => poolOfAddress(allPools(config.metallb), address) === undefined;
  const live = services.flatMap(ingressAddresses).some(isStray)
    ? ((await api.get("/api/v1/nodes")) as { readonly items?: readonly V1Node[] } | undefined)?.items
    : [];
  const known = { metallb: config.metallb, nodes: withEveryAddress(config.nodes, live ?? []) };
  return (await Promise.all(services.map((service) => ofService(api, service, known, announced)))).flat();
}

async function ofService(
  api: KubernetesApi,
  service: V1Service,
  { metallb, nodes }: Pick<ClusterConfig, "metallb"> & { readonly nodes: ReturnType<typeof withEveryAddress> },
  announced: readonly Announced[],
): Promise<Check[]> {
  const id = "service.address";
  const [namespace, name] = [service.metadata?.namespace ?? "", service.metadata?.name ?? ""];
  const place = `${namespace}/${name}`;
  const addresses = ingressAddresses(service);
  if (addresses.length === 0) {
    const why = await whyNoAddress(api, namespace, name);
    const remedy = `see that the controller runs; if the pool is used up, enlarge it in cluster.yaml, then npx cdktf deploy '*'`;
    return [failed(id, place, `Service ${place} has no address${why}`, remedy)];
  }
  const checks = addresses.map(async (address) => {
    const pool = poolOfAddress(allPools(metallb), address);
    if (pool === undefined) {
      const text = `Service ${place} has ${address}, which is in no declared pool`;
      const other = otherAllocator(address, nodes);
      if (other !== undefined) return [failed(id, place, `${text}: ${other.why}`, other.remedy)];
      return [failed(id, place, text, "declare its pool in cluster.yaml, or delete and create the Service")];
    }
    const protocols = protocolsOf(pool);
    const asked = { namespace, name, address };
    const ofPool = passed(id, place, `Service ${place} has ${address}, of the pool ${pool.name}`);
    if (protocols.length === 0) return [ofPool, leftToOthers(asked, pool, announcersOf(announced, place, address))];
    const isOne = protocols.length === 1;
    const ofProtocols = protocols.map((protocol) =>
      announcedCheck(
        api,
        { ...asked, protocol },
        announcersOf(announced, place, address, isOne ? undefined : protocol),
        isOne ? "" : ` by ${protocol}`,
      ),
    );
    return [ofPool, ...(await Promise.all(ofProtocols))];
  });
  return (await Promise.all(checks)).flat();
}

interface AskedService {
  readonly namespace: string;
  readonly name: string;
  readonly address: string;
}

/** Of a pool that MetalLB does not announce. */
function leftToOthers({ namespace, name, address }: AskedService, pool: PoolConfig, nodes: readonly string[]): Check {
  const id = "service.announced";
  const place = `${namespace}/${name}`;
  const who = `${address} of Service ${place}`;
  if (nodes.length === 0) {
    return passed(id, place, `MetalLB does not announce ${who}, as the pool ${pool.name} is declared (protocol: none)`);
  }
  const verb = nodes.length === 1 ? "announces" : "announce";
  const remedy = `remove the announcement that is not declared, or set another protocol of the pool ${pool.name} in cluster.yaml`;
  return failed(
    id,
    place,
    `${list(nodes)} ${verb} ${who}, and the pool ${pool.name} is declared with protocol: none`,
    remedy,
  );
}

async function announcedCheck(
  { core }: KubernetesApi,
  { namespace, name, address, protocol }: AskedService & { readonly protocol: AnnouncingProtocol },
  nodes: readonly string[],
  by: string,
): Promise<Check> {
  const id = "service.announced";
  const place = `${namespace}/${name}`;
  const who = `${address} of Service ${place}`;
  if (nodes.length === 0) {
    const endpoints = await ifExists(core.readNamespacedEndpoints({ namespace, name }));
    const ready = endpoints?.subsets?.some(({ addresses }) => (addresses ?? []).length > 0) ?? false;
    // Layer 2 announces from a node that has a ready endpoint: without one nobody is to blame but the pods.
    if (!ready) return skipped(id, place, `${who} is not announced${by}: the Service has no ready endpoint`);
    return failed(id, place, `no node announces ${who}${by}`, "see the speakers' checks; their log tells why");
  }
  if (protocol === "layer2" && nodes.length > 1) {
    const text = `${nodes.length} nodes announce ${who}${by}: ${list(nodes)}`;
    return failed(id, place, text, `see the checks of the memberlist; ${heal}`);
  }
  const verb = nodes.length === 1 ? "announces" : "announce";
  return passed(id, place, `${list(nodes)} ${verb} ${who} (${protocol})`);
}

/** What the controller said of the Service in its latest event. */
export async function whyNoAddress(api: KubernetesApi, namespace: string, name: string): Promise<string> {
  const [latest] = await serviceEvents(api, { namespace, name, reason: "AllocationFailed" });
  const message = latest?.message;
  return message === undefined ? ": the controller has given it none" : `: ${message}`;
}
