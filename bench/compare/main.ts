import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { upstreamManifest } from "../../__tests__/lab/core/upstream-metallb";
import { runChecked } from "../../lab/command";
import * as lab from "../../lab/lab";
import { inNamespace } from "../../lab/namespaces";
import { clusterNamespace, familyPlans } from "../../lab/network-plan";
import { deployedProject } from "../../lab/own-repository";
import { request } from "../../lab/prove";
import { runFiles } from "../../lab/run-files";
import { sleep, waitFor } from "../../lab/wait";
import { workload } from "../../lab/workload";
import { circumstances, firstLine } from "../circumstances";
import { type Step, steps, summary, type Way, ways } from "../figures";
import { saveFigures } from "../figures-file";
import { givePython } from "./python";
import { ansible, byHand, type Surroundings, thisProject, type TimedCommand, type Ways } from "./ways";

// The same cluster by hand, with Ansible and with this project: first run, no change, a look for drift, and the way back,
// five times each in turn. Writes bench/figures/compare.json after each round.
//   npm run lab -- up && npm run bench:compare [ROUNDS]      needs a lab that is up and bare, and ansible-playbook in PATH

const rounds = Number(process.argv[2] ?? 5);
const stepSeconds = 900;
const answerSeconds = 120;
/** What a cluster does for itself after its nodes have come back. */
const settleSeconds = 10;

const { lab: running, ready, nodes } = lab.runningLab();
const files = runFiles(running);
const folder = mkdtempSync("/tmp/compare-");
const logFile = join(running.logs, "compare.log");
const environment = { ...lab.clusterEnvironment(), CI: "1", FORCE_COLOR: "0" };

async function answered(...args: string[]): Promise<string> {
  const { code, stdout, output } = await lab.kubectl(args);
  if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${output}`);
  return stdout.trim();
}

async function onEveryNode(script: string): Promise<string[]> {
  const results = await Promise.all(nodes.map(({ name }) => lab.ssh(name, script, 300)));
  return results.map(({ code, output }, index) => {
    if (code !== 0) throw new Error(`${nodes[index]?.name}: ${output}`);
    return output.trim();
  });
}

/** What is not to be there before a first run, and what is. */
async function state() {
  const kubeProxy = ["-n", "kube-system", "get", "configmap", "kube-proxy", "-o", "jsonpath={.data.config\\.conf}"];
  return {
    nodes: await onEveryNode(
      "command -v ipset ipvsadm; grep -o '^ip_vs[a-z_]*' /proc/modules; ls /sys/class/net | grep kube-ipvs0; ls /etc/modules-load.d; true",
    ),
    kubeProxy: parse(await answered(...kubeProxy)) as unknown,
    metallb: await answered("get", "namespace", "metallb-system", "--ignore-not-found", "-o", "name"),
  };
}

/**
 * Back to a bare cluster: what each way leaves goes with a reboot and without the packages, so that none starts with more than
 * another. Then the Service that is to have an address.
 */
async function makeBare(): Promise<void> {
  const { namespace, name } = workload;
  await answered("-n", namespace, "delete", "service,deployment", name, "--ignore-not-found");
  await onEveryNode(
    "export DEBIAN_FRONTEND=noninteractive; " +
      // Of the names of packages that are neither there nor in a list apt makes an error.
      "apt-get -q -y purge ipset ipvsadm || true; apt-get -q -y autoremove --purge; " +
      "rm -rf /var/lib/apt/lists/* /var/lib/apt/periodic/*; " +
      // Ansible does not update lists that are young.
      "touch -d @0 /var/lib/apt/lists",
  );
  await Promise.all(nodes.map((node) => lab.rebootNode(node.name)));
  await answered("-n", "kube-system", "rollout", "status", "daemonset/kube-proxy", "--timeout=120s");
  await lab.applyWeb();
  await sleep(settleSeconds);
}

/** Runs one step, and gives how long it took, until the outside host had an answer where that is its purpose. */
async function timed(way: Way, step: Step, { command, environment: env, complaint }: TimedCommand): Promise<number> {
  const start = process.hrtime.bigint();
  const { output } = await runChecked(inNamespace(clusterNamespace, command), {
    cwd: deployedProject(running).folder,
    env: { ...env },
    timeoutSeconds: stepSeconds,
    logFile,
  });
  if (step === "first") await firstAnswer();
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const wrong = complaint?.(output);
  if (wrong !== undefined) throw new Error(`${way}, ${step}: ${wrong}; see ${logFile}`);
  console.log(`  ${way.padEnd(14)}${step.padEnd(7)}${seconds.toFixed(1).padStart(7)} s`);
  return seconds;
}

async function firstAnswer(): Promise<void> {
  const { namespace, name } = workload;
  const ingress = "jsonpath={.status.loadBalancer.ingress[0].ip}";
  const wait = { what: `an answer of Service ${name} to the outside host`, timeoutSeconds: answerSeconds };
  await waitFor({ ...wait, intervalSeconds: 0.2 }, async () => {
    const address = await answered("-n", namespace, "get", "service", name, "-o", ingress);
    return address === "" ? undefined : (await request(address)).body;
  });
}

function prepare(): Ways {
  const sshConfig = join(folder, "ssh_config");
  const hosts = nodes.map(({ name, address }) => `Host ${name}\n  HostName ${address}\n`);
  const options = [
    "User ops",
    `IdentityFile ${files.sshKey}`,
    "IdentitiesOnly yes",
    `UserKnownHostsFile ${files.knownHosts}`,
    "StrictHostKeyChecking yes",
    "LogLevel ERROR",
    "ConnectTimeout 20",
  ];
  writeFileSync(sshConfig, `${hosts.join("")}Host *\n${options.map((option) => `  ${option}\n`).join("")}`);
  const manifest = join(folder, "metallb.yaml");
  writeFileSync(manifest, upstreamManifest(ready.versions.metallb, ready.versions.kubernetes));
  const of: Surroundings = {
    folder,
    environment,
    kubeconfig: files.kubeconfig,
    sshConfig,
    nodes: nodes.map(({ name }) => name),
    manifest,
    pool: familyPlans.IPv4.addressPool,
    service: workload.name,
  };
  const project = { ...deployedProject(running), output: files.cdktfOutput };
  return { "by hand": byHand(of), Ansible: ansible(of), "this project": thisProject(environment, project) };
}

function requireAnsible(): string {
  try {
    return firstLine(["ansible-playbook", "--version"]).replace(/^ansible-playbook \[core (.*)\]$/, "$1");
  } catch {
    throw new Error(
      "ansible-playbook is not in PATH. As in bench/README.md: python3 -m venv DIR, DIR/bin/pip install ansible==12.3.0 kubernetes==34.1.0, and DIR/bin in PATH",
    );
  }
}

async function main(): Promise<void> {
  const about = circumstances({ "ansible-core": requireAnsible() });
  const all = prepare();
  await givePython(nodes, join(folder, "ssh_config"), folder, logFile);
  await makeBare();
  const bare = await state();
  if (bare.metallb !== "" || bare.nodes.some((text) => /ipvs|ip_vs/.test(text)))
    throw new Error(`the lab is not bare: npm run lab -- down, then up\n${JSON.stringify(bare, null, 2)}`);
  const seconds = Object.fromEntries(
    ways.map((way) => [way, Object.fromEntries(steps.map((step): [Step, number[]] => [step, []]))]),
  ) as Record<Way, Record<Step, number[]>>;
  for (let round = 0; round < rounds; round += 1) {
    console.log(`round ${round + 1} of ${rounds}`);
    // Each way comes first in its turn.
    for (const way of [...ways.slice(round % ways.length), ...ways.slice(0, round % ways.length)]) {
      for (const step of steps) {
        seconds[way][step].push(await timed(way, step, all[way][step]));
        // All three are to come to the same: both replicas answer, through one MAC.
        if (step === "first") await lab.prove();
      }
      await makeBare();
      const now = await state();
      if (!isDeepStrictEqual(now, bare))
        throw new Error(`${way} left something:\n${JSON.stringify({ bare, now }, null, 2)}`);
    }
    saveFigures("compare", { ...about, seconds });
  }
  for (const way of ways) {
    for (const step of steps) console.log(way.padEnd(14), step.padEnd(7), JSON.stringify(summary(seconds[way][step])));
  }
}

main()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  })
  .finally(() => rmSync(folder, { recursive: true, force: true }));
