import { cniConfiguration, hostsFile, kubeletEnvironment, nodeEnvironment } from "../../lab/cluster/node-files";
import { openLab } from "../../lab/lab-settings";
import { type IpFamilies, planNode, planNodes } from "../../lab/network-plan";

const [node1, node2] = [planNode(1), planNode(2)];

test("a node knows its own address, the way to the others' pods, and to what is behind the router", () => {
  expect(nodeEnvironment(node1, planNodes(3), ["IPv4"])).toBe(
    [
      'ADDRESSES="10.89.0.11/24"',
      'ROUTES="0.0.0.0/0=10.89.0.1 10.244.2.0/24=10.89.0.12 10.244.3.0/24=10.89.0.13 10.90.0.0/24=10.89.0.6"',
      "",
    ].join("\n"),
  );
  expect(nodeEnvironment(node1, [node1], ["IPv4"])).toContain('ROUTES="0.0.0.0/0=10.89.0.1 10.90.0.0/24=10.89.0.6"\n');
  expect(hostsFile([node1, node2])).toBe("127.0.0.1 localhost\n10.89.0.11 node1\n10.89.0.12 node2\n");
});

test("with IPv6 a node has an address and routes of both families", () => {
  const both = [
    'ADDRESSES="10.89.0.11/24 fd00:89::11/64"',
    'ROUTES="0.0.0.0/0=10.89.0.1 10.244.2.0/24=10.89.0.12 ::/0=fd00:89::1 fd00:244:0:2::/64=fd00:89::12 10.90.0.0/24=10.89.0.6 fd00:90::/64=fd00:89::6"',
    "",
  ].join("\n");
  expect(nodeEnvironment(node1, [node1, node2], ["IPv4", "IPv6"])).toBe(both);
  expect(nodeEnvironment(node1, [node1, node2], ["IPv6"])).toBe(both);
});

test("kubelet reports the addresses of the cluster's families, in their order", () => {
  const flags = (kubernetes: string, ipFamilies: IpFamilies) =>
    kubeletEnvironment(openLab({ kubernetes, ipFamilies }, { LAB_DIR: "/somewhere" }), node2);
  expect(flags("1.35.4", ["IPv6", "IPv4"])).toBe("KUBELET_FLAGS=--node-ip=fd00:89::12,10.89.0.12\n");
  expect(flags("1.20.2", ["IPv4"])).toBe(
    "KUBELET_FLAGS=--container-runtime=remote --container-runtime-endpoint=unix:///run/containerd/containerd.sock --network-plugin=cni --node-ip=10.89.0.12\n",
  );
});

test("a node's pods have addresses out of its own network", () => {
  expect(JSON.parse(cniConfiguration(node2, ["IPv4"]))).toStrictEqual({
    cniVersion: "0.4.0",
    name: "lab",
    plugins: [
      {
        type: "bridge",
        bridge: "cni0",
        isGateway: true,
        ipMasq: true,
        hairpinMode: true,
        ipam: { type: "host-local", ranges: [[{ subnet: "10.244.2.0/24" }]], routes: [{ dst: "0.0.0.0/0" }] },
      },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  });
});

test("in a dual-stack cluster pods have an address of each family", () => {
  const { ipam } = JSON.parse(cniConfiguration(node2, ["IPv4", "IPv6"])).plugins[0];
  expect(ipam).toStrictEqual({
    type: "host-local",
    ranges: [[{ subnet: "10.244.2.0/24" }], [{ subnet: "fd00:244:0:2::/64" }]],
    routes: [{ dst: "0.0.0.0/0" }, { dst: "::/0" }],
  });
});
