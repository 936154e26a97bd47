import { readFileSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { proven } from "../../../lab/proven";
import * as lab from "../../../lab/lab";
import { runFiles } from "../../../lab/run-files";
import { fault } from "../../faults";
import {
  apply,
  diff,
  ipvsTraces,
  kubeProxyConfiguration,
  kubeProxyText,
  noTraces,
  onNode,
  pods,
} from "../core/cluster";
import { onLab } from "../core/on-lab";

// kube-proxy's modes on a real cluster, and the way between them, by nothing but a changed cluster.yaml.

const stacks = ["nodes", "kube-proxy", "metallb"];
const nodes = ["node1", "node2"];

/** Sets kubeProxy in the lab's cluster.yaml. */
function declare(kubeProxy: unknown): void {
  const file = runFiles(lab.runningLab().lab).clusterConfig;
  writeFileSync(file, stringify({ ...parse(readFileSync(file, "utf8")), kubeProxy }, { lineWidth: 0 }));
}

/** What there is of iptables mode on a node and IPVS mode has no use for: chains, and rules that jump to them. */
const iptablesTraces = (node: string): Promise<string> =>
  onNode(
    node,
    "for command in iptables ip6tables; do for table in nat filter mangle; do" +
      ' $command-save -t $table 2>/dev/null | sed "s/^/$table /"; done; done |' +
      " grep -E 'KUBE-((SVC|SVL|SEP|EXT|FW)-|NODEPORTS|EXTERNAL-SERVICES|PROXY-CANARY)|^filter .*KUBE-SERVICES' || true",
  );

const modeOn = (node: string): Promise<string> => onNode(node, "curl -s http://127.0.0.1:10249/proxyMode");

async function expectInSync(): Promise<void> {
  for (const stack of stacks) {
    const { noChanges, output } = await diff(stack);
    if (!noChanges) throw new Error(output);
  }
  const { code, output } = await lab.baremetalLb(["drift"]);
  if (code !== 0) throw new Error(output);
}

const [{ kubernetes, metallb, modes }] = proven["matrix/modes"].runs;
const [first, second, third] = modes;

onLab("kube-proxy's modes", () => {
  let original: Record<string, never>;

  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: nodes.length, kubernetes, metallb: metallb[0] });
    original = await kubeProxyConfiguration();
    await lab.deploy();
    await lab.applyWeb();
    await lab.prove();
  }, 2_400_000);

  test(`${fault(50)}: on the way from kubeadm's iptables mode to ipvs nothing of iptables mode is left`, async () => {
    for (const node of nodes) {
      expect(await modeOn(node)).toBe(first);
      expect(await iptablesTraces(node)).toBe("");
    }
  });

  test(`${fault(50)}: from ipvs to iptables nothing of IPVS is left, and MetalLB does not notice`, async () => {
    const speakers = await pods("metallb-system");
    declare({ mode: second });
    await apply("deploy", ...stacks);

    // Nothing but the mode is written; strictARP is as IPVS mode had it.
    expect(await kubeProxyConfiguration()).toMatchObject({ mode: second, ipvs: { strictARP: true } });
    for (const node of nodes) {
      expect(await modeOn(node)).toBe(second);
      expect(await ipvsTraces(node)).toEqual(noTraces);
      expect(await onNode(node, "iptables-save -t nat | grep -c ^:KUBE-SVC-")).not.toBe("0");
    }
    await lab.prove();
    expect(await pods("metallb-system")).toEqual(speakers);
    await expectInSync();
  });

  test(`${fault(50)}: from iptables back to ipvs nothing of iptables mode is left`, async () => {
    declare({ mode: third, excludeCIDRs: ["192.0.2.0/24"], tcpTimeout: "20m" });
    await apply("deploy", ...stacks);

    expect(await kubeProxyConfiguration()).toMatchObject({
      mode: third,
      ipvs: { strictARP: true, scheduler: "rr", excludeCIDRs: ["192.0.2.0/24"], tcpTimeout: "20m0s" },
    });
    for (const node of nodes) {
      expect(await modeOn(node)).toBe(third);
      expect(await iptablesTraces(node)).toBe("");
      expect(await onNode(node, "ipvsadm -L --timeout")).toMatch(/1200/);
    }
    await lab.prove();
    await expectInSync();
  });

  test(`${fault(53)}: a kube-proxy that was changed is not let go of, by no deploy and no destroy`, async () => {
    const text = await kubeProxyText();
    declare("unmanaged");
    try {
      const deploy = await lab.cdktf(["deploy", ...stacks, "--auto-approve", "--skip-provider-lock"]);
      const options = ["--auto-approve", "--ignore-missing-stack-dependencies"];
      const destroy = await lab.cdktf(["destroy", "kube-proxy", ...options]);
      expect([deploy.code === 0, destroy.code === 0]).toEqual([false, false]);
      // cdktf may end before it has printed the last of a long plan.
      const drift = await lab.baremetalLb(["drift", "--json"]);
      expect(drift.code).toBe(1);
      expect(drift.stdout.replace(/(\\n|[│\s])+/g, " ")).toContain("which has to put it back before it lets go of it");
      expect(await kubeProxyText()).toBe(text);
    } finally {
      declare({ mode: "ipvs", excludeCIDRs: ["192.0.2.0/24"], tcpTimeout: "20m" });
    }
    await apply("deploy", ...stacks);
    await expectInSync();
  });

  test(`${fault(31)}: destroy gives every key that was declared its first value, whatever came between`, async () => {
    await apply("destroy", ...stacks);
    // The merge patch takes a key out that was null.
    const ipvs = { ...(original["ipvs"] as unknown as Record<string, unknown>), excludeCIDRs: undefined };
    expect(await kubeProxyConfiguration()).toEqual({ ...original, ipvs });
    for (const node of nodes) {
      expect(await modeOn(node)).toBe("iptables");
      expect(await ipvsTraces(node)).toEqual(noTraces);
    }
  });

  test("to nftables: the plan, by which no node or kube-proxy is touched", async () => {
    const text = await kubeProxyText();
    declare({ mode: "nftables" });
    const { output } = await diff("kube-proxy");
    expect(output).toMatch(/mode: nftables|"mode": "nftables"/);
    expect(await kubeProxyText()).toBe(text);
  });

  test(`${fault(52)}: unmanaged, the other stacks work with the kube-proxy that is there, and it is not touched`, async () => {
    const [text, proxies] = [await kubeProxyText(), await pods("kube-system")];
    declare("unmanaged");
    const refused = await diff("metallb");
    expect(refused.output.replace(/[│\s]+/g, " ")).toContain(
      "deploy the stack kube-proxy first (npx cdktf deploy nodes kube-proxy)",
    );

    await apply("deploy", ...stacks);
    await lab.prove();
    await expectInSync();
    const verified = await lab.baremetalLb(["verify"]);
    if (verified.code !== 0) throw new Error(verified.output);
    await apply("destroy", ...stacks);
    expect([await kubeProxyText(), await pods("kube-system")]).toEqual([text, proxies]);
  });
});
