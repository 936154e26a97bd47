import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adviceFor } from "../../../../stacks/kube-proxy/constructs/cluster-kind";
import { fault } from "../../../faults";
import { terraformFile } from "../../../terraform-file";

// The expression is run by the real Terraform, which needs no provider for it.

const node = (kubeletVersion: string, labels: Record<string, string> = {}) => ({
  metadata: { labels },
  status: { nodeInfo: { kubeletVersion } },
});

const ipvs = { mode: "ipvs", strictARP: true, scheduler: "rr" } as const;
const iptables = { mode: "iptables" } as const;

const clusters = {
  "k3s, by its version": { node: node("v1.31.4+k3s1"), cilium: null, declared: ipvs },
  "k3s, by its label": {
    node: node("v1.31.4", { "node.kubernetes.io/instance-type": "k3s" }),
    cilium: null,
    declared: iptables,
  },
  RKE2: { node: node("v1.31.4+rke2r1"), cilium: { "kube-proxy-replacement": "true" }, declared: ipvs },
  k0s: { node: node("v1.31.4+k0s"), cilium: null, declared: ipvs },
  Cilium: { node: node("v1.31.4"), cilium: { "kube-proxy-replacement": "strict" }, declared: ipvs },
  "Cilium beside kube-proxy": { node: node("v1.31.4"), cilium: { "kube-proxy-replacement": "false" }, declared: ipvs },
  "no node that may be seen": { node: null, cilium: null, declared: ipvs },
};

const other =
  "this cluster's kube-proxy was not set up by kubeadm (k3s and RKE2 set kube-proxy by arguments of their own, Cilium may replace it, and some managed clusters hide it). Set its mode where it gets its settings, and set kubeProxy: unmanaged in cluster.yaml.";

describe("what a cluster without kubeadm's kube-proxy is told", () => {
  const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-cluster-kind-"));
  let results: Record<string, string>;

  beforeAll(() => {
    const cases = Object.entries(clusters).map(([name, { declared }]) => {
      const found = `local.found[${JSON.stringify(name)}]`;
      return `${JSON.stringify(name)} = ${adviceFor({ node: `${found}.node`, ciliumData: `${found}.cilium` }, declared)}`;
    });
    writeFileSync(
      join(folder, "main.tf"),
      `locals {\n  found = jsondecode(${JSON.stringify(JSON.stringify(clusters))})\n}\noutput "results" {\n  value = {\n${cases.join("\n")}\n}\n}\n`,
    );
    const terraform = spawnSync(terraformFile, ["apply", "-auto-approve", "-no-color", "-input=false"], {
      cwd: folder,
      encoding: "utf8",
      timeout: 30_000,
    });
    if (terraform.status !== 0) throw new Error(terraform.stderr || String(terraform.error));
    results = JSON.parse(readFileSync(join(folder, "terraform.tfstate"), "utf8")).outputs.results.value;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test(`${fault(27)}: names the cluster, and the setting to make there for the declared mode`, () => {
    expect(results).toEqual({
      "k3s, by its version":
        "this is k3s, which gives kube-proxy its settings itself. On every node write 'kube-proxy-arg: [proxy-mode=ipvs, ipvs-strict-arp=true]' to /etc/rancher/k3s/config.yaml (the same as --kube-proxy-arg=proxy-mode=ipvs --kube-proxy-arg=ipvs-strict-arp=true), restart k3s, and set kubeProxy: unmanaged in cluster.yaml. k3s's own servicelb has to be off ('disable: [servicelb]').",
      "k3s, by its label":
        "this is k3s, which gives kube-proxy its settings itself. On every node write 'kube-proxy-arg: [proxy-mode=iptables]' to /etc/rancher/k3s/config.yaml (the same as --kube-proxy-arg=proxy-mode=iptables), restart k3s, and set kubeProxy: unmanaged in cluster.yaml. k3s's own servicelb has to be off ('disable: [servicelb]').",
      RKE2: "this is RKE2, which gives kube-proxy its settings itself. On every node write 'kube-proxy-arg: [proxy-mode=ipvs, ipvs-strict-arp=true]' to /etc/rancher/rke2/config.yaml, restart rke2-server or rke2-agent, and set kubeProxy: unmanaged in cluster.yaml.",
      k0s: "this is k0s, which gives kube-proxy its settings itself. Write 'spec: { network: { kubeProxy: { mode: ipvs, ipvs: { strictARP: true } } } }' to /etc/k0s/k0s.yaml on every controller, restart k0s there, restart kube-proxy's pods, and set kubeProxy: unmanaged in cluster.yaml.",
      Cilium:
        "Cilium stands in kube-proxy's place (kube-proxy-replacement in ConfigMap kube-system/cilium-config). It needs no setting, MetalLB works with it as it is: set kubeProxy: unmanaged in cluster.yaml.",
      "Cilium beside kube-proxy": other,
      "no node that may be seen": other,
    });
  });
});
