import { readFileSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import * as lab from "../../../lab/lab";
import { proven } from "../../../lab/proven";
import { runFiles } from "../../../lab/run-files";
import { fault } from "../../faults";
import { apply, diff, ipvsTraces, kubeProxyConfiguration, noTraces, onNode } from "../core/cluster";
import { onLabWith } from "../core/on-lab";

// kube-proxy's newest mode, on nodes whose kernel has what it needs.

const stacks = ["nodes", "kube-proxy", "metallb-crds", "address-pools", "metallb"];
const nodes = ["node1", "node2"];

const [{ kubernetes, metallb, modes, kernel }] = proven["matrix/nftables"].runs;
const [first, second, third] = modes;

/** Sets kube-proxy's mode in the lab's cluster.yaml. */
function declare(mode: string): void {
  const file = runFiles(lab.runningLab().lab).clusterConfig;
  writeFileSync(file, stringify({ ...parse(readFileSync(file, "utf8")), kubeProxy: { mode } }, { lineWidth: 0 }));
}

const modeOn = (node: string): Promise<string> => onNode(node, "curl -s http://127.0.0.1:10249/proxyMode");

const kubeProxyTables = (node: string): Promise<string> => onNode(node, "nft list tables | grep kube-proxy || true");

/** The chains of Services that iptables mode makes. */
const serviceChains = (node: string): Promise<string> =>
  onNode(node, "iptables-save -t nat 2>/dev/null | grep -E '^:KUBE-(SVC|SEP|EXT)-' || true");

async function expectInSync(): Promise<void> {
  for (const stack of stacks) {
    const { noChanges, output } = await diff(stack);
    if (!noChanges) throw new Error(output);
  }
  for (const command of ["drift", "verify"]) {
    const { code, output } = await lab.baremetalLb([command]);
    if (code !== 0) throw new Error(output);
  }
}

onLabWith({ kubernetes, metallb: metallb[0], kernel })(`kube-proxy in ${first} mode`, () => {
  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: nodes.length, kubernetes, metallb: metallb[0], kernel });
    declare(first);
  }, 3_600_000);

  test(`${fault(50)}: from kubeadm's iptables mode, to an answer; no chain of a Service is left`, async () => {
    await apply("deploy", ...stacks);
    await lab.applyWeb();
    await lab.prove();
    for (const node of nodes) {
      expect(await modeOn(node)).toBe(first);
      expect(await kubeProxyTables(node)).toBe("table ip kube-proxy\ntable ip6 kube-proxy");
      expect(await serviceChains(node)).toBe("");
    }
    await expectInSync();
  }, 900_000);

  test(`${fault(50)}: to ipvs, and no table of nftables mode is left`, async () => {
    declare(second);
    await apply("deploy", ...stacks);
    await lab.prove();
    for (const node of nodes) {
      expect(await modeOn(node)).toBe(second);
      expect(await kubeProxyTables(node)).toBe("");
    }
    await expectInSync();
  }, 900_000);

  test(`${fault(50)}: and back, and nothing of IPVS is left`, async () => {
    declare(third);
    await apply("deploy", ...stacks);
    await lab.prove();
    for (const node of nodes) {
      expect(await modeOn(node)).toBe(third);
      expect(await ipvsTraces(node)).toEqual({ ...noTraces });
    }
    await expectInSync();
  }, 900_000);

  test(`${fault(31)}: destroy gives kube-proxy its own mode back`, async () => {
    await apply("destroy", ...stacks);
    expect((await kubeProxyConfiguration())["mode"]).toBe("");
    for (const node of nodes) {
      expect(await modeOn(node)).toBe("iptables");
      expect(await kubeProxyTables(node)).toBe("");
    }
  }, 900_000);
});
