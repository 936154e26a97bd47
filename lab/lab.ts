import { join } from "node:path";
import { build as buildCache, type Build } from "./build";
import { provideHelm } from "./build/helm";
import { kubectlCommand, kubectlJson, readyNodes, waitForNodes } from "./cluster/kubectl";
import { startNode as powerOn, stopNode as powerOff } from "./cluster/nodes";
import { sshCommand } from "./cluster/ssh";
import { describeFailure, run, type CommandResult } from "./command";
import { cdktf as runCdktf, cdktfEnvironment, deployArguments, deployLog } from "./deploy";
import { down as tearDown } from "./down";
import { installHostPackages } from "./host-packages";
import { LabError } from "./lab-error";
import { openLab, type Lab, type LabOptions } from "./lab-settings";
import { checkClaim, lockMachine } from "./machine-lock";
import { inNamespace } from "./namespaces";
import { clusterNamespace, planNodes, remoteNamespace, type NodePlan } from "./network-plan";
import { deployedProject, makeOwnRepository } from "./own-repository";
import { preflight } from "./preflight";
import { silent, type Progress } from "./progress";
import { askForMacs, prove as proveService, type Evidence, request } from "./prove";
import { requireReady, type ReadyFile } from "./ready";
import {
  bfdSessions as routerBfdSessions,
  learntRoutes,
  setRouterLink,
  startRouter as startBgpRouter,
  stopRouter as stopBgpRouter,
  type RouterOptions,
} from "./router/router";
import { runFiles } from "./run-files";
import { up as startCluster } from "./up";
import { applyWorkload } from "./workload";

// The lab as its command line and the lab's tests use it. Each function finds the lab by itself: see openLab.

export interface StepOptions extends LabOptions {
  readonly progress?: Progress;
}

/** A bound for commands whose caller gives none. */
const defaultTimeoutSeconds = 120;

interface RunningLab {
  readonly lab: Lab;
  readonly ready: ReadyFile;
  readonly nodes: readonly NodePlan[];
}

export function runningLab(): RunningLab {
  const ready = requireReady(openLab());
  return {
    lab: openLab({ nodes: ready.nodeCount, ipFamilies: ready.ipFamilies, bgpTypes: ready.bgpTypes, ...ready.versions }),
    ready,
    nodes: planNodes(ready.nodeCount),
  };
}

/** Runs what changes the lab, one at a time on a machine. */
export async function locked<T>(what: string, work: () => Promise<T>): Promise<T> {
  const release = lockMachine(what);
  try {
    return await work();
  } finally {
    release();
  }
}

/** Checks the machine, then makes whatever the cache lacks. */
export function build({ progress = silent, ...options }: StepOptions = {}): Promise<Build> {
  return locked("build", async () => {
    const lab = openLab(options);
    await preflight(lab, progress);
    await installHostPackages(lab, progress);
    return buildCache(lab, progress);
  });
}

/** Builds, and starts the cluster; one that is up already is left as it is. */
export function up(options: StepOptions = {}): Promise<void> {
  return locked("up", async () => {
    const lab = openLab(options);
    checkClaim(lab);
    const made = await build(options);
    await startCluster(lab, made, options.progress ?? silent);
  });
}

/** Ends and removes all of a run. Does no harm where nothing is up. */
export function down(): Promise<void> {
  return locked("down", () => tearDown(openLab()));
}

/** From now on the lab's cdktf and baremetal-lb are those of a repository that has this project's package, until `down`. */
export function usePackage(): Promise<void> {
  return locked("pack", () => {
    const { lab } = runningLab();
    const logFile = join(lab.run, "package.log");
    return makeOwnRepository(runFiles(lab).ownRepository, { tarballs: lab.run, logFile });
  });
}

/** Deploys every stack, as `cdktf deploy '*'` does. */
export function deploy(timeoutSeconds = 900): Promise<void> {
  return locked("deploy", async () => {
    const { lab } = runningLab();
    const logFile = deployLog(lab);
    const result = await runCdktf(lab, deployArguments, { timeoutSeconds, logFile });
    if (result.code !== 0) throw new LabError(describeFailure(["cdktf", ...deployArguments], result, logFile));
  });
}

/** Runs cdktf on the project inside the lab, with the lab's cluster.yaml. */
export function cdktf(
  args: readonly string[],
  options: { readonly timeoutSeconds: number } = { timeoutSeconds: 900 },
): Promise<CommandResult> {
  return runCdktf(runningLab().lab, args, options);
}

/** Applies the workload: two replicas of a web server behind a LoadBalancer Service. */
export function applyWeb(): Promise<void> {
  const { lab, ready } = runningLab();
  return applyWorkload(lab, ready.binaries);
}

/** Proves from the outside host that the workload's Service works, at each of its addresses; throws what was seen otherwise. */
export function proveEach(): Promise<[Evidence, ...Evidence[]]> {
  const { lab, ready } = runningLab();
  return proveService(lab, ready.binaries);
}

/** The same, with the proof of its first address, which is the only one but in a dual-stack cluster. */
export async function prove(): Promise<Evidence> {
  const [first] = await proveEach();
  return first;
}

/** The MACs that answer the outside host's question for an address, asked once. */
export async function macsFor(address: string): Promise<string[]> {
  return (await askForMacs(address, 1)).macs;
}

/**
 * The replica that answers the outside host at an address, asked up to so many times. Throws what the last request said
 * where none was answered.
 */
export async function answer(address: string, times: number): Promise<string> {
  let said = "not asked";
  for (let asked = 0; asked < times; asked += 1) {
    const { body, error = "" } = await request(address);
    if (body !== undefined) return body;
    said = error;
  }
  throw new Error(`${address === "" ? "no address" : address}: none of ${times} requests was answered: ${said}`);
}

/** Starts a BGP router on the nodes' network, and a host that reaches the cluster through it alone. */
export function startRouter(options: RouterOptions = {}): Promise<void> {
  return locked("router", () => {
    const { lab, nodes } = runningLab();
    return startBgpRouter(lab, nodes, options, silent);
  });
}

/** Takes router and host away. Does no harm where there is none. */
export function stopRouter(): Promise<void> {
  return locked("router", () => stopBgpRouter(runningLab().lab));
}

/** The routes that the router has learnt by BGP: each prefix with its next hops, in order. */
export function routes(): Promise<Record<string, string[]>> {
  return learntRoutes(runningLab().lab);
}

/** The addresses that the router watches by BFD, each with its session's state, such as "Up". */
export function bfdSessions(): Promise<Record<string, string>> {
  return routerBfdSessions(runningLab().lab);
}

/** Cuts the router off from the nodes' network, which no node is told of, or joins it again. */
export function routerLink(state: "up" | "down"): Promise<void> {
  return locked("router", () => setRouterLink(state));
}

/** What the workload answers at an address to the host behind the router, asked once. */
export function requestFromBehindRouter(address: string): Promise<{ body?: string; error?: string }> {
  return request(address, remoteNamespace);
}

/** kubectl as the cluster's administrator. `input` is for `-f -`. */
export function kubectl(
  args: readonly string[],
  options: { readonly timeoutSeconds?: number; readonly input?: string } = {},
): Promise<CommandResult> {
  const { lab, ready } = runningLab();
  return run(kubectlCommand(lab, ready.binaries, args), { timeoutSeconds: defaultTimeoutSeconds, ...options });
}

/** Helm as the cluster's administrator, built first where the cache lacks it. What it writes down is in the run's folder. */
export async function helm(
  args: readonly string[],
  options: { readonly timeoutSeconds?: number } = {},
): Promise<CommandResult> {
  const { lab } = runningLab();
  const program = await locked("helm", () => provideHelm(lab, silent));
  const { kubeconfig, helm: folder } = runFiles(lab);
  const homes = ["HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"].map((name) => [name, folder] as const);
  return run(inNamespace(clusterNamespace, [program, "--kubeconfig", kubeconfig, ...args]), {
    env: { ...process.env, ...Object.fromEntries(homes) },
    timeoutSeconds: defaultTimeoutSeconds,
    ...options,
  });
}

/** The command line behind `kubectl`, for what has to run beside a test, such as a watch. */
export function kubectlCommandLine(args: readonly string[]): string[] {
  const { lab, ready } = runningLab();
  return kubectlCommand(lab, ready.binaries, args);
}

/** Runs a command on a node as root, through a shell there. */
export function ssh(node: string, command: string, timeoutSeconds = defaultTimeoutSeconds): Promise<CommandResult> {
  return run(sshCommand(runningLab().lab, findNode(node), [command]), { timeoutSeconds });
}

/** Runs `npx baremetal-lb` on the project inside the lab, with the lab's cluster.yaml. */
export function baremetalLb(
  args: readonly string[],
  options: { readonly timeoutSeconds?: number; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<CommandResult> {
  const { folder, program } = deployedProject(runningLab().lab);
  return run(inNamespace(clusterNamespace, [process.execPath, program, ...args]), {
    cwd: folder,
    env: { ...clusterEnvironment(), ...options.env },
    timeoutSeconds: options.timeoutSeconds ?? 600,
  });
}

/** For commands inside the lab: kubectl, cdktf and baremetal-lb know the cluster. */
export function clusterEnvironment(): NodeJS.ProcessEnv {
  const { lab, ready } = runningLab();
  return {
    ...cdktfEnvironment(lab),
    CDKTF_OUTDIR: runFiles(lab).cdktfOutput,
    PATH: `${ready.binaries}:${process.env.PATH ?? ""}`,
    KUBECONFIG: runFiles(lab).kubeconfig,
  };
}

/** A node by its name or its number. */
export function findNode(node: string | number): NodePlan {
  const { nodes } = runningLab();
  const found = nodes.find((plan) => plan.name === String(node) || String(plan.number) === String(node));
  if (found === undefined) throw new LabError(`${node} is no node: there are ${nodes.map((n) => n.name).join(", ")}`);
  return found;
}

/** Cuts a node off, as if its power failed. */
export function stopNode(node: string | number): Promise<void> {
  return locked("stop", () => powerOff(runningLab().lab, findNode(node), "cut"));
}

/** Powers a stopped node on, and waits until it answers and is Ready. */
export function startNode(node: string | number): Promise<void> {
  return locked("start", () => powerOnAndWait(findNode(node)));
}

/** Shuts a node down and starts it again, with its disk as it was; waits until it is Ready. */
export function rebootNode(node: string | number): Promise<void> {
  return locked("reboot", async () => {
    await powerOff(runningLab().lab, findNode(node), "shutdown");
    await powerOnAndWait(findNode(node));
  });
}

async function powerOnAndWait(node: NodePlan): Promise<void> {
  const { lab, ready } = runningLab();
  const before = readyNodes(await kubectlJson(lab, ready.binaries, ["get", "nodes"]));
  powerOn(lab, ready, node);
  await waitForNodes(lab, ready.binaries, [node], before);
}
