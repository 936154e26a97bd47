import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hostKey } from "../../cluster/sample";
import { recordHostKeys } from "../../../cluster/record-host-keys";
import { readCluster } from "../../../cluster/read";
import { fault } from "../../faults";
import { type Objects, paths, webService } from "../verify/healthy-cluster";
import {
  apiService,
  checked,
  ciliumPath,
  contentOf,
  controlPlane,
  excluded,
  forbidden,
  init,
  kubeadm,
  kubeadmConfig,
  kubeadmPath,
  node,
  originalPath,
} from "./clusters";

const proposal = (ranges: string) =>
  `PROPOSED, look at it: ${ranges}. No node, Service or API server of this cluster has these addresses, but nobody else was asked. They have to be free, in the nodes' own subnet (taken for a /24, or a /64 of IPv6), and none that its DHCP server hands out.`;

describe("init of a cluster without MetalLB", () => {
  test(`${fault(210)}: writes what kubeadm made, and proposes a pool`, async () => {
    const file = await init(kubeadm());
    expect(file.text).toBe(`# yaml-language-server: $schema=./cluster.schema.json
#
# The cluster that baremetal-lb looks after, as npx baremetal-lb init found it by context admin of ~/.kube/config.
# Look at it before a deploy: npx baremetal-lb check reports what is wrong with it. It holds no secret: keys and
# credentials are named by path, come from an SSH agent, or are Terraform variables.

# Names the state and the workspaces.
name: kubernetes

kubernetes:
  version: "1.35.4"
  kubeconfig: ~/.kube/config
  context: admin
  # As ConfigMap kube-system/kubeadm-config has it.
  podCIDR: 10.244.0.0/16
  # As ConfigMap kube-system/kubeadm-config has it.
  serviceCIDR: 10.96.0.0/12

ssh:
  user: root
  agent: true

# Every node. npx baremetal-lb trust reads and records the host keys.
nodes:
  - name: master1
    address: 192.168.1.10
    role: control-plane
  - name: worker1
    address: 192.168.1.21
  - name: worker2
    address: 192.168.1.22

kubeProxy:
  # As it is set now; docs/versions.md has the other modes.
  mode: iptables

metallb:
  # None is in the cluster: the newest version that was proven in the lab, of those that run here.
  version: 0.16.2
  # PROPOSED, look at it: 192.168.1.240-192.168.1.250. No node, Service or API server of this cluster has these
  # addresses, but nobody else was asked. They have to be free, in the nodes' own subnet (taken for a /24, or a /64
  # of IPv6), and none that its DHCP server hands out.
  pools:
    - name: default
      protocol: layer2
      addresses: [192.168.1.240-192.168.1.250]

# Where Terraform keeps its state; others, and how to move it, in docs/state.md.
state:
  backend: local
`);
    expect(file.notes).toStrictEqual([`metallb: ${proposal("192.168.1.240-192.168.1.250")}`]);
    expect(file.found).toStrictEqual(["Kubernetes 1.35.4, 3 nodes", "no MetalLB"]);
    expect(checked(file).problems).toStrictEqual([]);
  });

  test("docs/init.md shows the section as it is written", async () => {
    const { text } = await init(kubeadm());
    const section = /^metallb:\n( .*\n)+/m.exec(text)?.[0] ?? "none";
    expect(readFileSync(join(__dirname, "../../../docs/init.md"), "utf8")).toContain(`\`\`\`yaml\n${section}\`\`\`\n`);
  });

  test("leaves nothing to do but the host keys", async () => {
    const { text } = await init(kubeadm());
    const records = ["master1 192.168.1.10", "worker1 192.168.1.21", "worker2 192.168.1.22"].map((one) => {
      const [name = "", address = ""] = one.split(" ");
      return { node: name, address, hostKey: hostKey("Aa") };
    });
    expect(readCluster(recordHostKeys(text, records), "cluster.yaml").problems).toStrictEqual([]);
  });

  test("names neither the schema where it is not beside the file, nor another name than the given one", async () => {
    const { text } = await init(kubeadm(), { schema: undefined, name: "search" });
    expect(text).toMatch(/^# The cluster that baremetal-lb looks after, /);
    expect(text).toContain("\nname: search\n");
  });

  test.each([
    ["Prod_EU.example.org", "prod-eu-example-org"],
    ["___", "cluster"],
    ["arn:aws:eks:eu:1:cluster/x".repeat(4), "arn-aws-eks-eu-1-cluster-xarn-aws-eks-eu-1-cluster-xarn-aws-eks"],
  ])("makes a name of the kubeconfig's cluster %s", async (clusterName, name) => {
    const context = { path: "~/.kube/config", context: "admin", clusterName, server: "https://192.168.1.10:6443" };
    expect(contentOf(await init(kubeadm(), { context })).name).toBe(name);
  });

  test(`${fault(210)}: proposes what no node, Service or API server has, beside the cluster's own networks`, async () => {
    const context = {
      path: "~/.kube/config",
      context: "admin",
      clusterName: "c",
      server: "https://192.168.1.240:6443",
    };
    const taken: Objects = {
      ...kubeadm(),
      [kubeadmPath]: kubeadmConfig("10.244.0.0/16", "10.96.0.0/12", 'controlPlaneEndpoint: "192.168.1.230:6443"\n'),
      [paths.services]: { items: [apiService("10.96.0.1"), webService("192.168.1.228")] },
    };
    const file = await init(taken, { context });
    const { metallb, reservedAddresses } = contentOf(file);
    expect(metallb.pools[0]?.addresses.map(({ text }) => text)).toStrictEqual(["192.168.1.217-192.168.1.227"]);
    expect(reservedAddresses).toStrictEqual(["192.168.1.240", "192.168.1.230"]);
    expect(checked(file).problems).toStrictEqual([]);
  });

  const dualStack = (): Objects => ({
    ...kubeadm(),
    [paths.nodes]: {
      items: [
        node("n1", ["192.168.1.10", "fd00:1::10"], { labels: controlPlane }),
        node("n2", ["192.168.1.11", "fd00:1::11"]),
      ],
    },
    [paths.services]: { items: [apiService("10.96.0.1", "fd00:10:96::1")] },
    [kubeadmPath]: kubeadmConfig("10.244.0.0/16,fd00:10:244::/56", "10.96.0.0/12, fd00:10:96::/112"),
  });

  test("of two families proposes addresses of both, and names a node's other address in a comment alone", async () => {
    const file = await init(dualStack());
    const { kubernetes, metallb, nodes } = contentOf(file);
    expect(kubernetes.serviceCIDR).toBe("10.96.0.0/12,fd00:10:96::/112");
    expect(nodes.map(({ address }) => address)).toStrictEqual(["192.168.1.10", "192.168.1.11"]);
    const ranges = ["192.168.1.240-192.168.1.250", "fd00:1::f000-fd00:1::f00a"];
    expect(metallb.pools[0]?.addresses.map(({ text }) => text)).toStrictEqual(ranges);
    expect(file.notes).toStrictEqual([`metallb: ${proposal(ranges.join(" and "))}`]);
    expect(file.text).toContain("  # n1 has fd00:1::10, too.\n  - name: n1\n");
    expect(checked(file).problems).toStrictEqual([]);
  });

  test("of IPv6 alone", async () => {
    const file = await init({
      ...dualStack(),
      [paths.nodes]: { items: [node("n1", ["fd00:1::10"], { labels: controlPlane }), node("n2", ["fd00:1::11"])] },
      [paths.services]: { items: [apiService("fd00:10:96::1")] },
      [kubeadmPath]: kubeadmConfig("fd00:10:244::/56", "fd00:10:96::/112"),
    });
    expect(contentOf(file).metallb.pools[0]?.addresses.map(({ text }) => text)).toStrictEqual([
      "fd00:1::f000-fd00:1::f00a",
    ]);
    expect(checked(file).problems).toStrictEqual([]);
  });

  test("with one node, which kubeadm excludes from load balancers, lets it announce", async () => {
    const labels = { ...controlPlane, ...excluded };
    const file = await init({ ...kubeadm(), [paths.nodes]: { items: [node("alone", ["10.0.0.5"], { labels })] } });
    expect(contentOf(file).metallb.ignoreExcludeLB).toBe(true);
    expect(file.text).toContain("without this none would announce.\n  ignoreExcludeLB: true\n");
    expect(checked(file).problems).toStrictEqual([]);
  });

  test.each([
    ["v1.18.20", "0.11.0"],
    ["v1.20.2", "0.13.12"],
    ["v1.21.0", "0.16.2"],
    ["v1.31.4+k3s1", "0.16.2"],
  ])(
    "on Kubernetes %s takes MetalLB %s, the newest that runs there, of those that are proven",
    async (gitVersion, version) => {
      const file = await init({ ...kubeadm(), "/version": { gitVersion } });
      expect(contentOf(file).metallb.version).toBe(version);
      expect(checked(file).problems).toStrictEqual([]);
    },
  );

  test("says that the stacks were here before", async () => {
    const { notes, text } = await init({ ...kubeadm(), [originalPath]: { data: {} } });
    expect(notes[0]).toBe(
      "name: These stacks were deployed to this cluster before (ConfigMap kube-system/baremetal-lb-kube-proxy-original). Their state knows what they made: give the file the name and the state that it had, or run npx baremetal-lb adopt.",
    );
    expect(text).toContain("# Names the state and the workspaces.\n# These stacks were deployed to this cluster");
  });

  test("says what it may not look at, and goes on without", async () => {
    const refused = "/apis/networking.k8s.io/v1/servicecidrs/kubernetes";
    const file = await init({ ...kubeadm(), [refused]: forbidden });
    expect(file.notes).toContain(`kubernetes: Not looked at: the Kubernetes API answers 403 to GET ${refused}.`);
    expect(contentOf(file).kubernetes.serviceCIDR).toBe("10.96.0.0/12");
  });

  test("ends where the API may not be asked for what nothing can be written without", async () => {
    await expect(init({ ...kubeadm(), [paths.nodes]: forbidden })).rejects.toThrow(
      "the Kubernetes API answers 403 to GET /api/v1/nodes: ",
    );
  });

  test("ends where what answers tells no version", async () => {
    await expect(init({ ...kubeadm(), "/version": {} })).rejects.toThrow(
      "GET /version tells no version of Kubernetes, but undefined; expected one such as v1.35.4: see whether the context leads to a Kubernetes API",
    );
  });
});

describe(`${fault(208)}: init of a cluster whose kube-proxy is not kubeadm's`, () => {
  const of = (
    kubelet: string,
    changes: Objects = {},
    labels: Readonly<Record<string, string>> = controlPlane,
  ): Objects => ({
    ...kubeadm(),
    [kubeadmPath]: undefined,
    [paths.kubeProxyConfig]: undefined,
    [paths.kubeProxy]: undefined,
    [paths.nodes]: {
      items: [
        node("server", ["10.1.0.1"], {
          labels,
          kubelet,
          podCIDRs: ["10.42.0.0/24"],
          annotations: kubelet.includes("k3s") ? k3sArguments : {},
        }),
        node("agent", ["10.1.0.2"], { kubelet, podCIDRs: ["10.42.1.0/24"] }),
      ],
    },
    [paths.services]: { items: [apiService("10.43.0.1")] },
    ...changes,
  });

  const k3sArguments = {
    "k3s.io/node-args": '["server","--service-cidr=10.50.0.0/16","--cluster-cidr","10.49.0.0/16"]',
  };

  test("k3s, which tells its networks by the arguments of its server", async () => {
    const servicelb = {
      metadata: { namespace: "kube-system", name: "traefik" },
      spec: { type: "LoadBalancer" },
      status: { loadBalancer: { ingress: [{ ip: "10.1.0.1" }, { ip: "10.1.0.2" }] } },
    };
    const file = await init(of("v1.31.4+k3s1", { [paths.services]: { items: [apiService("10.50.0.1"), servicelb] } }));
    const { kubernetes, kubeProxy } = contentOf(file);
    expect(kubernetes).toMatchObject({
      nodeKubeconfig: "/etc/rancher/k3s/k3s.yaml",
      podCIDR: "10.49.0.0/16",
      serviceCIDR: "10.50.0.0/16",
    });
    expect(kubeProxy).toStrictEqual({ mode: "unmanaged" });
    expect(file.notes).toStrictEqual([
      "kubeProxy: unmanaged: this is k3s, which gives kube-proxy its settings itself. The stacks then prove that Services work on each node, and change nothing of it.",
      `metallb: ${proposal("10.1.0.240-10.1.0.250")}`,
      "metallb: Service kube-system/traefik has 10.1.0.1: it is node server's own address, which another load balancer gives, such as k3s' ServiceLB: switch the other load balancer off (k3s: 'disable: [servicelb]' in /etc/rancher/k3s/config.yaml on every server, then restart k3s); MetalLB then gives the Service an address of a pool.",
    ]);
    expect(checked(file).problems).toStrictEqual([]);
  });

  test(`${fault(87)}: k3s gives a node's external address, where it was told one`, async () => {
    const addresses = [
      { type: "InternalIP", address: "10.1.0.1" },
      { type: "ExternalIP", address: "203.0.113.7" },
    ];
    const server = { ...node("server", [], { labels: controlPlane, kubelet: "v1.31.4+k3s1" }) };
    const servicelb = {
      metadata: { namespace: "kube-system", name: "traefik" },
      spec: { type: "LoadBalancer" },
      status: { loadBalancer: { ingress: [{ ip: "203.0.113.7" }] } },
    };
    const file = await init(
      of("v1.31.4+k3s1", {
        [paths.nodes]: { items: [{ ...server, status: { ...server.status, addresses } }] },
        [paths.services]: { items: [apiService("10.50.0.1"), servicelb] },
      }),
    );
    expect(file.notes.at(-1)).toContain("traefik has 203.0.113.7: it is node server's own address, which another load");
  });

  test.each([
    [
      "RKE2",
      of("v1.31.4+rke2r1"),
      "this is RKE2, which gives kube-proxy its settings itself.",
      "/etc/rancher/rke2/rke2.yaml",
    ],
    [
      "k0s, whose ConfigMap has kubeadm's name",
      of("v1.31.4+k0s", {
        [paths.kubeProxyConfig]: { data: { "config.conf": "mode: iptables\n" } },
        [paths.kubeProxy]: {},
      }),
      "this is k0s, which gives kube-proxy its settings itself.",
      "/var/lib/k0s/pki/admin.conf",
    ],
    [
      "Cilium",
      of("v1.31.4", { [ciliumPath]: { data: { "kube-proxy-replacement": "true" } } }),
      "Cilium stands in kube-proxy's place (kube-proxy-replacement in ConfigMap kube-system/cilium-config). It needs no setting, MetalLB works with it as it is.",
      "/etc/kubernetes/admin.conf",
    ],
    [
      "another one",
      of("v1.31.4-gke.1"),
      "this cluster's kube-proxy was not set up by kubeadm (k3s and RKE2 set kube-proxy by arguments of their own, Cilium may replace it, and some managed clusters hide it).",
      "/etc/kubernetes/admin.conf",
    ],
  ])("%s", async (_name, objects, reason, nodeKubeconfig) => {
    const file = await init(objects);
    const { kubernetes, kubeProxy } = contentOf(file);
    expect(kubeProxy).toStrictEqual({ mode: "unmanaged" });
    expect(kubernetes.nodeKubeconfig).toBe(nodeKubeconfig);
    expect(file.notes).toContain(
      `kubeProxy: unmanaged: ${reason} The stacks then prove that Services work on each node, and change nothing of it.`,
    );
    expect(file.text.replace(/\s*\n\s*#/g, "")).toContain(reason);
    expect(checked(file).problems).toStrictEqual([]);
  });

  test("and nothing tells its networks: they are guessed, and called so", async () => {
    const file = await init(of("v1.31.4+rke2r1", {}, controlPlane));
    const { kubernetes } = contentOf(file);
    expect(kubernetes).toMatchObject({ podCIDR: "10.42.0.0/16", serviceCIDR: "10.43.0.0/16" });
    expect(file.notes.slice(0, 2)).toStrictEqual([
      "kubernetes: Nothing tells the pods' network. This one is guessed from the parts of it that nodes have: look at it.",
      "kubernetes: Nothing tells the Services' network. This one is guessed from the address of Service default/kubernetes: look at it.",
    ]);
  });
});
