import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runChecked } from "../command";
import { clusterNamespace, type NodePlan } from "../network-plan";
import { inNamespace } from "../namespaces";
import type { Lab } from "../lab-settings";
import { runFiles } from "../run-files";

/** Keys of this run: the client's, and each node's two host keys. */
export async function makeSshKeys(lab: Lab, nodes: readonly NodePlan[]): Promise<void> {
  const files = runFiles(lab);
  const generate = (type: string, file: string, comment: string) => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const command = ["ssh-keygen", "-q", "-t", type, "-N", "", "-C", comment, "-f", file];
    return runChecked(command, { timeoutSeconds: 30 });
  };
  await generate("ed25519", files.sshKey, "baremetal-lb-lab");
  for (const node of nodes) {
    await generate("ecdsa", join(files.hostKeys(node.name), "ssh_host_ecdsa_key"), node.name);
    await generate("ed25519", join(files.hostKeys(node.name), "ssh_host_ed25519_key"), node.name);
  }
  const lines = nodes.flatMap((node) =>
    ["ecdsa", "ed25519"].map((type) => `${node.address} ${publicHostKey(lab, node, type)}\n`),
  );
  writeFileSync(files.knownHosts, lines.join(""));
  chmodSync(files.knownHosts, 0o600);
}

/** A node's public host key, without the comment. Terraform's client is offered the ECDSA key first. */
export function publicHostKey(lab: Lab, node: NodePlan, type = "ecdsa"): string {
  const file = join(runFiles(lab).hostKeys(node.name), `ssh_host_${type}_key.pub`);
  return readFileSync(file, "utf8").trim().split(" ").slice(0, 2).join(" ");
}

/** The command that logs in to a node as root, or runs a command there. */
export function sshCommand(lab: Lab, node: NodePlan, command: readonly string[]): string[] {
  const files = runFiles(lab);
  const options = {
    // The greeting counts, too, which a busy node takes its time for.
    ConnectTimeout: "20",
    IdentitiesOnly: "yes",
    LogLevel: "ERROR",
    ServerAliveCountMax: "3",
    ServerAliveInterval: "5",
    StrictHostKeyChecking: "yes",
    UserKnownHostsFile: files.knownHosts,
  };
  return inNamespace(clusterNamespace, [
    "ssh",
    "-F",
    "none",
    "-i",
    files.sshKey,
    ...Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
    `root@${node.address}`,
    ...command,
  ]);
}
