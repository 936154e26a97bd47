import { cniConfiguration, hostsFile, nodeEnvironment } from "../../lab/cluster/node-files";
import { planNode, planNodes } from "../../lab/network-plan";

const [node1, node2] = [planNode(1), planNode(2)];

test("a node knows its own address, the way to the others' pods, and to what is behind the router", () => {
  expect(nodeEnvironment(node1, planNodes(3))).toBe(
    [
      "ADDRESS=10.89.0.11",
      "PREFIX=24",
      "GATEWAY=10.89.0.1",
      'ROUTES="10.244.2.0/24=10.89.0.12 10.244.3.0/24=10.89.0.13 10.90.0.0/24=10.89.0.6"',
      "",
    ].join("\n"),
  );
  expect(nodeEnvironment(node1, [node1])).toContain('ROUTES="10.90.0.0/24=10.89.0.6"\n');
  expect(hostsFile([node1, node2])).toBe("127.0.0.1 localhost\n10.89.0.11 node1\n10.89.0.12 node2\n");
});

test("a node's pods have addresses out of its own network", () => {
  expect(JSON.parse(cniConfiguration(node2))).toStrictEqual({
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
