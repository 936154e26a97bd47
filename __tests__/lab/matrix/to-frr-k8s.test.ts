import { readFileSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { proven } from "../../../lab/proven";
import * as lab from "../../../lab/lab";
import { clusterAsn, remoteNamespace, routerAddress, routerAsn } from "../../../lab/network-plan";
import { runFiles } from "../../../lab/run-files";
import { fault } from "../../faults";
import { apply, diff, kubectl } from "../core/cluster";
import { onLab } from "../core/on-lab";
import { polling } from "../core/poll";
import { routesBecome } from "../core/routes";

// Another way to do BGP in place, as docs/day-two.md has it, while a client behind the router asks five times a second.

const stacks = ["nodes", "kube-proxy", "metallb-crds", "address-pools", "metallb"];
const address = "10.91.0.0";
const [{ kubernetes, kernel, metallb, bgpTypes }] = proven["matrix/to-frr-k8s"].runs;
const [before, after] = bgpTypes;

onLab(`bgpType ${before} becomes ${after} with MetalLB ${metallb[0]} on Kubernetes ${kubernetes}`, () => {
  const configure = (changed: object) => {
    const { clusterConfig } = runFiles(lab.runningLab().lab);
    const { metallb: declared, ...config } = parse(readFileSync(clusterConfig, "utf8"));
    writeFileSync(clusterConfig, stringify({ ...config, metallb: { ...declared, ...changed } }));
  };
  const routes = () => ({ [`${address}/32`]: ["node1", "node2"].map((name) => lab.findNode(name).address) });

  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: 2, kubernetes, kernel, metallb: metallb[0], bgpTypes });
    await lab.startRouter();
    configure({
      pools: [{ name: "default", protocol: "bgp", addresses: ["10.91.0.0/24"] }],
      peers: [{ peerAddress: routerAddress, peerASN: routerAsn, myASN: clusterAsn, holdTime: "90s" }],
      // Or the second node's session ends before the first one's is back.
      speaker: { minReadySeconds: 20 },
    });
    await lab.deploy();
    await lab.applyWeb();
    await routesBecome(routes());
  }, 2_400_000);

  test(`${fault(275)}: cdktf deploy with the new bgpType moves the sessions node by node, and the client hardly notices`, async () => {
    configure({ bgpType: after });
    const seen = await polling(address, () => apply("deploy", "*"), { namespace: remoteNamespace });
    console.info(
      `${before} to ${after}: ${seen.requests} requests, ${seen.failed} failed, longest time between two answers ${seen.longestSilenceSeconds.toFixed(2)} s`,
    );
    expect(seen.longestSilenceSeconds).toBeLessThan(2);
    await routesBecome(routes());
  }, 1_200_000);

  test("the address is the same, and a plan of every stack is empty", async () => {
    const ip = ["-o", "jsonpath={.status.loadBalancer.ingress[*].ip}"];
    expect(await kubectl("get", "service", "web", ...ip)).toBe(address);
    for (const stack of stacks) {
      const { noChanges, output } = await diff(stack);
      if (!noChanges) throw new Error(output);
    }
  });

  test("verify finds all in order", async () => {
    const { code, output } = await lab.baremetalLb(["verify"]);
    if (code !== 0) throw new Error(output);
  });
});
