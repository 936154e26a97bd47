import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { artefactFolder, provide } from "../artefact";
import { birdArtefact, birdPrograms } from "../build/bird";
import { readDebianRelease } from "../build/debian-release";
import { run, runChecked } from "../command";
import { checkDaemon, startDaemon } from "../daemon";
import { LabError } from "../lab-error";
import type { Lab } from "../lab-settings";
import { batch, inNamespace, namespaceExists, removeNamespaces, routerNetworkCommands } from "../namespaces";
import {
  clusterAsn,
  clusterNamespace,
  familyPlans,
  osFamilies,
  remoteNamespace,
  routerAsn,
  routerNamespace,
  type IpFamily,
  type NodePlan,
} from "../network-plan";
import { endProcess, isRunning, readRecord, removeRecord } from "../process-record";
import type { Progress } from "../progress";
import { runFiles } from "../run-files";
import { waitFor } from "../wait";
import {
  bfdQuestion,
  birdConfiguration,
  parseBfdSessions,
  parseRoutes,
  routesQuestion,
  type Bfd,
  type BgpPeer,
  type Router,
} from "./bird";

export interface RouterOptions {
  /** The router's AS number. Default: 64513. */
  readonly asn?: number;
  /** Default: every node at its address of each family, with AS number 64512. */
  readonly peers?: readonly BgpPeer[];
  /** With every peer. Default: none. */
  readonly bfd?: Bfd;
}

const daemon = "bird";

/** Starts the router and the host behind it; a router that runs is replaced. */
export async function startRouter(
  lab: Lab,
  nodes: readonly NodePlan[],
  options: RouterOptions,
  progress: Progress,
): Promise<void> {
  const programs = await provide(lab, birdArtefact(readDebianRelease()), progress);
  await stopRouter(lab);
  const families = osFamilies(lab.ipFamilies);
  await createRouterNetwork(families);
  const files = runFiles(lab);
  const router: Router = {
    address: familyPlans.IPv4.router,
    ipv6Address: families.includes("IPv6") ? familyPlans.IPv6.router : undefined,
    asn: options.asn ?? routerAsn,
    bfd: options.bfd,
    peers: options.peers ?? nodes.flatMap((node) => families.map((family) => peerOf(node, family))),
  };
  mkdirSync(dirname(files.routerConfig), { recursive: true });
  writeFileSync(files.routerConfig, birdConfiguration(router));
  const { bird, environment } = birdPrograms(programs);
  startDaemon(lab, daemon, [bird, "-f", "-c", files.routerConfig, "-s", files.routerSocket], {
    namespace: routerNamespace,
    environment,
  });
  await waitFor({ what: "the router to answer", timeoutSeconds: 15 }, async () => {
    checkDaemon(lab, daemon);
    const { code } = await run(question(lab, programs, ["show", "status"]), { timeoutSeconds: 10 });
    return code === 0 ? true : undefined;
  });
}

/** Ends the router, and removes it and the host behind it from the network. */
export async function stopRouter(lab: Lab): Promise<void> {
  const { processes } = runFiles(lab);
  const record = readRecord(processes, daemon);
  if (record !== undefined) {
    endProcess(record);
    await waitFor({ what: "the router to end", timeoutSeconds: 15 }, () => (isRunning(record) ? undefined : true));
    removeRecord(processes, daemon);
  }
  if (namespaceExists(clusterNamespace) && namespaceExists(routerNamespace)) {
    // A namespace's links outlive it for a moment, and the next start needs the name.
    await run(["ip", "-n", clusterNamespace, "link", "delete", "router0"], { timeoutSeconds: 20 });
  }
  await removeNamespaces([remoteNamespace, routerNamespace]);
}

/** The routes that the router has learnt by BGP: each prefix with its next hops in order. */
export const learntRoutes = async (lab: Lab): Promise<Record<string, string[]>> =>
  parseRoutes(await ask(lab, routesQuestion));

/** Each neighbour of the router with the state of its BFD session. */
export const bfdSessions = async (lab: Lab): Promise<Record<string, string>> =>
  parseBfdSessions(await ask(lab, bfdQuestion));

async function ask(lab: Lab, words: readonly string[]): Promise<string> {
  if (readRecord(runFiles(lab).processes, daemon) === undefined) throw new LabError("no router is up");
  checkDaemon(lab, daemon);
  const programs = artefactFolder(lab, birdArtefact(readDebianRelease()));
  return (await runChecked(question(lab, programs, words), { timeoutSeconds: 10 })).stdout;
}

/** Cuts the router off from the nodes' network, or joins it again: its link is there for whoever is at the other end. */
export async function setRouterLink(state: "up" | "down"): Promise<void> {
  await batch(clusterNamespace, [`link set router0 ${state}`]);
}

const question = (lab: Lab, programs: string, words: readonly string[]) => [
  birdPrograms(programs).client,
  "-s",
  runFiles(lab).routerSocket,
  ...words,
];

const peerOf = ({ name, addresses }: NodePlan, family: IpFamily): BgpPeer => ({
  name: family === "IPv4" ? name : `${name}_${family}`,
  address: addresses[family],
  asn: clusterAsn,
});

const forwarding: Readonly<Record<IpFamily, string>> = {
  IPv4: "/proc/sys/net/ipv4/ip_forward",
  IPv6: "/proc/sys/net/ipv6/conf/all/forwarding",
};

async function createRouterNetwork(families: readonly IpFamily[]): Promise<void> {
  for (const namespace of [routerNamespace, remoteNamespace]) {
    await runChecked(["ip", "netns", "add", namespace], { timeoutSeconds: 20 });
  }
  const commands = routerNetworkCommands(families);
  await batch(clusterNamespace, commands.cluster);
  await batch(routerNamespace, commands.router);
  await batch(remoteNamespace, commands.remote);
  for (const family of families) {
    const forward = ["sh", "-c", `echo 1 > ${forwarding[family]}`];
    await runChecked(inNamespace(routerNamespace, forward), { timeoutSeconds: 20 });
  }
}
