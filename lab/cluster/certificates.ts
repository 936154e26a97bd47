import { copyFileSync, chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runChecked } from "../command";
import { requireKubernetesRelease } from "../kubernetes-release";
import { clusterName, type Lab } from "../lab-settings";
import { familyPlans, type NodePlan, ofFamilies } from "../network-plan";
import { runFiles } from "../run-files";

/** kubeadm's configuration for one node, two JSON documents. */
export function kubeadmConfig(lab: Lab, node: NodePlan): string {
  const { kubeadmApi } = requireKubernetesRelease(lab.versions.kubernetes);
  const [family] = lab.ipFamilies;
  const address = familyPlans[family].controlPlane;
  const apiVersion = `kubeadm.k8s.io/${kubeadmApi}`;
  const init = {
    apiVersion,
    kind: "InitConfiguration",
    localAPIEndpoint: { advertiseAddress: address, bindPort: 6443 },
    nodeRegistration: { name: node.name, criSocket: "unix:///run/containerd/containerd.sock" },
  };
  const cluster = {
    apiVersion,
    kind: "ClusterConfiguration",
    clusterName,
    kubernetesVersion: `v${lab.versions.kubernetes}`,
    controlPlaneEndpoint: `${address.includes(":") ? `[${address}]` : address}:6443`,
    certificatesDir: runFiles(lab).certificates,
    // Made in milliseconds, where RSA takes seconds; new in v1beta4.
    ...(kubeadmApi === "v1beta4" && { encryptionAlgorithm: "ECDSA-P256" }),
    networking: {
      serviceSubnet: ofFamilies(lab.ipFamilies, "serviceNetwork"),
      podSubnet: ofFamilies(lab.ipFamilies, "podNetwork"),
    },
  };
  return [init, cluster].map((document) => JSON.stringify(document, null, 2)).join("\n---\n");
}

/** Certificates and kubeconfigs of this run, by kubeadm. */
export async function makeCertificates(lab: Lab, binaries: string, nodes: readonly NodePlan[]): Promise<void> {
  const files = runFiles(lab);
  for (const node of nodes) {
    mkdirSync(join(files.kubeconfigs, node.name), { recursive: true, mode: 0o700 });
    writeFileSync(files.kubeadmConfig(node.name), kubeadmConfig(lab, node));
  }
  const first = files.kubeadmConfig("node1");
  const phase = (words: readonly string[], config: string, folder?: string) =>
    runChecked(
      [
        join(binaries, "kubeadm"),
        "init",
        "phase",
        ...words,
        "--config",
        config,
        ...(folder === undefined ? [] : ["--kubeconfig-dir", folder]),
      ],
      { timeoutSeconds: 60, logFile: join(lab.run, "kubeadm.log") },
    );
  await phase(["certs", "all"], first);
  const { superAdmin } = requireKubernetesRelease(lab.versions.kubernetes);
  for (const user of ["admin", ...(superAdmin ? ["super-admin"] : []), "controller-manager", "scheduler"]) {
    await phase(["kubeconfig", user], first, files.kubeconfigs);
  }
  for (const node of nodes) {
    await phase(["kubeconfig", "kubelet"], files.kubeadmConfig(node.name), join(files.kubeconfigs, node.name));
  }
  copyFileSync(join(files.kubeconfigs, "admin.conf"), files.kubeconfig);
  chmodSync(files.kubeconfig, 0o600);
}
