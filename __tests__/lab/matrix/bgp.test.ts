import { readFileSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { proven, type ProvenCluster } from "../../../lab/proven";
import * as lab from "../../../lab/lab";
import { clusterAsn, routerAddress, routerAsn } from "../../../lab/network-plan";
import { runFiles } from "../../../lab/run-files";
import { waitFor } from "../../../lab/wait";
import { kubectl } from "../core/cluster";
import { onLab } from "../core/on-lab";
import { allAnswerBehindRouter, routesBecome } from "../core/routes";

// Services whose addresses are announced by BGP, to a router that is on the nodes' network.

const nodes = ["node1", "node2"];
const pool = "10.91.0.0/24";
const address = "10.91.0.0";
const bgp = {
  pools: [{ name: "default", protocol: "bgp", addresses: [pool] }],
  peers: [{ peerAddress: routerAddress, peerASN: routerAsn, myASN: clusterAsn, holdTime: "9s" }],
};

/** The way of a Service's address with one MetalLB version, from its pool to a client behind the router, and back. */
function bgpPath({ kubernetes, kernel, metallb: [version] }: ProvenCluster): void {
  onLab(`BGP with MetalLB ${version} on Kubernetes ${kubernetes}`, () => {
    let layer2: string;
    const configure = (metallb: object) => {
      const config = parse(layer2);
      const { clusterConfig } = runFiles(lab.runningLab().lab);
      writeFileSync(clusterConfig, stringify({ ...config, metallb: { ...config.metallb, ...metallb } }));
    };
    const hops = () => nodes.map((name) => lab.findNode(name).address);

    beforeAll(async () => {
      await lab.down();
      await lab.up({ nodes: nodes.length, kubernetes, kernel, metallb: version });
      layer2 = readFileSync(runFiles(lab.runningLab().lab).clusterConfig, "utf8");
      await lab.startRouter();
      configure(bgp);
      await lab.deploy();
    }, 2_400_000);

    test("the router has no route before there is a Service", async () => {
      expect(await lab.routes()).toEqual({});
    });

    test("a Service's address is a route to every node, and answers a client that has no other way", async () => {
      await lab.applyWeb();
      await routesBecome({ [`${address}/32`]: hops() });
      const status = ["-o", "jsonpath={.status.loadBalancer.ingress[*].ip}"];
      expect(await kubectl("get", "service", "web", ...status)).toBe(address);
      const pods = (await kubectl("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[*].metadata.name}")).split(
        " ",
      );
      expect(pods).toHaveLength(2);
      await allAnswerBehindRouter(address, pods);
    });

    test("nobody answers ARP for the address", async () => {
      expect(await lab.macsFor(address)).toEqual([]);
    });

    test("a node that is gone is no next hop after the hold time, and the other one answers", async () => {
      const [first = "", second = ""] = hops();
      await lab.stopNode("node2");
      await routesBecome({ [`${address}/32`]: [first] });
      await waitFor({ what: "an answer through node1", timeoutSeconds: 30 }, async () => {
        return (await lab.requestFromBehindRouter(address)).body;
      });
      await lab.startNode("node2");
      await routesBecome({ [`${address}/32`]: [first, second] });
      // It may have run on that node. Without it MetalLB 0.13 and later accept no change of a pool.
      await kubectl("-n", "metallb-system", "rollout", "status", "deployment/controller", "--timeout=120s");
    });

    test("without the Service the route is withdrawn", async () => {
      await kubectl("delete", "service", "web");
      await routesBecome({});
      expect(await lab.requestFromBehindRouter(address)).not.toHaveProperty("body");
    });

    test("a pool that is layer2 again works as such, with no session left", async () => {
      configure({});
      await lab.deploy();
      await lab.applyWeb();
      expect(nodes).toContain((await lab.prove()).node);
      expect(await lab.routes()).toEqual({});
    });
  });
}

proven["matrix/bgp"].runs.forEach(bgpPath);
