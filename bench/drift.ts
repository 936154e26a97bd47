import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import * as lab from "../lab/lab";
import { runChecked } from "../lab/command";
import { inNamespace } from "../lab/namespaces";
import { clusterNamespace } from "../lab/network-plan";
import { runFiles } from "../lab/run-files";
import { inTurn, type Command } from "./measure";
import { print } from "./print";

// What one look at a cluster costs: drift of the lab beside `cdktf diff` of each stack, and drift of 100 nodes.
//   npm run lab && npm run bench:drift          needs a lab that is up, and sshd

const project = resolve(__dirname, "..");
const runs = 5;
const nodeCount = 100;
const { lab: running } = lab.runningLab();
const files = runFiles(running);
const folder = mkdtempSync(join(running.run, "bench-"));

const inLab = (command: readonly string[], config = files.clusterConfig, outdir = files.cdktfOutput): Command => ({
  command: inNamespace(clusterNamespace, command),
  cwd: project,
  env: { ...(lab.clusterEnvironment() as Record<string, string>), CLUSTER_CONFIG: config, CDKTF_OUTDIR: outdir },
});

const drift = ["node", "cli/bin.js", "drift"];

/**
 * One sshd that listens on 100 addresses, in the lab's namespace: for the command they are 100 nodes. All are this
 * machine, so that they differ from what is declared; what is measured is how long it takes to find that out.
 */
async function manyNodes(): Promise<{ command: Command; end: () => Promise<unknown> }> {
  const addresses = Array.from({ length: nodeCount }, (_, i) => `10.89.1.${i + 1}`);
  const inCluster = (...command: string[]) =>
    runChecked(inNamespace(clusterNamespace, command), { timeoutSeconds: 60 });
  const hostKey = join(folder, "host_key");
  await runChecked(["ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", hostKey], { timeoutSeconds: 20 });
  mkdirSync("/run/sshd", { recursive: true });
  const pidFile = join(folder, "sshd.pid");
  const options = [
    `HostKey=${hostKey}`,
    `PidFile=${pidFile}`,
    `AuthorizedKeysFile=${files.sshKey}.pub`,
    "PermitRootLogin=prohibit-password",
    "StrictModes=no",
    "MaxStartups=200",
    "UsePAM=no",
  ];
  for (const address of addresses) await inCluster("ip", "address", "replace", `${address}/32`, "dev", "lo");
  await inCluster("/usr/sbin/sshd", "-f", "/dev/null", ...options.flatMap((option) => ["-o", option]));

  const config = parse(readFileSync(files.clusterConfig, "utf8"));
  const [type, text] = readFileSync(`${hostKey}.pub`, "utf8").split(" ");
  config.name = "hundred";
  config.ssh.user = "root";
  config.nodes = addresses.map((address, i) => ({
    name: `node${i + 1}`,
    address,
    role: i === 0 ? "control-plane" : "worker",
    hostKey: `${type} ${text}`,
  }));
  const file = join(folder, "hundred.yaml");
  writeFileSync(file, stringify(config));
  const end = async () => {
    process.kill(Number(readFileSync(pidFile, "utf8")));
    for (const address of addresses) await inCluster("ip", "address", "delete", `${address}/32`, "dev", "lo");
  };
  return { command: inLab(drift, file, join(folder, "hundred", "cdktf.out")), end };
}

async function main(): Promise<void> {
  const many = await manyNodes();
  try {
    const diff = (stack: string) =>
      inLab(["npx", "cdktf", "diff", stack, "--skip-provider-lock", "--output", files.cdktfOutput]);
    const results = inTurn(
      {
        "drift, 2 nodes, nothing changed": inLab(drift),
        "cdktf diff nodes": diff("nodes"),
        "cdktf diff kube-proxy": diff("kube-proxy"),
        "cdktf diff metallb": diff("metallb"),
        "drift, 100 nodes, never deployed": { ...many.command, exitCodes: [1, 2] },
        check: inLab(["node", "cli/bin.js", "check"]),
        status: inLab(["node", "cli/bin.js", "status"]),
      },
      runs,
    );
    print("A look at the cluster", results, runs);
  } finally {
    await many.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
