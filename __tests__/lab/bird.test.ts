import { birdConfiguration, parseRoutes } from "../../lab/router/bird";

test("the router waits for its peers to connect, takes their routes, and forwards by all next hops", () => {
  const peers = [
    { name: "node1", address: "10.89.0.11", asn: 64512 },
    { name: "node2", address: "10.89.0.12", asn: 64999 },
  ];
  expect(birdConfiguration({ address: "10.89.0.6", asn: 64513, peers })).toBe(`log stderr all;
router id 10.89.0.6;
protocol device { }
protocol kernel {
  merge paths on;
  ipv4 { import none; export where source = RTS_BGP; };
}
protocol bgp node1 {
  local 10.89.0.6 as 64513;
  neighbor 10.89.0.11 as 64512;
  passive on;
  ipv4 { import all; export none; };
}
protocol bgp node2 {
  local 10.89.0.6 as 64513;
  neighbor 10.89.0.12 as 64999;
  passive on;
  ipv4 { import all; export none; };
}
`);
});

test("routes: each prefix with its next hops, whichever of them is the best", () => {
  const answer = [
    "BIRD 2.0.12 ready.",
    "Table master4:",
    "10.91.0.1/32         unicast [node2 11:22:33.456] * (100) [AS64512i]",
    "\tvia 10.89.0.12 on eth0",
    "                     unicast [node1 11:22:33.789] (100) [AS64512i]",
    "\tvia 10.89.0.11 on eth0",
    "10.91.0.7/32         unicast [node1 11:22:33.789] * (100) [AS64512i]",
    "\tvia 10.89.0.11 on eth0",
    "",
  ].join("\n");
  expect(parseRoutes(answer)).toStrictEqual({
    "10.91.0.1/32": ["10.89.0.11", "10.89.0.12"],
    "10.91.0.7/32": ["10.89.0.11"],
  });
});

test("routes: none", () => {
  expect(parseRoutes("BIRD 2.0.12 ready.\n")).toStrictEqual({});
});
