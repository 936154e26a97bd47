import { fault } from "../../faults";
import { metrics, node, paths, pod } from "../verify/healthy-cluster";
import { announcing, endpoint, type Planted, ReachableCluster, slices, slicesPath } from "./reachable-cluster";
import { resourcePath } from "../verify/healthy-resources";

// Each test plants one fault in a cluster that is as declared, and has the cause by name.

let cluster: ReachableCluster;
beforeAll(async () => {
  cluster = await ReachableCluster.start();
});
afterAll(() => cluster.stop());

interface Named {
  readonly cause?: string;
  readonly remedy?: string;
  readonly noticed: readonly string[];
}
type Row = readonly [what: string, planted: () => Planted, named: Named];

const named = async (planted: Planted): Promise<Named> => {
  const { cause, noticed } = await cluster.explain(planted);
  const text = (one: string | undefined) => one?.replaceAll(`:${cluster.port}`, ":80");
  return { cause: text(cause?.text), remedy: text(cause?.remedy), noticed };
};

const pools = resourcePath("ipaddresspools");
const l2 = resourcePath("l2advertisements");
const pool = (spec: object = {}) => ({
  items: [{ metadata: { name: "default" }, spec: { addresses: ["127.0.0.240-127.0.0.250"], ...spec } }],
});
const advertisement = (spec: object = {}) => ({
  items: [{ metadata: { name: "default" }, spec: { ipAddressPools: ["default"], ...spec } }],
});
const other = (name: string, ip: string | undefined, more: { metadata?: object; spec?: object } = {}) => ({
  metadata: { namespace: "default", name, ...more.metadata },
  spec: { type: "LoadBalancer", ports: [{ port: 80, protocol: "TCP" }], ...more.spec },
  status: { loadBalancer: ip === undefined ? {} : { ingress: [{ ip }] } },
});
const pending = { address: undefined };
const labelled = (labels: object, conditions: readonly object[] = []) => ({
  items: [node("node1", "127.0.0.10"), node("node2", "127.0.0.11")].map((one) => ({
    ...one,
    metadata: { ...one.metadata, labels },
    status: { ...one.status, conditions: [...one.status.conditions, ...conditions] },
  })),
});

const notLookedAfter: readonly Row[] = [
  [
    "whose name is misspelt",
    () => ({ asked: "default/wbe" }),
    {
      cause: "there is no Service default/wbe: the namespace default has web",
      remedy: "did you mean default/web?",
      noticed: [],
    },
  ],
  [
    "of another namespace",
    () => ({ asked: "shop/web" }),
    {
      cause: "there is no Service shop/web: the namespace shop has no Service, or is not there",
      remedy: "did you mean default/web?",
      noticed: [],
    },
  ],
  [
    "of another type",
    () => ({ service: { spec: { type: "NodePort" } } }),
    {
      cause: "Service default/web is of the type NodePort: only one of the type LoadBalancer is given an address",
      remedy: 'kubectl -n default patch service web -p \'{"spec":{"type":"LoadBalancer"}}\'',
      noticed: [],
    },
  ],
  [
    "of another program's class",
    () => ({ service: { spec: { loadBalancerClass: "example.org/lb" } } }),
    {
      cause:
        "Service default/web is of the loadBalancerClass example.org/lb, and MetalLB looks after those without a loadBalancerClass: it is left to another program",
      remedy:
        "create it anew without a loadBalancerClass (the field cannot be changed), or see that the program of that class runs",
      noticed: [],
    },
  ],
  [
    "that is being deleted",
    () => ({
      service: {
        metadata: {
          deletionTimestamp: "2026-11-26T10:00:00Z",
          finalizers: ["service.kubernetes.io/load-balancer-cleanup"],
        },
      },
    }),
    {
      cause:
        "Service default/web is being deleted since 2026-11-26T10:00:00.000Z, and waits for service.kubernetes.io/load-balancer-cleanup",
      remedy: "wait until it is gone, and create it anew; who holds a finalizer has to run for that",
      noticed: [],
    },
  ],
];

it.each(notLookedAfter)(
  `${fault(213)}: a Service that MetalLB does not look after: %s`,
  async (_what, planted, expected) => {
    expect(await named(planted())).toStrictEqual(expected);
  },
);

const addresses: readonly Row[] = [
  [
    "no controller runs",
    () => ({
      service: pending,
      objects: {
        [paths.pods]: { items: [pod("speaker-1", "speaker", "node1"), pod("speaker-2", "speaker", "node2")] },
      },
    }),
    {
      cause:
        "Service default/web has no address: MetalLB's controller, which gives addresses, does not run: Deployment metallb-system/controller has no pod",
      remedy: "npx baremetal-lb heal",
      noticed: [],
    },
  ],
  [
    "the pool that is asked for is not there",
    () => ({ service: { ...pending, metadata: { annotations: { "metallb.io/address-pool": "gold" } } } }),
    {
      cause: "Service default/web has no address: it asks for the pool gold, and MetalLB has default",
      remedy: "correct the annotation address-pool, or declare it in cluster.yaml, then npx cdktf deploy '*'",
      noticed: [],
    },
  ],
  [
    "no pool holds the address that is asked for",
    () => ({ service: { ...pending, spec: { loadBalancerIP: "10.9.9.9" } } }),
    {
      cause:
        "Service default/web has no address: it asks for 10.9.9.9, which no pool holds (default: 127.0.0.240-127.0.0.250)",
      remedy:
        "correct spec.loadBalancerIP or the annotation loadBalancerIPs, or add it to a pool in cluster.yaml, then npx cdktf deploy '*'",
      noticed: [],
    },
  ],
  [
    "what is asked for is no address",
    () => ({ service: { ...pending, metadata: { annotations: { "metallb.io/loadBalancerIPs": "lb.example.org" } } } }),
    {
      cause: "Service default/web has no address: it asks for lb.example.org, which is no address",
      remedy: "correct spec.loadBalancerIP or the annotation loadBalancerIPs",
      noticed: [],
    },
  ],
  [
    "another Service has the address that is asked for",
    () => ({ service: { ...pending, spec: { loadBalancerIP: "127.0.0.241" } }, others: [other("old", "127.0.0.241")] }),
    {
      cause: "Service default/web has no address: it asks for 127.0.0.241, which default/old has: they do not share it",
      remedy:
        "ask for another address, or give both Services the annotation metallb.io/allow-shared-ip with the same value",
      noticed: [],
    },
  ],
  [
    "another Service shares the address, and has the same port",
    () => ({
      service: {
        ...pending,
        metadata: { annotations: { "metallb.io/allow-shared-ip": "a" } },
        spec: { loadBalancerIP: "127.0.0.241", ports: [{ port: 80 }] },
      },
      others: [
        other("old", "127.0.0.241", { metadata: { annotations: { "metallb.universe.tf/allow-shared-ip": "a" } } }),
      ],
    }),
    {
      cause:
        "Service default/web has no address: it asks for 127.0.0.241, which default/old has: both have the port 80/TCP",
      remedy: "choose another port, or another address",
      noticed: [],
    },
  ],
  [
    "the only pool is for those that ask for it",
    () => ({ service: pending, objects: { [pools]: pool({ autoAssign: false }) } }),
    {
      cause: "Service default/web has no address: it asks for no pool, and default has autoAssign: false",
      remedy:
        "npx baremetal-lb heal: the pool is not as declared; or give it the annotation metallb.io/address-pool: default, or set autoAssign: true in cluster.yaml",
      noticed: ["IPAddressPool default has autoAssign false, declared true: npx baremetal-lb heal"],
    },
  ],
  [
    "the only pool is for other namespaces and labels",
    () => ({
      service: pending,
      objects: {
        [pools]: pool({
          serviceAllocation: { namespaces: ["shop"], serviceSelectors: [{ matchLabels: { tier: "front" } }] },
        }),
      },
    }),
    {
      cause:
        "Service default/web has no address: no pool may be used by it, of the namespace default: default is for namespaces shop, Services with tier=front",
      remedy:
        "npx baremetal-lb heal: the pool is not as declared; or change serviceAllocation of the pool default in cluster.yaml, or the Service's namespace or labels",
      noticed: [
        'IPAddressPool default has serviceAllocation {"namespaces":["shop"],"serviceSelectors":[{"matchLabels":{"tier":"front"}}]}, declared not set: npx baremetal-lb heal',
      ],
    },
  ],
  [
    "the pool is used up",
    () => ({
      service: pending,
      objects: { [pools]: pool({ addresses: ["127.0.0.241/32"] }) },
      others: [other("old", "127.0.0.241")],
    }),
    {
      cause: "Service default/web has no address: default (1 of 1 addresses in use) is used up",
      remedy:
        "npx baremetal-lb heal: the pool is not as declared; or add a range to the pool in cluster.yaml, then npx cdktf deploy '*'; or delete a Service that nobody needs",
      noticed: [
        "IPAddressPool default has addresses 127.0.0.241/32, declared 127.0.0.240-127.0.0.250: npx baremetal-lb heal",
      ],
    },
  ],
  [
    "no pool has an address of its family",
    () => ({ service: { ...pending, spec: { ipFamilies: ["IPv6"] } } }),
    {
      cause: "Service default/web has no address: it is of IPv6, and default has no address of IPv6",
      remedy: "add a range of IPv6 to a pool in cluster.yaml, then npx cdktf deploy '*'",
      noticed: [],
    },
  ],
  [
    "there is no pool",
    () => ({ service: pending, objects: { [pools]: { items: [] } } }),
    {
      cause: "Service default/web has no address: MetalLB has no pool",
      remedy: "npx baremetal-lb heal",
      noticed: ["IPAddressPool default is missing: npx baremetal-lb heal"],
    },
  ],
  [
    "the controller says why",
    () => ({
      service: pending,
      objects: {
        [paths.events]: {
          items: [
            {
              reason: "AllocationFailed",
              message: 'Failed to allocate IP for "default/web": odd',
              lastTimestamp: "2026-11-26T10:00:00Z",
            },
          ],
        },
      },
    }),
    {
      cause: 'Service default/web has no address: Failed to allocate IP for "default/web": odd',
      remedy: "see the controller's log: kubectl -n metallb-system logs deployment/controller",
      noticed: [],
    },
  ],
  [
    "nobody says why",
    () => ({ service: pending }),
    {
      cause: "Service default/web has no address: the controller has given it none, and says nothing of it",
      remedy: "see the controller's log: kubectl -n metallb-system logs deployment/controller",
      noticed: [],
    },
  ],
  [
    "it has an address of no pool",
    () => ({ objects: { [pools]: pool({ addresses: ["127.0.0.245-127.0.0.250"] }) } }),
    {
      cause: "Service default/web has 127.0.0.240, which no pool of MetalLB holds (default: 127.0.0.245-127.0.0.250)",
      remedy: "declare a pool with it in cluster.yaml, or delete and create the Service",
      noticed: [
        "IPAddressPool default has addresses 127.0.0.245-127.0.0.250, declared 127.0.0.240-127.0.0.250: npx baremetal-lb heal",
      ],
    },
  ],
  [
    "another Service has its address",
    () => ({ others: [other("old", "127.0.0.240")] }),
    {
      cause:
        "Service default/web has 127.0.0.240, and so has default/old, without a key of metallb.io/allow-shared-ip that both have",
      remedy: "delete one of the Services' addresses, or give both the same key",
      noticed: [],
    },
  ],
];

it.each(addresses)(`${fault(214)}: an address that is missing or wrong: %s`, async (_what, planted, expected) => {
  expect(await named(planted())).toStrictEqual(expected);
});

const notAnnounced: readonly Row[] = [
  [
    "the pool has no announcement",
    () => ({ objects: { [l2]: { items: [] }, [paths.metrics("speaker-2")]: metrics() } }),
    {
      cause: "nobody announces the pool default: MetalLB has no L2Advertisement and no BGPAdvertisement for it",
      remedy: "npx baremetal-lb heal",
      noticed: ["L2Advertisement default is missing: npx baremetal-lb heal"],
    },
  ],
  [
    "its announcement selects no node",
    () => ({
      objects: {
        [l2]: advertisement({ nodeSelectors: [{ matchLabels: { rack: "b" } }] }),
        [paths.metrics("speaker-2")]: metrics(),
      },
    }),
    {
      cause:
        "no node may announce Service default/web by layer2: node1: no announcement of the pool default selects it; node2: no announcement of the pool default selects it",
      remedy: "npx baremetal-lb heal",
      noticed: [
        'L2Advertisement default has nodeSelectors [{"matchLabels":{"rack":"b"}}], declared not set: npx baremetal-lb heal',
      ],
    },
  ],
  [
    "every node is excluded from load balancers",
    () => ({
      objects: {
        [paths.nodes]: labelled({ "node.kubernetes.io/exclude-from-external-load-balancers": "" }),
        [paths.metrics("speaker-2")]: metrics(),
      },
    }),
    {
      cause:
        "no node may announce Service default/web by layer2: node1: it is labelled node.kubernetes.io/exclude-from-external-load-balancers; node2: it is labelled node.kubernetes.io/exclude-from-external-load-balancers",
      remedy:
        "set metallb.ignoreExcludeLB: true in cluster.yaml, then npx cdktf deploy '*'; or kubectl label node NAME node.kubernetes.io/exclude-from-external-load-balancers-",
      noticed: [],
    },
  ],
  [
    "the network of every node is unavailable",
    () => ({
      objects: {
        [paths.nodes]: labelled({}, [{ type: "NetworkUnavailable", status: "True" }]),
        [paths.metrics("speaker-2")]: metrics(),
      },
    }),
    {
      cause:
        "no node may announce Service default/web by layer2: node1: its network is unavailable; node2: its network is unavailable",
      remedy: "see the network plugin of the nodes: kubectl describe node NAME",
      noticed: [],
    },
  ],
  [
    "no speaker runs",
    () => ({ objects: { [paths.pods]: { items: [pod("controller-1", "controller", "node2")] } } }),
    {
      cause: "no speaker runs: DaemonSet metallb-system/speaker has no pod on any node, see the nodes' taints",
      remedy: "npx baremetal-lb heal",
      noticed: [],
    },
  ],
  [
    "nothing tells why",
    () => ({ objects: { [paths.metrics("speaker-2")]: metrics() } }),
    {
      cause: "no node announces 127.0.0.240 by layer2, though it is the turn of node2",
      remedy: "see the log of the speakers: kubectl -n metallb-system logs -l app=metallb,component=speaker -c speaker",
      noticed: [],
    },
  ],
  [
    "the one speaker may not announce, and a taint keeps the other one off its node",
    () => ({
      objects: {
        [l2]: advertisement({ nodeSelectors: [{ matchLabels: { "kubernetes.io/hostname": "node2" } }] }),
        [paths.pods]: {
          items: [pod("controller-1", "controller", "node2"), pod("speaker-1", "speaker", "node1")],
        },
        [paths.nodes]: {
          items: [
            node("node1", "127.0.0.10"),
            {
              ...node("node2", "127.0.0.11"),
              metadata: { name: "node2", labels: { "kubernetes.io/hostname": "node2" } },
              spec: {
                taints: [
                  { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" },
                  { key: "dedicated", value: "db", effect: "NoSchedule" },
                ],
              },
            },
          ],
        },
      },
    }),
    {
      cause:
        "no node may announce Service default/web by layer2: node1: no announcement of the pool default selects it; node2: it has no speaker, which does not tolerate its taint dedicated=db:NoSchedule",
      remedy: "npx baremetal-lb heal",
      noticed: [
        'L2Advertisement default has nodeSelectors [{"matchLabels":{"kubernetes.io/hostname":"node2"}}], declared not set: npx baremetal-lb heal',
      ],
    },
  ],
];

it.each(notAnnounced)(`${fault(215)}: nobody announces: %s`, async (_what, planted, expected) => {
  expect(await named(planted())).toStrictEqual(expected);
});

const withoutEndpoint: readonly Row[] = [
  [
    "there is none",
    () => ({ objects: { [slicesPath]: slices(), [paths.metrics("speaker-2")]: metrics() } }),
    {
      cause: "Service default/web has no endpoint: no pod with app=web has an address",
      remedy: "correct spec.selector, or see the pods: kubectl -n default get pods -l app=web",
      noticed: [],
    },
  ],
  [
    "none is ready",
    () => ({
      objects: {
        [slicesPath]: slices(endpoint("web-1", "node1", "10.244.1.2", false)),
        [paths.metrics("speaker-2")]: metrics(),
      },
    }),
    {
      cause: "Service default/web has no ready endpoint: none of 1 is ready (web-1 on node1)",
      remedy: "kubectl -n default describe pods -l app=web; see their readiness probes",
      noticed: [],
    },
  ],
  [
    "with the policy Local there is none on the one node that may announce",
    () => ({
      service: { spec: { externalTrafficPolicy: "Local" } },
      objects: {
        [l2]: advertisement({ nodeSelectors: [{ matchLabels: { "kubernetes.io/hostname": "node1" } }] }),
        [slicesPath]: slices(endpoint("web-2", "node2", "10.244.2.2")),
        [paths.nodes]: {
          items: [
            {
              ...node("node1", "127.0.0.10"),
              metadata: { name: "node1", labels: { "kubernetes.io/hostname": "node1" } },
            },
            node("node2", "127.0.0.11"),
          ],
        },
        [paths.metrics("speaker-2")]: metrics(),
      },
    }),
    {
      cause:
        "no node may announce Service default/web by layer2: node1: it has no ready endpoint; node2: no announcement of the pool default selects it",
      remedy: "set externalTrafficPolicy: Cluster, or let a pod run on a node that may announce",
      noticed: [
        'L2Advertisement default has nodeSelectors [{"matchLabels":{"kubernetes.io/hostname":"node1"}}], declared not set: npx baremetal-lb heal',
      ],
    },
  ],
];

it.each(withoutEndpoint)(`${fault(216)}: endpoints: %s`, async (_what, planted, expected) => {
  expect(await named(planted())).toStrictEqual(expected);
});

const onTheWay: readonly Row[] = [
  [
    "the node has none of the pool's interfaces",
    () => ({ objects: { [l2]: advertisement({ interfaces: ["eth7"] }) } }),
    {
      cause: "node2: has none of the interfaces that the pool default is announced from (eth7), it has eth0 and lo",
      remedy: "correct interfaces of the pool's l2Advertisements in cluster.yaml, then npx cdktf deploy '*'",
      noticed: ["L2Advertisement default has interfaces eth7, declared not set: npx baremetal-lb heal"],
    },
  ],
  [
    "no kube-proxy runs there",
    () => ({ objects: { [paths.kubeProxyPods]: { items: [] } } }),
    {
      cause: "node2 announces the Service, and has no pod of kube-proxy: nobody keeps its Services up to date",
      remedy: "see its DaemonSet: kubectl -n kube-system describe daemonset kube-proxy",
      noticed: [],
    },
  ],
  [
    "kube-proxy runs there in another mode",
    () => ({ says: { node2: ["proxy mode iptables"] } }),
    { cause: "node2: kube-proxy runs with mode iptables, declared ipvs", remedy: "npx baremetal-lb heal", noticed: [] },
  ],
  [
    "another node answers ARP, too",
    () => ({ says: { node1: ["sysctl net.ipv4.conf.all.arp_ignore 0"] } }),
    {
      cause: "node1: net.ipv4.conf.all.arp_ignore is 0, strictARP sets 1",
      remedy: "npx baremetal-lb heal",
      noticed: [],
    },
  ],
  [
    "IPVS has no such virtual server there",
    () => ({ says: { node2: [`service 127.0.0.240:${cluster.port} missing`] } }),
    {
      cause: "node2: kube-proxy has nothing for 127.0.0.240:80 there",
      remedy: "see the log of kube-proxy's pod on node2",
      noticed: [],
    },
  ],
  [
    "IPVS sends it to no endpoint there",
    () => ({
      service: { spec: { externalTrafficPolicy: "Local" } },
      says: { node2: [`service 127.0.0.240:${cluster.port} 0`] },
    }),
    {
      cause:
        "node2: IPVS has 127.0.0.240:80, and sends it to no endpoint, which with externalTrafficPolicy Local have to be on this node",
      remedy: "see the log of kube-proxy's pod on node2",
      noticed: [],
    },
  ],
  [
    "an endpoint takes no connection",
    () => ({ says: { node2: ["endpoint 10.244.1.2:9200 silent", "endpoint 10.244.2.2:9200 answers"] } }),
    {
      cause: "node2: 10.244.1.2:9200 takes no connection, though the endpoint is ready",
      remedy: "see whether the pod listens at the Service's targetPort, and the pods' network between the nodes",
      noticed: [],
    },
  ],
  [
    "INPUT drops by default, and lets this host through",
    () => ({ says: { node2: ["input policy DROP"] } }),
    { cause: undefined, remedy: undefined, noticed: [] },
  ],
  [
    "a rule of INPUT drops it",
    () => ({
      service: { spec: { ports: [{ port: 1, protocol: "TCP" }] } },
      says: { node2: ["input rule -A INPUT -d 127.0.0.240/32 -j DROP"] },
    }),
    {
      cause:
        "node2: INPUT has '-A INPUT -d 127.0.0.240/32 -j DROP', and in IPVS mode what comes to a Service passes it",
      remedy: "let the Service's address and ports through, for the networks of its clients",
      noticed: [],
    },
  ],
  [
    "the Service does not let this host in",
    () => ({ service: { spec: { loadBalancerSourceRanges: ["192.0.2.0/24"] } } }),
    {
      cause:
        "Service default/web lets in 192.0.2.0/24 (loadBalancerSourceRanges), and not this host, which asks from 127.0.0.1",
      remedy:
        "add the clients' networks to spec.loadBalancerSourceRanges, or take it out; or ask from a host that it lets in",
      noticed: [],
    },
  ],
  [
    "a connection is refused, and nothing tells why",
    () => ({ service: { spec: { ports: [{ port: 1, protocol: "TCP" }] } } }),
    {
      cause: "127.0.0.240:1 refuses this host's connection, and this host is not on its network",
      remedy: "see whether the pods listen at the Service's targetPort, and whether another machine has the address",
      noticed: [],
    },
  ],
];

it.each(onTheWay)(`${fault(217)}: announced, and stopped on the way: %s`, async (_what, planted, expected) => {
  expect(await named(planted())).toStrictEqual(expected);
});

const tooMany: readonly Row[] = [
  [
    "two nodes",
    () => ({ objects: { [paths.metrics("speaker-1")]: metrics({ announced: announcing("node1") }) } }),
    {
      cause: "2 nodes announce 127.0.0.240 by layer2: node1 and node2",
      remedy:
        "let the speakers see each other: open port 7946, tcp and udp, between the nodes; npx baremetal-lb verify compares their keys",
      noticed: [],
    },
  ],
  [
    "two nodes, whose speakers do not see each other",
    () => ({
      objects: {
        [paths.metrics("speaker-1")]: metrics({ announced: announcing("node1") }),
        [paths.log("speaker-1")]:
          '{"msg":"MetalLB speaker starting version"}\n{"node event":"NodeJoin","node name":"node1"}',
      },
    }),
    {
      cause: "speaker on node1 counts 1 of 2 speakers as members, not node2",
      remedy:
        "after a node was cut off, wait a minute, in which speakers join again; then open port 7946, tcp and udp, between the nodes; if the key was changed, restart all speakers at the same time: kubectl -n metallb-system delete pods -l app=metallb,component=speaker",
      noticed: ["2 nodes announce 127.0.0.240 by layer2: node1 and node2"],
    },
  ],
];

it.each(tooMany)(`${fault(218)}: too many announce: %s`, async (_what, planted, expected) => {
  expect(await named(planted())).toStrictEqual(expected);
});
