import { join } from "node:path";
import type { Lab } from "./lab-settings";

/** Where one run keeps its files. */
export function runFiles(lab: Lab) {
  const at = (...parts: string[]) => join(lab.run, ...parts);
  return {
    clusterConfig: at("cluster.yaml"),
    kubeconfig: at("kubeconfig"),
    terraformConfig: at("terraform.rc"),
    cdktfOutput: at("cdktf.out"),
    /** The repository that has the package: npm run lab -- --packed. */
    ownRepository: at("repository"),
    helm: at("helm"),
    routerConfig: at("router", "bird.conf"),
    routerSocket: at("router", "bird.ctl"),
    /** Written when the cluster is ready; says what it was started from. */
    ready: at("ready.json"),
    processes: at("processes"),
    logs: at("logs"),
    userModeLinux: at("uml"),
    etcdData: at("etcd"),
    certificates: at("pki"),
    kubeconfigs: at("kubeconfigs"),
    sshKey: at("ssh", "id_ed25519"),
    knownHosts: at("ssh", "known_hosts"),
    hostKeys: (node: string) => at("ssh", node),
    kubeadmConfig: (node: string) => at(`kubeadm-${node}.json`),
    nodeFiles: (node: string) => at("files", node),
  };
}
