import { networkCommands, routerNetworkCommands } from "../../lab/namespaces";
import { planNodes } from "../../lab/network-plan";

test("a node's addresses follow from its number", () => {
  expect(planNodes(2)).toStrictEqual([
    {
      number: 1,
      name: "node1",
      address: "10.89.0.11",
      mac: "02:00:0a:59:00:0b",
      tap: "tap1",
      addresses: { IPv4: "10.89.0.11", IPv6: "fd00:89::11" },
      podNetworks: { IPv4: "10.244.1.0/24", IPv6: "fd00:244:0:1::/64" },
      role: "control-plane",
    },
    {
      number: 2,
      name: "node2",
      address: "10.89.0.12",
      mac: "02:00:0a:59:00:0c",
      tap: "tap2",
      addresses: { IPv4: "10.89.0.12", IPv6: "fd00:89::12" },
      podNetworks: { IPv4: "10.244.2.0/24", IPv6: "fd00:244:0:2::/64" },
      role: "worker",
    },
  ]);
});

test("the network: one bridge, a tap per node, the outside host", () => {
  expect(networkCommands(planNodes(2), ["IPv4"])).toStrictEqual({
    cluster: [
      "link set lo up",
      "link add br0 type bridge forward_delay 0",
      "address add 10.89.0.1/24 dev br0",
      "link set br0 up",
      "link add client0 type veth peer name eth0 netns baremetal-lb-client",
      "link set client0 master br0 up",
      "tuntap add tap1 mode tap",
      "link set tap1 master br0 up",
      "route replace 10.244.1.0/24 via 10.89.0.11",
      "tuntap add tap2 mode tap",
      "link set tap2 master br0 up",
      "route replace 10.244.2.0/24 via 10.89.0.12",
    ],
    client: ["link set lo up", "address add 10.89.0.5/24 dev eth0", "link set eth0 up"],
  });
});

test("with IPv6 machines have both families, and pods those of the cluster", () => {
  const { cluster, client } = networkCommands(planNodes(1), ["IPv6"]);
  expect({ cluster: cluster.filter((line) => /^(address|route)/.test(line)), client }).toStrictEqual({
    cluster: [
      "address add 10.89.0.1/24 dev br0",
      "address add fd00:89::1/64 dev br0 nodad",
      "route replace fd00:244:0:1::/64 via fd00:89::11",
    ],
    client: [
      "link set lo up",
      "address add 10.89.0.5/24 dev eth0",
      "address add fd00:89::5/64 dev eth0 nodad",
      "link set eth0 up",
    ],
  });
});

test("the router's network: on the bridge, and a host behind it that has no other way", () => {
  expect(routerNetworkCommands(["IPv4"])).toStrictEqual({
    cluster: ["link add router0 type veth peer name eth0 netns baremetal-lb-router", "link set router0 master br0 up"],
    router: [
      "link set lo up",
      "address add 10.89.0.6/24 dev eth0",
      "link set eth0 up",
      "link add eth1 type veth peer name eth0 netns baremetal-lb-remote",
      "address add 10.90.0.1/24 dev eth1",
      "link set eth1 up",
    ],
    remote: [
      "link set lo up",
      "address add 10.90.0.2/24 dev eth0",
      "link set eth0 up",
      "route add 0.0.0.0/0 via 10.90.0.1",
    ],
  });
});

test("with IPv6 the router and the host behind it have addresses and a way of both families", () => {
  const { router, remote } = routerNetworkCommands(["IPv6"]);
  expect([router, remote].map((lines) => lines.filter((line) => /^(address|route)/.test(line)))).toStrictEqual([
    [
      "address add 10.89.0.6/24 dev eth0",
      "address add fd00:89::6/64 dev eth0 nodad",
      "address add 10.90.0.1/24 dev eth1",
      "address add fd00:90::1/64 dev eth1 nodad",
    ],
    [
      "address add 10.90.0.2/24 dev eth0",
      "address add fd00:90::2/64 dev eth0 nodad",
      "route add 0.0.0.0/0 via 10.90.0.1",
      "route add ::/0 via fd00:90::1",
    ],
  ]);
});
