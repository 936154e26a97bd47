import { announcing, metrics, paths, webService } from "./healthy-cluster";
import { fault } from "../../faults";
import { checksOf, notPassed } from "./looked-at";

const heal = "npx baremetal-lb heal";

describe("a LoadBalancer Service", () => {
  it("without an address, with the latest event of the controller", async () => {
    const event = (lastTimestamp: string, message: string) => ({ lastTimestamp, message });
    const changes = {
      [paths.services]: { items: [webService()] },
      [paths.events]: {
        items: [
          event("2026-01-01T00:00:02Z", 'Failed to allocate IP for "default/web": no available IPs'),
          event("2026-01-01T00:00:01Z", "older"),
        ],
      },
    };
    expect(await notPassed(changes)).toStrictEqual([
      {
        id: "service.address",
        place: "default/web",
        status: "failed",
        text: 'Service default/web has no address: Failed to allocate IP for "default/web": no available IPs',
        remedy:
          "see that the controller runs; if the pool is used up, enlarge it in cluster.yaml, then npx cdktf deploy '*'",
      },
    ]);
  });

  it("with an address of no pool", async () => {
    expect(
      (await notPassed({ [paths.services]: { items: [webService("192.168.1.251")] } })).map(({ text }) => text),
    ).toStrictEqual(["Service default/web has 192.168.1.251, which is in no declared pool"]);
  });

  it(`${fault(87)}: with a node's address, which another load balancer gave`, async () => {
    expect(await notPassed({ [paths.services]: { items: [webService("192.168.1.10")] } })).toStrictEqual([
      {
        id: "service.address",
        place: "default/web",
        status: "failed",
        text: "Service default/web has 192.168.1.10, which is in no declared pool: it is node node1's own address, which another load balancer gives, such as k3s' ServiceLB",
        remedy:
          "switch the other load balancer off (k3s: 'disable: [servicelb]' in /etc/rancher/k3s/config.yaml on every server, then restart k3s); MetalLB then gives the Service an address of a pool",
      },
    ]);
  });

  it(`${fault(87)}: with a node's external address, which cluster.yaml does not have`, async () => {
    const addresses = [{ type: "ExternalIP", address: "203.0.113.7" }];
    const items = [{ metadata: { name: "node1" }, status: { addresses } }];
    const found = await notPassed({
      [paths.nodes]: { items },
      [paths.services]: { items: [webService("203.0.113.7")] },
    });
    expect(found.filter(({ id }) => id === "service.address").map(({ text }) => text)).toStrictEqual([
      "Service default/web has 203.0.113.7, which is in no declared pool: it is node node1's own address, which another load balancer gives, such as k3s' ServiceLB",
    ]);
  });

  it(`${fault(90)}: of two addresses each is looked at`, async () => {
    const both = webService("192.168.1.240");
    const ingress = [{ ip: "192.168.1.240" }, { ip: "fd00::1" }];
    const items = [{ ...both, status: { loadBalancer: { ingress } } }];
    expect((await notPassed({ [paths.services]: { items } })).map(({ text }) => text)).toStrictEqual([
      "Service default/web has fd00::1, which is in no declared pool",
    ]);
  });

  it("that two nodes announce", async () => {
    const found = await notPassed({ [paths.metrics("speaker-2")]: metrics({ announced: announcing("node2") }) });
    expect(found).toStrictEqual([
      {
        id: "service.announced",
        place: "default/web",
        status: "failed",
        text: "2 nodes announce 192.168.1.240 of Service default/web: node1 and node2",
        remedy: `see the checks of the memberlist; ${heal}`,
      },
    ]);
  });

  it.each([
    [[{ addresses: [{ ip: "10.244.1.2" }] }], "failed", "no node announces 192.168.1.240 of Service default/web"],
    [
      [{ notReadyAddresses: [{ ip: "10.244.1.2" }] }],
      "skipped",
      "192.168.1.240 of Service default/web is not announced: the Service has no ready endpoint",
    ],
  ])("that nobody announces, with the endpoints %j", async (subsets, status, text) => {
    const found = await notPassed({ [paths.metrics("speaker-1")]: metrics(), [paths.endpoints]: { subsets } });
    expect(found.map((check) => [check.status, check.text])).toStrictEqual([[status, text]]);
  });

  it(`${fault(138)}: of a pool that something else announces is right while MetalLB is silent`, async () => {
    const [{ id, place }] = [{ id: "service.announced", place: "default/web" }];
    const of = async (announced: string) => {
      const metallb = { version: "0.9.6", pools: [{ name: "p", protocol: "none", addresses: ["192.168.1.240/32"] }] };
      const changes = { [paths.metrics("speaker-1")]: metrics({ announced }) };
      return (await checksOf(changes, { metallb })).filter((check) => check.id === id);
    };
    expect(await of("")).toStrictEqual([
      {
        id,
        place,
        status: "passed",
        text: "MetalLB does not announce 192.168.1.240 of Service default/web, as the pool p is declared (protocol: none)",
      },
    ]);
    expect(await of(announcing("node1"))).toStrictEqual([
      {
        id,
        place,
        status: "failed",
        text: "node1 announces 192.168.1.240 of Service default/web, and the pool p is declared with protocol: none",
        remedy: "remove the announcement that is not declared, or set another protocol of the pool p in cluster.yaml",
      },
    ]);
  });

  it("of a pool of both protocols is announced by one node by layer2, and by any by BGP", async () => {
    const pools = [{ name: "p", protocol: "bgp", l2Advertisements: [{}], addresses: ["192.168.1.240/32"] }];
    const byBgp = (node: string) => announcing(node).replace("layer2", "bgp");
    const of = async (first: string, second: string) => {
      const changes = {
        [paths.metrics("speaker-1")]: metrics({ announced: first }),
        [paths.metrics("speaker-2")]: metrics({ announced: second }),
      };
      const found = await checksOf(changes, { metallb: { version: "0.9.6", pools } });
      return found.filter(({ id }) => id === "service.announced").map(({ status, text }) => `${status}: ${text}`);
    };
    expect(await of(`${announcing("node1")}\n${byBgp("node1")}`, byBgp("node2"))).toStrictEqual([
      "passed: node1 announces 192.168.1.240 of Service default/web (layer2)",
      "passed: node1 and node2 announce 192.168.1.240 of Service default/web (bgp)",
    ]);
    expect(await of(announcing("node1"), announcing("node2"))).toStrictEqual([
      "failed: 2 nodes announce 192.168.1.240 of Service default/web by layer2: node1 and node2",
      "skipped: 192.168.1.240 of Service default/web is not announced by bgp: the Service has no ready endpoint",
    ]);
  });

  it("that is being deleted, or belongs to a trial, is not looked at", async () => {
    const deleted = {
      ...webService(),
      metadata: { namespace: "default", name: "old", deletionTimestamp: "2026-01-01T00:00:00Z" },
    };
    const ofTrial = { ...webService(), metadata: { namespace: "baremetal-lb-verify-a", name: "trial" } };
    const items = [webService("192.168.1.240"), deleted, ofTrial];
    expect(await notPassed({ [paths.services]: { items } })).toStrictEqual([]);
  });

  it("there is none", async () => {
    expect(await notPassed({ [paths.services]: { items: [] } })).toStrictEqual([
      { id: "service.address", place: "cluster", status: "skipped", text: "there is no LoadBalancer Service" },
    ]);
  });
});
