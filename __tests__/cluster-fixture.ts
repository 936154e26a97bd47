import { clusterSchema, ClusterConfig } from "../cluster/schema";

const hostKey = (letter: string): string =>
  `ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBB${letter.repeat(86)}=`;

export const hostKeys = { node1: hostKey("A"), node2: hostKey("B"), bastion: hostKey("C") };

/** A small cluster as cluster.yaml would give it. */
export const clusterInput = {
  name: "demo",
  kubernetes: { version: "1.35.4", kubeconfig: "~/.kube/config", context: "admin" },
  ssh: { user: "ops", privateKeyFile: "~/.ssh/id_ed25519" },
  nodes: [
    { name: "node1", address: "192.168.1.10", role: "control-plane", hostKey: hostKeys.node1 },
    { name: "rack1.node2", address: "192.168.1.11", hostKey: hostKeys.node2 },
  ],
  metallb: { version: "0.9.6", pools: [{ name: "default", addresses: ["192.168.1.240-192.168.1.250"] }] },
};

/** The small cluster, with sections of it replaced. */
export const cluster = (changes: Record<string, unknown> = {}): ClusterConfig =>
  clusterSchema.parse({ ...clusterInput, ...changes });
