import { readFileSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { proven, type ProvenCluster } from "../../../lab/proven";
import * as lab from "../../../lab/lab";
import { clusterAsn, familyPlans, type IpFamilies, type IpFamily, routerAsn } from "../../../lab/network-plan";
import { runFiles } from "../../../lab/run-files";
import { waitFor } from "../../../lab/wait";
import { apply, kubectl, pods } from "../core/cluster";
import { drift, heal, noDifferences } from "../core/drift";
import { onLab } from "../core/on-lab";
import { allAnswerBehindRouter, routesBecome } from "../core/routes";

// Services whose addresses are announced by a real FRR, beside the speakers or in frr-k8s' pods, to a router of another kind.
// The hold time is FRR's own, minutes: what is noticed sooner is noticed by BFD.

const stacks = ["nodes", "kube-proxy", "metallb-crds", "address-pools", "metallb"];
const nodes = ["node1", "node2"];
const noDrift = noDifferences(...stacks, ...nodes);
/** Of each family: the pool, and the first address out of it. */
const announced: Readonly<Record<IpFamily, { pool: string; address: string; prefix: string }>> = {
  IPv4: { pool: "10.91.0.0/24", address: "10.91.0.0", prefix: "10.91.0.0/32" },
  IPv6: { pool: "fd00:91::10-fd00:91::1f", address: "fd00:91::10", prefix: "fd00:91::10/128" },
};
/** Three packets of 300 ms, with a multiple of it for a busy machine, and far below the hold time. */
const bfdSeconds = 15;
const bgp = (families: IpFamilies) => ({
  pools: [{ name: "default", protocol: "bgp", addresses: families.map((family) => announced[family].pool) }],
  bfdProfiles: [{ name: "quick", receiveInterval: 300, transmitInterval: 300, detectMultiplier: 3 }],
  peers: families.map((family) => ({
    name: `router-${family.toLowerCase()}`,
    peerAddress: familyPlans[family].router,
    peerASN: routerAsn,
    myASN: clusterAsn,
    connectTime: "5s",
    bfdProfile: "quick",
  })),
});

/** Runs a command of FRR's shell where a node's FRR is. */
const vtysh = async (node: string, bgpType: string, command: string): Promise<string> => {
  const label = bgpType === "frr-k8s" ? "control-plane=frr-k8s" : "component=speaker";
  const ofNode = ["-n", "metallb-system", "get", "pods", "-l", label, "--field-selector", `spec.nodeName=${node}`];
  const pod = await kubectl(...ofNode, "-o", "name");
  return kubectl("-n", "metallb-system", "exec", pod, "-c", "frr", "--", "vtysh", "-c", command);
};

/** What `explain` says of the workload's Service and BGP sessions. */
async function sessionsTold(): Promise<string[]> {
  const { stdout, output } = await lab.baremetalLb(["explain", "default/web", "--json"]);
  if (stdout === "") throw new Error(output);
  const { story } = JSON.parse(stdout) as { story: { id: string; status: string; text: string }[] };
  return story.filter(({ id }) => id === "bgp.session").map(({ status, text }) => `${status} ${text}`);
}

interface BfdPeer {
  readonly peer: string;
  readonly status: string;
}

function frrPath(run: ProvenCluster): void {
  const { kubernetes, kernel, metallb, bgpTypes: [bgpType] = ["native"], ipFamilies: families = ["IPv4"] } = run;
  const [version] = metallb;
  onLab(`BGP by ${bgpType} with MetalLB ${version}, ${families} on Kubernetes ${kubernetes}`, () => {
    const hops = (family: IpFamily, names = nodes) => names.map((name) => lab.findNode(name).addresses[family]);
    const routesBy = (names = nodes) =>
      Object.fromEntries(families.map((family) => [announced[family].prefix, hops(family, names)]));
    const addresses = families.map((family) => announced[family].address);
    const sessionsAre = async (state: string) => {
      const expected = Object.fromEntries(families.flatMap((family) => hops(family)).map((hop) => [hop, state]));
      let seen = "";
      const what = `BFD to be ${state} at the router`;
      await waitFor({ what, timeoutSeconds: 60, intervalSeconds: 1, seen: () => seen }, async () => {
        seen = JSON.stringify(await lab.bfdSessions());
        return seen === JSON.stringify(expected) ? true : undefined;
      });
    };
    const statusAt = async (node: string) => {
      const peers = JSON.parse(await vtysh(node, bgpType, "show bfd peers json")) as BfdPeer[];
      return peers.map(({ peer, status }) => `${peer} ${status}`).sort();
    };
    const allRoutersAre = (status: string) =>
      families.map((family) => `${familyPlans[family].router} ${status}`).sort();

    beforeAll(async () => {
      await lab.down();
      await lab.up({
        nodes: nodes.length,
        kubernetes,
        kernel,
        metallb: version,
        bgpTypes: [bgpType],
        ipFamilies: families,
      });
      const { clusterConfig } = runFiles(lab.runningLab().lab);
      const { metallb: declared, ...config } = parse(readFileSync(clusterConfig, "utf8"));
      writeFileSync(clusterConfig, stringify({ ...config, metallb: { ...declared, ...bgp(families) } }));
      await lab.startRouter({ bfd: { intervalMilliseconds: 300, multiplier: 3 } });
    }, 2_400_000);

    test("cdktf deploy of every stack works from kubeadm's defaults, and gives each node a session with BFD", async () => {
      await lab.deploy();
      await sessionsAre("Up");
      for (const node of nodes) expect(await statusAt(node)).toEqual(allRoutersAre("up"));
      expect(await lab.routes()).toEqual({});
    }, 1_200_000);

    test("a Service's addresses are routes to every node, and answer a client that has no other way", async () => {
      await lab.applyWeb();
      await routesBecome(routesBy());
      const names = await kubectl("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[*].metadata.name}");
      expect(names.split(" ")).toHaveLength(2);
      for (const address of addresses) await allAnswerBehindRouter(address, names.split(" "));
    });

    test("drift is none, and a second deploy restarts no pod", async () => {
      expect(await drift()).toMatchObject({ code: 0, said: noDrift });
      const before = await pods("metallb-system");
      await lab.deploy();
      expect(await pods("metallb-system")).toEqual(before);
    });

    test("verify and status find all in order", async () => {
      for (const command of ["verify", "status"]) {
        const { code, output } = await lab.baremetalLb([command]);
        if (code !== 0) throw new Error(output);
      }
    });

    test("explain tells each node's sessions where frr-k8s does, and else who has them", async () => {
      const when = ", as frr-k8s saw it at most 2 minutes ago";
      const inOrder = allRoutersAre("").map((router) => router.trim());
      const up = nodes.map((node) => `passed ${node}: the BGP session with ${inOrder.join(" and ")} is up${when}`);
      const ask = "kubectl -n metallb-system exec daemonset/speaker -c frr -- vtysh -c 'show bgp summary'";
      const asked = [`skipped the speakers' BGP sessions could not be asked: FRR has them: ${ask}`];
      const expected = bgpType === "frr-k8s" ? up : asked;
      let seen: string[] = [];
      // frr-k8s looks every two minutes.
      const bound = { timeoutSeconds: 180, intervalSeconds: 5, seen: () => seen.join("\n") };
      await waitFor({ what: "explain to tell the sessions", ...bound }, async () => {
        seen = await sessionsTold();
        return seen.join() === expected.join() ? true : undefined;
      });
    });

    test("a BFD profile that was changed by hand is drift, and heal puts it back", async () => {
      const patch = JSON.stringify({ spec: { detectMultiplier: 50 } });
      await kubectl("-n", "metallb-system", "patch", "bfdprofile", "quick", "--type=merge", "-p", patch);
      expect(await drift()).toMatchObject({
        code: 2,
        said: {
          ...noDrift,
          "address-pools": ["BFDProfile metallb-system/quick: spec.detectMultiplier is 50, declared 3"],
        },
      });
      await heal();
      expect(await drift()).toMatchObject({ code: 0, said: noDrift });
    });

    test(`a node that is cut off is no next hop after ${bfdSeconds} s at most, and the other one answers`, async () => {
      await sessionsAre("Up");
      await lab.stopNode("node2");
      const cut = Date.now();
      await routesBecome(routesBy(["node1"]), bfdSeconds);
      console.info(
        `${bgpType}: the router noticed ${((Date.now() - cut) / 1000).toFixed(1)} s after node2 was cut off`,
      );
      for (const address of addresses) {
        await waitFor({ what: `an answer of ${address} through node1`, timeoutSeconds: 60 }, async () => {
          return (await lab.requestFromBehindRouter(address)).body;
        });
      }
      await lab.startNode("node2");
      await routesBecome(routesBy(), 240);
      // It may have run on that node. Without it MetalLB accepts no change of a pool.
      await kubectl("-n", "metallb-system", "rollout", "status", "deployment/controller", "--timeout=120s");
    });

    test(`FRR notices within ${bfdSeconds} s that it does not reach the router, and that it does again`, async () => {
      await sessionsAre("Up");
      const becomes = (status: string, timeoutSeconds: number) =>
        Promise.all(
          nodes.map((node) =>
            waitFor({ what: `BFD to be ${status} at ${node}`, timeoutSeconds, intervalSeconds: 1 }, async () => {
              return (await statusAt(node)).join() === allRoutersAre(status).join() ? true : undefined;
            }),
          ),
        );
      await lab.routerLink("down");
      try {
        await becomes("down", bfdSeconds);
      } finally {
        await lab.routerLink("up");
      }
      await becomes("up", 60);
      await routesBecome(routesBy());
    });

    test("without the Service the route is withdrawn", async () => {
      await kubectl("delete", "service", "web");
      await routesBecome({});
    });

    test("destroy ends the sessions and leaves nothing", async () => {
      await apply("destroy", ...stacks);
      expect(await kubectl("get", "namespaces,crds", "-o", "name")).not.toContain("metallb");
      expect(
        await kubectl("get", "validatingwebhookconfigurations,clusterroles,clusterrolebindings", "-o", "name"),
      ).not.toMatch(/metallb|frr-k8s/);
      await sessionsAre("Down");
    }, 1_200_000);
  });
}

proven["matrix/frr"].runs.forEach(frrPath);
