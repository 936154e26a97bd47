import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runChecked } from "../command";
import type { Lab } from "../lab-settings";
import { requireKubernetesRelease } from "../kubernetes-release";
import { familyPlans, type IpFamily, type NodePlan, osFamilies } from "../network-plan";
import { runFiles } from "../run-files";

/** The variables that lab-node reads. */
export function nodeEnvironment(node: NodePlan, nodes: readonly NodePlan[], families: readonly IpFamily[]): string {
  const others = nodes.filter((other) => other.number !== node.number);
  const inOrder = osFamilies(families);
  const routes = inOrder.flatMap((family) => [
    `${familyPlans[family].everywhere}=${familyPlans[family].controlPlane}`,
    ...others.map((other) => `${other.podNetworks[family]}=${other.addresses[family]}`),
  ]);
  // Behind the router, where there is one.
  const remote = inOrder.map((family) => `${familyPlans[family].remoteNetwork}=${familyPlans[family].router}`);
  return [
    `ADDRESSES="${inOrder.map((family) => `${node.addresses[family]}/${familyPlans[family].prefixLength}`).join(" ")}"`,
    `ROUTES="${[...routes, ...remote].join(" ")}"`,
    "",
  ].join("\n");
}

/** The variable of kubelet's unit: the flags of its version, and the addresses that it reports, which it would guess. */
export function kubeletEnvironment(lab: Pick<Lab, "versions" | "ipFamilies">, node: NodePlan): string {
  const { kubeletFlags } = requireKubernetesRelease(lab.versions.kubernetes);
  const addresses = lab.ipFamilies.map((family) => node.addresses[family]).join(",");
  return `KUBELET_FLAGS=${[...kubeletFlags, `--node-ip=${addresses}`].join(" ")}\n`;
}

export function hostsFile(nodes: readonly NodePlan[]): string {
  return ["127.0.0.1 localhost", ...nodes.map((node) => `${node.address} ${node.name}`), ""].join("\n");
}

/** The pods' network on a node: a bridge, and addresses out of the node's own part. */
export function cniConfiguration(node: NodePlan, families: readonly IpFamily[]): string {
  const bridge = {
    type: "bridge",
    bridge: "cni0",
    isGateway: true,
    ipMasq: true,
    hairpinMode: true,
    ipam: {
      type: "host-local",
      ranges: families.map((family) => [{ subnet: node.podNetworks[family] }]),
      routes: families.map((family) => ({ dst: familyPlans[family].everywhere })),
    },
  };
  const portmap = { type: "portmap", capabilities: { portMappings: true } };
  return JSON.stringify({ cniVersion: "0.4.0", name: "lab", plugins: [bridge, portmap] }, null, 2);
}

/** Writes the archive that a node unpacks over the common disk when it starts. */
export async function writeNodeFiles(
  lab: Lab,
  node: NodePlan,
  nodes: readonly NodePlan[],
  archive: string,
): Promise<void> {
  const files = runFiles(lab);
  const root = files.nodeFiles(node.name);
  const names: string[] = [];
  const place = (name: string, mode: number, content: string | { readonly from: string }) => {
    const target = join(root, name);
    mkdirSync(dirname(target), { recursive: true });
    if (typeof content === "string") writeFileSync(target, content);
    else copyFileSync(content.from, target);
    chmodSync(target, mode);
    names.push(name);
  };
  place("etc/hostname", 0o644, `${node.name}\n`);
  place("etc/hosts", 0o644, hostsFile(nodes));
  place("etc/lab-node.env", 0o644, nodeEnvironment(node, nodes, lab.ipFamilies));
  place("etc/cni/net.d/10-lab.conflist", 0o644, cniConfiguration(node, lab.ipFamilies));
  place("etc/kubernetes/kubelet.env", 0o644, kubeletEnvironment(lab, node));
  place("etc/ssh/lab_authorized_keys", 0o644, readFileSync(`${files.sshKey}.pub`, "utf8"));
  for (const type of ["ecdsa", "ed25519"]) {
    const key = join(files.hostKeys(node.name), `ssh_host_${type}_key`);
    place(`etc/ssh/ssh_host_${type}_key`, 0o600, { from: key });
    place(`etc/ssh/ssh_host_${type}_key.pub`, 0o644, { from: `${key}.pub` });
  }
  place("etc/kubernetes/pki/ca.crt", 0o644, { from: join(files.certificates, "ca.crt") });
  place("etc/kubernetes/kubelet.conf", 0o600, { from: join(files.kubeconfigs, node.name, "kubelet.conf") });
  if (node.role === "control-plane") {
    place("etc/kubernetes/admin.conf", 0o600, { from: join(files.kubeconfigs, "admin.conf") });
  }
  // Files only: the folders on the disk keep their owners and modes.
  await runChecked(["tar", "-C", root, "--owner=0", "--group=0", "--numeric-owner", "-cf", archive, ...names], {
    timeoutSeconds: 30,
  });
  chmodSync(archive, 0o600);
}
