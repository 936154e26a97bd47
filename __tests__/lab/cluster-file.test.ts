import { parse } from "yaml";
import { clusterSchema } from "../../cluster/schema";
import { clusterYaml } from "../../lab/cluster/cluster-file";
import { openLab } from "../../lab/lab-settings";
import { planNodes } from "../../lab/network-plan";

const key =
  "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBIha9ObZkun8f5qndmO8GSlcDoK/2Qn+XnG029nRaOO6DCxMZ8mUtplMAYlOix2UlGHfO/rJcjD9d8QQRcVKMCc=";

test("the lab's cluster.yaml has the versions that the lab was asked for", () => {
  const lab = openLab({ kubernetes: "1.36.4", metallb: "0.15.2", alsoMetallb: ["0.9.6"] }, { LAB_DIR: "/somewhere" });
  const { kubernetes, metallb } = parse(clusterYaml(lab, planNodes(1), () => key));
  expect({ kubernetes: kubernetes.version, metallb: metallb.version }).toStrictEqual({
    kubernetes: "1.36.4",
    metallb: "0.15.2",
  });
});

test("of several ways to do BGP the first is in cluster.yaml", () => {
  const bgpType = (...bgpTypes: string[]) => {
    const lab = openLab({ metallb: "0.16.2", bgpTypes }, { LAB_DIR: "/somewhere" });
    return clusterSchema.parse(parse(clusterYaml(lab, planNodes(1), () => key))).metallb.bgpType;
  };
  expect([bgpType(), bgpType("frr", "frr-k8s"), bgpType("native", "frr-k8s")]).toStrictEqual([
    "native",
    "frr",
    "native",
  ]);
});

test("the lab's cluster.yaml passes the project's schema as it stands", () => {
  const lab = openLab({}, { LAB_DIR: "/somewhere" });
  const config = clusterSchema.parse(parse(clusterYaml(lab, planNodes(2), () => key)));
  expect({
    name: config.name,
    kubernetes: config.kubernetes,
    nodes: config.nodes,
    user: config.ssh.user,
    sudo: config.ssh.sudo,
    authentication: config.ssh.authentication,
    metallb: config.metallb.version,
    pools: config.metallb.pools.map(({ name, protocol, addresses }) => ({
      name,
      protocol,
      addresses: addresses.map(({ text }) => text),
    })),
  }).toStrictEqual({
    name: "lab",
    kubernetes: {
      version: "1.35.4",
      credentials: { source: "kubeconfig", path: "/somewhere/run/kubeconfig", context: "kubernetes-admin@lab" },
      nodeKubeconfig: "/etc/kubernetes/admin.conf",
      podCIDR: "10.244.0.0/16",
      serviceCIDR: "10.96.0.0/12",
    },
    nodes: [
      { name: "node1", address: "10.89.0.11", role: "control-plane", hostKey: key },
      { name: "node2", address: "10.89.0.12", role: "worker", hostKey: key },
    ],
    user: "ops",
    sudo: true,
    authentication: { method: "keyFile", path: "/somewhere/run/ssh/id_ed25519" },
    metallb: "0.9.6",
    pools: [{ name: "default", protocol: "layer2", addresses: ["10.89.0.240-10.89.0.250"] }],
  });
});

test.each([
  { ipFamilies: ["IPv4", "IPv6"], address: "10.89.0.11", podCIDR: "10.244.0.0/16,fd00:244::/48" },
  { ipFamilies: ["IPv6"], address: "fd00:89::11", podCIDR: "fd00:244::/48" },
] as const)(
  "with $ipFamilies it has networks and a pool of each, and passes the schema",
  ({ ipFamilies, ...expected }) => {
    const lab = openLab({ ipFamilies, metallb: "0.15.2" }, { LAB_DIR: "/somewhere" });
    const { kubernetes, nodes, metallb } = clusterSchema.parse(parse(clusterYaml(lab, planNodes(1), () => key)));
    expect({ address: nodes[0]?.address, podCIDR: kubernetes.podCIDR }).toStrictEqual(expected);
    expect(metallb.pools.flatMap(({ addresses }) => addresses.map(({ family }) => `IPv${family}`))).toStrictEqual(
      ipFamilies,
    );
  },
);
