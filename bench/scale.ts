import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as lab from "../lab/lab";
import { inNamespace } from "../lab/namespaces";
import { clusterNamespace } from "../lab/network-plan";
import { runFiles } from "../lab/run-files";
import { circumstances } from "./circumstances";
import { type Cost, looks, type NodeCount, nodeCounts, type Scale, summary } from "./figures";
import { saveFigures } from "./figures-file";
import { startManyNodes } from "./many-nodes";
import { type Command, type Measured, runsInTurn } from "./measure";
import { measureMemory } from "./process-memory";

// What synth, a plan of all stacks and drift cost for 10, 100 and 1,000 nodes, none of which was deployed; and what a mere
// login on each of them costs, for which nothing can be faster. Writes bench/figures/scale.json.
//   npm run lab -- up && npm run bench:scale [ROUNDS]         five; of 1,000 nodes one. Needs a lab that is up and bare, and sshd

const project = resolve(__dirname, "..");
const rounds = Number(process.argv[2] ?? 5);
/** Of 1,000 nodes a round takes minutes: theirs is the run whose memory is looked at. */
const inRounds: readonly NodeCount[] = [10, 100];
const timeoutSeconds = 900;
/** As many as are asked at the same time: remote/ssh/every-node.ts. */
const loginsAtOnce = 20;
const files = runFiles(lab.runningLab().lab);
const folder = mkdtempSync(join(files.processes, "..", "bench-"));

const sshOptions = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "IdentitiesOnly=yes"];

function commandsFor(config: string, addresses: readonly string[]): Record<(typeof looks)[number] | "login", Command> {
  const outdir = join(folder, `out-${addresses.length}`, "cdktf.out");
  mkdirSync(outdir, { recursive: true });
  const inLab = (command: readonly string[], exitCodes = [0]): Command => ({
    command: inNamespace(clusterNamespace, command),
    cwd: project,
    env: { ...(lab.clusterEnvironment() as Record<string, string>), CLUSTER_CONFIG: config, CDKTF_OUTDIR: outdir },
    exitCodes,
    timeoutSeconds,
  });
  const hosts = join(folder, `hosts-${addresses.length}`);
  writeFileSync(hosts, addresses.map((address) => `root@${address}\n`).join(""));
  const ssh = ["ssh", "-F", "none", "-i", files.sshKey, ...sshOptions.flatMap((option) => ["-o", option])];
  const login = ["xargs", "-a", hosts, "-P", String(loginsAtOnce), "-I", "{}", ...ssh, "{}", "true"];
  return {
    synth: inLab(["node", "--import", "tsx", "main.ts"]),
    plan: inLab(["node", "cli/bin.js", "diff"], [2]),
    drift: inLab(["node", "cli/bin.js", "drift"], [2]),
    login: inLab(login),
  };
}

async function main(): Promise<void> {
  const many = await startManyNodes(Math.max(...nodeCounts), {
    folder,
    sshKey: files.sshKey,
    clusterConfig: files.clusterConfig,
  });
  try {
    const commandsOf = (counts: readonly NodeCount[]): Record<string, Command> =>
      Object.fromEntries(
        counts.flatMap((count) =>
          Object.entries(commandsFor(many.clusterConfig(count), many.addresses.slice(0, count))).map(
            ([look, command]) => [`${count} ${look}`, command],
          ),
        ),
      );
    const say = (name: string, { seconds }: Measured) =>
      console.log(`  ${name.padEnd(12)}${seconds.toFixed(2).padStart(7)} s`);
    const measured = runsInTurn(commandsOf(inRounds), rounds, say);
    const costs: Record<string, Record<string, Cost>> = {};
    for (const [name, command] of Object.entries(commandsOf(nodeCounts))) {
      const [count = "", look = ""] = name.split(" ");
      const oneMore = await measureMemory(command);
      const seconds = (measured[name] ?? [oneMore]).map((one) => one.seconds);
      const cost = { seconds, mebibytes: Math.round(oneMore.mebibytes) };
      (costs[count] ??= {})[look] = cost;
      const { median, least, most } = summary(seconds);
      console.log(
        `${name.padEnd(12)} ${median.toFixed(2)} s (${least.toFixed(2)} to ${most.toFixed(2)}), ${cost.mebibytes} MiB`,
      );
    }
    saveFigures("scale", { ...circumstances(), nodes: costs as unknown as Scale["nodes"] });
  } finally {
    await many.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
