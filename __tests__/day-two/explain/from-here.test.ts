import { createServer, type AddressInfo } from "node:net";
import { answerChecks } from "../../../day-two/explain/answer";
import type { Facts, FromHere } from "../../../day-two/explain/facts";
import { ownAddressTowards, tryConnection } from "../../../day-two/explain/from-here";
import { failed, passed } from "../../../day-two/verify/check";
import { fault } from "../../faults";

it("a connection is made or refused", async () => {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  expect(await tryConnection("127.0.0.1", port)).toStrictEqual({ address: "127.0.0.1", port, outcome: "answers" });
  await new Promise((done) => server.close(done));
  expect(await tryConnection("127.0.0.1", port)).toStrictEqual({ address: "127.0.0.1", port, outcome: "refused" });
});

it("this host asks from the address that its routes give", async () => {
  expect(await ownAddressTowards("127.0.0.9")).toBe("127.0.0.1");
});

describe(`${fault(217)}: of an answer that did not come`, () => {
  const address = "192.168.1.240";
  const near: FromHere = {
    own: [],
    onNetwork: [address],
    asksFrom: { [address]: "192.168.1.7" },
    connections: [{ address, port: 80, outcome: "silent" }],
    arp: [],
  };
  const range = { text: "a", family: 4 as const, first: 0n, last: 2n ** 32n - 1n };
  const announcement = {
    subject: "L2Advertisement default",
    protocol: "layer2" as const,
    nodeSelectors: [],
    serviceSelectors: [],
    interfaces: [],
    preferences: [],
  };
  const facts = (fromHere: FromHere, spec: object = {}) =>
    ({
      service: {
        metadata: { namespace: "default", name: "web" },
        spec: { ports: [{ port: 80 }], ...spec },
        status: { loadBalancer: { ingress: [{ ip: address }] } },
      },
      live: {
        pools: [
          {
            name: "default",
            addresses: [range],
            avoidBuggyIPs: false,
            autoAssign: true,
            announcements: [announcement],
          },
        ],
        peers: [],
      },
      fromHere,
    }) as unknown as Facts;
  const told = (...given: Parameters<typeof answerChecks>) =>
    answerChecks(...given).map(({ status, text, remedy }) => [status, text, ...(remedy === undefined ? [] : [remedy])]);
  const silent = `${address}:80 does not answer this host within 3 s`;
  const noMac = failed("answer.arp", "default/web", `ARP for ${address}: 0 MACs answer (none), expected one`);

  it("nothing else is known to be wrong: what is between", () => {
    expect(told(facts(near), [])).toStrictEqual([
      [
        "failed",
        silent,
        "see the firewalls between this host and the nodes, and whether the switch lets a node answer for other addresses",
      ],
    ]);
  });

  it("something was wrong before, of which it is a consequence, as that nobody answers ARP", () => {
    expect(told(facts({ ...near, arp: [noMac] }), [failed("a", "b", "c")])).toStrictEqual([
      ["skipped", noMac.text],
      ["skipped", silent],
    ]);
  });

  it("nobody or several answer ARP, which then is the cause", () => {
    expect(told(facts({ ...near, arp: [noMac] }), [passed("a", "b", "c")])).toStrictEqual([
      ["failed", noMac.text],
      ["skipped", silent],
    ]);
  });

  it("this host is elsewhere", () => {
    const away: FromHere = { ...near, onNetwork: [], connections: [{ address, port: 80, outcome: "no route" }] };
    expect(told(facts(away), [])).toStrictEqual([
      ["skipped", `ARP was not asked: this host is not on the network of ${address}`],
      [
        "failed",
        `this host has no route to ${address}:80, and this host is not on its network`,
        "see this host's routes, or ask from a host on the nodes' network",
      ],
    ]);
  });

  it("this host is a node, or there is no port of TCP: it was not asked", () => {
    expect(told(facts({ ...near, own: ["192.168.1.10"] }), [])).toStrictEqual([
      ["skipped", "this host is a node (192.168.1.10): its answer would prove nothing"],
    ]);
    expect(told(facts(near, { ports: [{ port: 53, protocol: "UDP" }] }), [])).toStrictEqual([
      ["skipped", "the Service has no port of TCP: it was not asked"],
    ]);
  });

  it("the Service lets in some networks, this host's among them", () => {
    const [first] = told(facts(near, { loadBalancerSourceRanges: ["192.168.1.0/24", "fd00::/8"] }), []);
    expect(first).toStrictEqual([
      "passed",
      "Service default/web lets in 192.168.1.0/24 and fd00::/8 (loadBalancerSourceRanges)",
    ]);
  });
});
