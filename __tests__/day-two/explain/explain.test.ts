import { UserError } from "../../../values/user-error";
import { fault } from "../../faults";
import { bgpSession, frrK8sObjects, frrK8sPaths, frrK8sPod } from "../frr-k8s-objects";
import { isGranted } from "../granted";
import { deployment, metrics, node, paths } from "../verify/healthy-cluster";
import { announcedBy, resourcePath } from "../verify/healthy-resources";
import { announcing, lines, type Planted, ReachableCluster, slices, slicesPath } from "./reachable-cluster";

let cluster: ReachableCluster;
beforeAll(async () => {
  cluster = await ReachableCluster.start();
});
afterAll(() => cluster.stop());

/** With the port of its web server as 80. */
const withPort80 = (texts: readonly string[]) => texts.map((text) => text.replaceAll(`:${cluster.port}`, ":80"));

/** The lines of the story. */
const told = async (planted: Planted = {}): Promise<string[]> => withPort80(lines(await cluster.explain(planted)));

/** What MetalLB up to 0.12 reads in place of EndpointSlices. */
const endpoints = {
  subsets: [
    { addresses: [{ ip: "10.244.1.2", nodeName: "node1", targetRef: { name: "web-1" } }], ports: [{ port: 9200 }] },
  ],
};

describe("a Service that answers", () => {
  it("has the whole story, and nothing wrong in it", async () => {
    expect(await told({ says: { node2: ["endpoint 10.244.1.2:9200 answers"] } })).toStrictEqual([
      "passed service.class default/web | Service default/web is of the type LoadBalancer, without a loadBalancerClass: MetalLB looks after it",
      "passed service.address default/web | Service default/web has 127.0.0.240, of the pool default",
      "passed service.endpoints default/web | Service default/web: 2 of 2 endpoints are ready, on node1 and node2",
      "passed pool.announcement default/web | the pool default is announced by L2Advertisement default",
      "passed metallb.speaker metallb-system/speaker | speakers are ready on node1 and node2",
      "passed metallb.config-taken metallb-system | MetalLB's pods have taken the pools as they are",
      "passed service.candidates default/web | by layer2 node1 and node2 may announce it",
      "passed metallb.memberlist metallb-system | each speaker counts all speakers as members of the memberlist",
      "passed service.announced default/web | node2 announces 127.0.0.240 by layer2: it is the first of the nodes that may announce it (order by hash: node2, node1)",
      "passed kube-proxy.pod node2 | node2: kube-proxy's pod is ready",
      "passed node.kube-proxy node2 | node2: kube-proxy runs in mode ipvs, strictARP in force",
      "passed node.service node2 | node2: 127.0.0.240:80: IPVS sends it to 2 endpoints",
      "passed node.endpoint node2 | node2: 10.244.1.2:9200 takes connections",
      "skipped answer.arp default/web | ARP was not asked: this host is not on the network of 127.0.0.240",
      "passed answer.tcp default/web | 127.0.0.240:80 takes a connection from this host",
    ]);
  });

  it("says so in the report, where nothing else is said", async () => {
    const { story, ...report } = await cluster.explain();
    expect(report).toStrictEqual({ cluster: "demo", service: "default/web", noticed: [], answers: true });
    expect(story.filter(({ status }) => status === "failed")).toStrictEqual([]);
  });

  it("with MetalLB 0.9 is announced by hash of its name, and only from where an endpoint is", async () => {
    const objects = {
      [slicesPath]: undefined,
      [paths.endpoints]: endpoints,
      [paths.metrics("speaker-1")]: metrics({ announced: announcing("node1") }),
      [paths.metrics("speaker-2")]: metrics(),
    };
    const story = await told({ declared: { metallb: { version: "0.9.6" } }, objects });
    expect(story.filter((line) => / (service|pool)\./.test(line))).toStrictEqual([
      "passed service.class default/web | Service default/web is of the type LoadBalancer, without a loadBalancerClass: MetalLB looks after it",
      "passed service.address default/web | Service default/web has 127.0.0.240, of the pool default",
      "passed service.endpoints default/web | Service default/web: 1 of 1 endpoints are ready, on node1",
      "passed pool.announcement default/web | the pool default is announced by protocol layer2",
      "passed service.candidates default/web | by layer2 node1 may announce it; not node2: it has no ready endpoint",
      "passed service.announced default/web | node1 announces 127.0.0.240 by layer2: it is the only one of the nodes with a ready endpoint that may announce it (order by hash: node1)",
    ]);
  });

  it("with MetalLB 0.12 is announced by hash of its address, from any node, by metrics that name it", async () => {
    const objects = {
      [slicesPath]: undefined,
      [paths.endpoints]: endpoints,
      [paths.metrics("speaker-1")]: metrics(),
      [paths.metrics("speaker-2")]: metrics({ announced: announcing("node2") }),
    };
    const story = await told({ declared: { metallb: { version: "0.12.1" } }, objects });
    expect(story.filter((line) => / (pool\.|service\.(candidates|announced))/.test(line))).toStrictEqual([
      "passed pool.announcement default/web | the pool default is announced by protocol layer2",
      "passed service.candidates default/web | by layer2 node1 and node2 may announce it",
      "passed service.announced default/web | node2 announces 127.0.0.240 by layer2: it is the first of the nodes that may announce it (order by hash: node2, node1)",
    ]);
  });

  it("with MetalLB 0.16 is announced as the speakers' objects tell", async () => {
    const objects = { [resourcePath("servicel2statuses")]: { items: [announcedBy("node2")] } };
    const story = await told({ declared: { metallb: { version: "0.16.2" } }, objects });
    expect(story.filter((line) => / (service|pool|metallb)\./.test(line))).toStrictEqual([
      "passed service.class default/web | Service default/web is of the type LoadBalancer, without a loadBalancerClass: MetalLB looks after it",
      "passed service.address default/web | Service default/web has 127.0.0.240, of the pool default",
      "passed service.endpoints default/web | Service default/web: 2 of 2 endpoints are ready, on node1 and node2",
      "passed pool.announcement default/web | the pool default is announced by L2Advertisement default",
      "passed metallb.speaker metallb-system/speaker | speakers are ready on node1 and node2",
      "passed metallb.config-taken metallb-system | MetalLB's pods have taken the pools as they are",
      "passed service.candidates default/web | by layer2 node1 and node2 may announce it",
      "passed metallb.memberlist metallb-system | each speaker counts all speakers as members of the memberlist",
      "passed service.announced default/web | node2 announces 127.0.0.240 by layer2: it is the first of the nodes that may announce it (order by hash: node2, node1)",
    ]);
  });

  it("of a pool that something else announces is not asked of MetalLB", async () => {
    const pools = [{ name: "default", addresses: ["192.168.1.240-192.168.1.250"], protocol: "none" }];
    const story = await told({
      declared: { metallb: { pools } },
      objects: { [paths.metrics("speaker-2")]: metrics() },
    });
    expect(story.filter((line) => / (service|pool|answer)\./.test(line))).toStrictEqual([
      "passed service.class default/web | Service default/web is of the type LoadBalancer, without a loadBalancerClass: MetalLB looks after it",
      "passed service.address default/web | Service default/web has 127.0.0.240, of the pool default",
      "passed service.endpoints default/web | Service default/web: 2 of 2 endpoints are ready, on node1 and node2",
      "passed pool.announcement default/web | MetalLB does not announce the pool default, as it is declared (protocol: none)",
      "passed answer.tcp default/web | 127.0.0.240:80 takes a connection from this host",
    ]);
  });
});

describe("with MetalLB 0.16", () => {
  const front = { matchLabels: { tier: "front" } };
  const with016 = (spec: object, service: Planted["service"] = {}, nodes: readonly string[] = []): Planted => ({
    declared: { metallb: { version: "0.16.2" } },
    service,
    objects: {
      [resourcePath("servicel2statuses")]: { items: nodes.map((one) => announcedBy(one)) },
      [resourcePath("l2advertisements")]: {
        items: [{ metadata: { name: "default" }, spec: { ipAddressPools: ["default"], ...spec } }],
      },
      [paths.nodes]: {
        items: ["node1", "node2"].map((name, index) => ({
          ...node(name, `127.0.0.1${index}`),
          metadata: { name, labels: { "kubernetes.io/hostname": name } },
        })),
      },
    },
  });

  it(`${fault(215)}: an announcement of other Services is none of this one`, async () => {
    const { cause } = await cluster.explain(with016({ serviceSelectors: [front] }));
    expect(cause).toStrictEqual({
      id: "pool.announcement",
      place: "default/web",
      status: "failed",
      text: "the pool default is announced for other Services only: serviceSelectors of L2Advertisement default do not select it",
      remedy: "change serviceSelectors in cluster.yaml, or the Service's labels",
    });
  });

  it(`${fault(215)}: a Service that may share its address is announced by no announcement with selectors`, async () => {
    const metadata = { labels: { tier: "front" }, annotations: { "metallb.io/allow-shared-ip": "a" } };
    const { cause } = await cluster.explain(with016({ serviceSelectors: [front] }, { metadata }));
    expect(cause).toStrictEqual({
      id: "pool.announcement",
      place: "default/web",
      status: "failed",
      text: "Service default/web has the annotation allow-shared-ip, and MetalLB announces no such Service by an L2Advertisement with serviceSelectors",
      remedy: "take the annotation or serviceSelectors out",
    });
  });

  it("a preferred node announces before the one whose turn it would be", async () => {
    const preference = { matchLabels: { "kubernetes.io/hostname": "node1" } };
    const story = await told(with016({ preferredNodeSelectors: [{ weight: 5, preference }] }, {}, ["node1"]));
    expect(story.filter((line) => line.includes("service.announced"))).toStrictEqual([
      "passed service.announced default/web | node1 announces 127.0.0.240 by layer2: it is the first of the nodes that may announce it (order by hash: node1, node2)",
    ]);
  });
});

describe("by BGP", () => {
  const bgp = (more: object = {}) => ({
    metallb: {
      pools: [{ name: "default", addresses: ["192.168.1.240-192.168.1.250"], protocol: "bgp" }],
      peers: [{ peerAddress: "192.168.1.1", peerASN: 64512, myASN: 64513 }],
      ...more,
    },
  });
  const sessions = (up: number) => ({
    [paths.metrics("speaker-1")]: metrics({
      announced: `${announcing("node1", "bgp")}\nmetallb_bgp_session_up{peer="192.168.1.1:179"} 1`,
    }),
    [paths.metrics("speaker-2")]: metrics({
      announced: `${announcing("node2", "bgp")}\nmetallb_bgp_session_up{peer="192.168.1.1:179"} ${up}`,
    }),
  });
  const ofBgp = (story: readonly string[]) =>
    story.filter((line) => / (service.announced|bgp|pool|service.candidates)/.test(line));

  it("all nodes announce, each with a session, and ARP is nobody's", async () => {
    const story = await told({ declared: bgp(), objects: sessions(1) });
    expect(ofBgp(story)).toStrictEqual([
      "passed service.address default/web | Service default/web has 127.0.0.240, of the pool default",
      "passed pool.announcement default/web | the pool default is announced by BGPAdvertisement default",
      "passed metallb.config-taken metallb-system | MetalLB's pods have taken the pools as they are",
      "passed service.candidates default/web | by bgp node1 and node2 may announce it",
      "passed service.announced default/web | node1 and node2 announce 127.0.0.240 by bgp",
      "passed bgp.session node1 | node1: the BGP session with 192.168.1.1:179 is up",
      "passed bgp.session node2 | node2: the BGP session with 192.168.1.1:179 is up",
    ]);
    expect(story.filter((line) => line.includes("answer.arp"))).toStrictEqual([]);
  });

  it(`${fault(218)}: a session that is down is named with its node`, async () => {
    const { cause } = await cluster.explain({ declared: bgp(), objects: sessions(0) });
    expect(cause).toStrictEqual({
      id: "bgp.session",
      place: "node2",
      status: "failed",
      text: "node2: the BGP session with 192.168.1.1:179 is down",
      remedy:
        "see the router's own view, AS numbers, password, and that port 179/tcp is open; the speaker's log has the reason",
    });
  });

  it(`${fault(218)}: without a router there is nobody to announce to`, async () => {
    const { cause } = await cluster.explain({
      declared: bgp(),
      objects: { ...sessions(1), [resourcePath("bgppeers", "v1beta2")]: { items: [] } },
    });
    expect(cause).toStrictEqual({
      id: "bgp.session",
      place: "default/web",
      status: "failed",
      text: "MetalLB has no BGP router to announce anything to",
      remedy: "npx baremetal-lb heal",
    });
  });

  describe("with frr-k8s", () => {
    const frrK8s = (changes: Planted["objects"] = {}, version = "0.15.3"): Planted => ({
      declared: bgp({ bgpType: "frr-k8s", version }),
      objects: { ...sessions(1), ...frrK8sObjects(), ...changes },
    });
    const ofSessions = (story: readonly string[]) =>
      story.filter((line) => line.includes("bgp.session") || line.includes("frr-k8s"));

    it("its daemons say how the sessions are", async () => {
      expect(ofSessions(await told(frrK8s()))).toStrictEqual([
        "passed bgp.session node1 | node1: the BGP session with 192.168.1.1 is up, as frr-k8s saw it at most 2 minutes ago",
        "passed bgp.session node2 | node2: the BGP session with 192.168.1.1 is up, as frr-k8s saw it at most 2 minutes ago",
      ]);
    });

    it(`${fault(218)}: a session that is down is named with its node`, async () => {
      const items = [bgpSession("node1"), bgpSession("node2", "Active")];
      const { cause } = await cluster.explain(frrK8s({ [frrK8sPaths.sessions]: { items } }));
      expect(cause).toStrictEqual({
        id: "bgp.session",
        place: "node2",
        status: "failed",
        text: "node2: the BGP session with 192.168.1.1 is down, as frr-k8s saw it at most 2 minutes ago",
        remedy:
          "see the router's own view, AS numbers, password, and that port 179/tcp is open; kubectl -n metallb-system exec daemonset/frr-k8s-daemon -c frr -- vtysh -c 'show bgp summary' tells more",
      });
    });

    it("IPv6 routers, whose addresses frr-k8s writes as a label's value may be, and an interface, which stays as it is", async () => {
      const peers = ["fd00-0089-0000-0000-0000-0000-0000-0006", "eth0", "192.168.1.1"];
      const items = ["node1", "node2"].flatMap((node) => peers.map((peer) => bgpSession(node, "Established", peer)));
      expect(ofSessions(await told(frrK8s({ [frrK8sPaths.sessions]: { items } })))).toStrictEqual(
        ["node1", "node2"].map(
          (node) =>
            `passed bgp.session ${node} | ${node}: the BGP session with 192.168.1.1, eth0 and fd00:89::6 is up, as frr-k8s saw it at most 2 minutes ago`,
        ),
      );
    });

    it("a node that has none, or had none when frr-k8s looked", async () => {
      const items = [bgpSession("node1")];
      const { cause } = await cluster.explain(frrK8s({ [frrK8sPaths.sessions]: { items } }));
      expect(cause?.text).toBe(
        "node2 has no BGP session, as frr-k8s saw it at most 2 minutes ago: no router's nodeSelectors select it",
      );
    });

    it(`${fault(251)}: a node without it is the cause, whatever its speaker says`, async () => {
      const items = [frrK8sPod("node1")];
      const { cause } = await cluster.explain(frrK8s({ [frrK8sPaths.pods]: { items } }));
      expect(cause).toMatchObject({
        id: "metallb.frr-k8s-node",
        place: "node2",
        text: "there is no frr-k8s on node2: its speaker announces nothing by BGP",
      });
    });

    it("of MetalLB 0.14, which writes no sessions, the command that asks FRR is named", async () => {
      const server = { [frrK8sPaths.server.replace("statuscleaner", "webhook-server")]: deployment(1) };
      expect(ofSessions(await told(frrK8s(server, "0.14.9")))).toStrictEqual([
        "skipped bgp.session default/web | the nodes' BGP sessions could not be asked: FRR has them: kubectl -n metallb-system exec daemonset/frr-k8s-daemon -c frr -- vtysh -c 'show bgp summary'",
      ]);
    });

    it(`${fault(219)}: what may not be looked at is said`, async () => {
      const story = await told({ ...frrK8s(), refused: [frrK8sPaths.nodeStates] });
      expect(ofSessions(story)).toStrictEqual([
        "skipped metallb.frr-k8s metallb-system | frr-k8s could not be looked at: the Kubernetes API answers 403 to GET /apis/frrk8s.metallb.io/v1beta1/frrnodestates: forbidden",
      ]);
    });
  });

  it("FRR has the sessions, and is named", async () => {
    const story = await told({ declared: bgp({ bgpType: "frr" }), objects: sessions(1) });
    expect(story.filter((line) => line.includes("bgp.session"))).toStrictEqual([
      "skipped bgp.session default/web | the speakers' BGP sessions could not be asked: FRR has them: kubectl -n metallb-system exec daemonset/speaker -c frr -- vtysh -c 'show bgp summary'",
    ]);
  });
});

describe("who may not look at everything", () => {
  it(`${fault(219)}: is told in its place what could not be looked at, and the rest`, async () => {
    const some = [
      "/apis/apps/v1/deployments",
      "/apis/apps/v1/daemonsets",
      "/api/v1/nodes",
      slicesPath,
      paths.events,
      resourcePath("ipaddresspools"),
      paths.metrics("speaker-2"),
      paths.kubeProxyPods,
    ];
    const report = await cluster.explain({ refused: some, declared: { ssh: { user: "ops", agent: true } } });
    expect(withPort80(lines(report))).toStrictEqual([
      "passed service.class default/web | Service default/web is of the type LoadBalancer, without a loadBalancerClass: MetalLB looks after it",
      "skipped metallb.config metallb-system | MetalLB's pools, which are taken for as declared, could not be looked at: the Kubernetes API answers 403 to GET /apis/metallb.io/v1beta1/namespaces/metallb-system/ipaddresspools: forbidden",
      "passed service.address default/web | Service default/web has 127.0.0.240, of the pool default",
      "skipped service.endpoints default/web | its endpoints could not be looked at: the Kubernetes API answers 403 to GET /apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dweb: forbidden",
      "passed pool.announcement default/web | the pool default is announced by L2Advertisement default",
      "passed metallb.speaker metallb-system/speaker | speakers are ready on node1 and node2",
      "skipped metallb.config-taken node2 | the metrics of the speaker on node2 could not be read: the Kubernetes API answers 403: forbidden",
      "skipped service.candidates default/web | the nodes could not be looked at: the Kubernetes API answers 403: forbidden",
      "passed metallb.memberlist metallb-system | each speaker counts all speakers as members of the memberlist",
      "skipped service.announced default/web | no speaker that could be asked announces 127.0.0.240; not asked: node2: the Kubernetes API answers 403: forbidden",
      "skipped kube-proxy.pod kube-system/kube-proxy | kube-proxy's pods could not be looked at: the Kubernetes API answers 403: forbidden",
      "skipped node.ssh default/web | the nodes could not be looked at: ssh.agent is true, and SSH_AUTH_SOCK is not set: start an SSH agent in this shell",
      "skipped answer.arp default/web | ARP was not asked: this host is not on the network of 127.0.0.240",
      "passed answer.tcp default/web | 127.0.0.240:80 takes a connection from this host",
    ]);
    const asked = "/apis/apps/v1/deployments?labelSelector=app%3Dmetallb%2Ccomponent%20in%20(controller%2Cspeaker)";
    expect(report.noticed).toStrictEqual([
      `whether there is another MetalLB could not be looked at: the Kubernetes API answers 403 to GET ${asked}: forbidden`,
    ]);
    expect(report.cause).toBeUndefined();
  });

  it(`${fault(219)}: where no speaker can be asked its last event tells who announced`, async () => {
    const message = 'announcing from node "node2" with protocol "layer2"';
    const report = await cluster.explain({
      refused: [paths.pods],
      objects: { [paths.events]: { items: [{ reason: "nodeAssigned", message }] } },
    });
    expect(lines(report).filter((line) => line.includes("service.announced"))).toStrictEqual([
      `skipped service.announced default/web | who announces 127.0.0.240 could not be asked: the Kubernetes API answers 403: forbidden; the last event says: ${message}`,
    ]);
  });

  it(`${fault(219)}: a node that announces, and is not in cluster.yaml, is named`, async () => {
    const nodes = [{ name: "node1", address: "192.168.1.10", role: "control-plane" }];
    const report = await cluster.explain({ declared: { nodes } });
    expect(lines(report).filter((line) => line.includes("node.ssh"))).toStrictEqual([
      "skipped node.ssh node2 | node2 announces it, and was not looked at: it is not in cluster.yaml",
    ]);
  });

  it(`${fault(219)}: the one Service may be enough to begin with`, async () => {
    const report = await cluster.explain({
      refused: [paths.services],
      objects: { "/api/v1/namespaces/default/services/web": cluster.service() },
    });
    expect(report.cause).toBeUndefined();
  });

  it(`${fault(219)}: without any right to read it that is all that is said`, async () => {
    await expect(
      cluster.explain({ refused: [paths.services, "/api/v1/namespaces/default/services/web"] }),
    ).rejects.toThrow(new UserError("the Kubernetes API answers 403: forbidden"));
  });

  it("asks for nothing that rbac --read-only does not give", async () => {
    await cluster.explain();
    const asked = cluster.requests.map((url) => decodeURIComponent(url.split("?")[0] ?? ""));
    expect(asked.filter((path) => !isGranted(path))).toStrictEqual([]);
    expect(asked.length).toBeGreaterThan(20);
  });
});

describe("--without", () => {
  it(`${fault(220)}: says who would announce then`, async () => {
    const texts = [];
    for (const without of [["node1"], ["node2"], ["node1", "node2"]])
      texts.push((await cluster.explain({ without })).without);
    expect(texts).toStrictEqual([
      {
        nodes: ["node1"],
        announcers: [
          {
            protocol: "layer2",
            nodes: ["node2"],
            text: "without node1: node2 would announce 127.0.0.240 by layer2",
          },
        ],
      },
      {
        nodes: ["node2"],
        announcers: [
          {
            protocol: "layer2",
            nodes: ["node1"],
            text: "without node2: node1 would announce 127.0.0.240 by layer2",
          },
        ],
      },
      {
        nodes: ["node1", "node2"],
        announcers: [
          {
            protocol: "layer2",
            nodes: [],
            text: "without node1 and node2: nobody would announce 127.0.0.240 by layer2: no ready endpoint is left, until Kubernetes makes others",
          },
        ],
      },
    ]);
  });

  it(`${fault(220)}: an endpoint that goes away with the node counts no more`, async () => {
    const objects = {
      [slicesPath]: slices({ addresses: ["10.244.2.2"], nodeName: "node2", conditions: { ready: true } }),
    };
    const { without } = await cluster.explain({ without: ["node2"], objects });
    expect(without?.announcers).toStrictEqual([
      {
        protocol: "layer2",
        nodes: [],
        text: "without node2: nobody would announce 127.0.0.240 by layer2: no ready endpoint is left, until Kubernetes makes others",
      },
    ]);
  });

  it(`${fault(220)}: a node that is none is refused`, async () => {
    await expect(cluster.explain({ without: ["node9"] })).rejects.toThrow(
      new UserError("--without: there is no node node9; the cluster has node1 and node2"),
    );
  });

  it(`${fault(220)}: of a Service without an address it is not known`, async () => {
    const { without } = await cluster.explain({ without: ["node2"], service: { address: undefined } });
    expect(without).toStrictEqual({
      nodes: ["node2"],
      announcers: [],
      unknown: "the Service has no address of a pool",
    });
  });
});
