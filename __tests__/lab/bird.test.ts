import { birdConfiguration, parseBfdSessions, parseRoutes } from "../../lab/router/bird";

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
  error wait time 1, 5;
  ipv4 { import all; export none; };
}
protocol bgp node2 {
  local 10.89.0.6 as 64513;
  neighbor 10.89.0.12 as 64999;
  passive on;
  error wait time 1, 5;
  ipv4 { import all; export none; };
}
`);
});

test("with BFD it watches the way to each peer, and gives a session up when it is lost", () => {
  const peers = [{ name: "node1", address: "10.89.0.11", asn: 64512 }];
  const bfd = { intervalMilliseconds: 300, multiplier: 3 };
  expect(birdConfiguration({ address: "10.89.0.6", asn: 64513, bfd, peers })).toBe(`log stderr all;
router id 10.89.0.6;
protocol device { }
protocol kernel {
  merge paths on;
  ipv4 { import none; export where source = RTS_BGP; };
}
protocol bfd {
  interface "*" { interval 300 ms; multiplier 3; };
}
protocol bgp node1 {
  local 10.89.0.6 as 64513;
  neighbor 10.89.0.11 as 64512;
  passive on;
  error wait time 1, 5;
  bfd on;
  ipv4 { import all; export none; };
}
`);
});

test("with an address of IPv6 it has peers of both families, and forwards both", () => {
  const peers = [
    { name: "node1", address: "10.89.0.11", asn: 64512 },
    { name: "node1_IPv6", address: "fd00:89::11", asn: 64512 },
  ];
  const text = birdConfiguration({ address: "10.89.0.6", ipv6Address: "fd00:89::6", asn: 64513, peers });
  const lines = text.split("\n").filter((line) => /^protocol|^ +(local|neighbor|ipv[46])/.test(line));
  expect(lines).toStrictEqual([
    "protocol device { }",
    "protocol kernel {",
    "  ipv4 { import none; export where source = RTS_BGP; };",
    "protocol kernel {",
    "  ipv6 { import none; export where source = RTS_BGP; };",
    "protocol bgp node1 {",
    "  local 10.89.0.6 as 64513;",
    "  neighbor 10.89.0.11 as 64512;",
    "  ipv4 { import all; export none; };",
    "protocol bgp node1_IPv6 {",
    "  local fd00:89::6 as 64513;",
    "  neighbor fd00:89::11 as 64512;",
    "  ipv6 { import all; export none; };",
  ]);
});

test("BFD: each neighbour's session in order, and what it says", () => {
  const answer = [
    "BIRD 2.0.12 ready.",
    "bfd1:",
    "IP address                Interface  State      Since         Interval  Timeout",
    "10.89.0.12                eth0       Down       23:41:07.391    1.000    0.000",
    "10.89.0.11                eth0       Up         23:41:06.012    0.300    0.900",
    "",
  ].join("\n");
  expect(Object.entries(parseBfdSessions(answer))).toStrictEqual([
    ["10.89.0.11", "Up"],
    ["10.89.0.12", "Down"],
  ]);
  expect(parseBfdSessions("BIRD 2.0.12 ready.\n")).toStrictEqual({});
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
