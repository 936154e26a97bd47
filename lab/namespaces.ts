import { existsSync } from "node:fs";
import { run, runChecked } from "./command";
import {
  clientNamespace,
  clusterNamespace,
  namespaces,
  familyPlans,
  type IpFamily,
  osFamilies,
  remoteNamespace,
  routerNamespace,
  type FamilyPlan,
  type NodePlan,
} from "./network-plan";
import { endIds } from "./process-record";
import { waitFor } from "./wait";

/** A command as it runs inside a namespace. */
export function inNamespace(namespace: string, command: readonly string[]): string[] {
  return ["ip", "netns", "exec", namespace, ...command];
}

export function namespaceExists(namespace: string): boolean {
  return existsSync(`/run/netns/${namespace}`);
}

/** A line of `ip -batch`. An address of IPv6 is used at once: nobody else has it. */
const addAddress = ({ prefixLength }: FamilyPlan, address: string, device: string): string =>
  `address add ${address}/${prefixLength} dev ${device}${address.includes(":") ? " nodad" : ""}`;

/** What `ip -batch` does in each namespace: a bridge with a tap per node and the outside host; nothing on this machine. */
export function networkCommands(
  nodes: readonly NodePlan[],
  families: readonly IpFamily[],
): { cluster: string[]; client: string[] } {
  const address = (host: "controlPlane" | "client", device: string) =>
    osFamilies(families).map((family) => addAddress(familyPlans[family], familyPlans[family][host], device));
  return {
    cluster: [
      "link set lo up",
      "link add br0 type bridge forward_delay 0",
      ...address("controlPlane", "br0"),
      "link set br0 up",
      `link add client0 type veth peer name eth0 netns ${clientNamespace}`,
      "link set client0 master br0 up",
      ...nodes.flatMap((node) => [
        `tuntap add ${node.tap} mode tap`,
        `link set ${node.tap} master br0 up`,
        // The API server reaches pods, such as webhooks, as it would through any cluster's network.
        ...families.map((family) => `route replace ${node.podNetworks[family]} via ${node.addresses[family]}`),
      ]),
    ],
    client: ["link set lo up", ...address("client", "eth0"), "link set eth0 up"],
  };
}

/** The same for a router on the bridge, and a host that has no other way to the cluster. */
export function routerNetworkCommands(families: readonly IpFamily[]): {
  cluster: string[];
  router: string[];
  remote: string[];
} {
  const plans = osFamilies(families).map((family) => familyPlans[family]);
  const address = (host: "router" | "routerBehind" | "remote", device: string) =>
    plans.map((plan) => addAddress(plan, plan[host], device));
  return {
    cluster: [`link add router0 type veth peer name eth0 netns ${routerNamespace}`, "link set router0 master br0 up"],
    router: [
      "link set lo up",
      ...address("router", "eth0"),
      "link set eth0 up",
      `link add eth1 type veth peer name eth0 netns ${remoteNamespace}`,
      ...address("routerBehind", "eth1"),
      "link set eth1 up",
    ],
    remote: [
      "link set lo up",
      ...address("remote", "eth0"),
      "link set eth0 up",
      ...plans.map(({ everywhere, routerBehind }) => `route add ${everywhere} via ${routerBehind}`),
    ],
  };
}

/** Runs lines of `ip -batch` in a namespace. */
export async function batch(namespace: string, lines: readonly string[]): Promise<void> {
  const input = `${lines.join("\n")}\n`;
  await runChecked(["ip", "-n", namespace, "-batch", "-"], { timeoutSeconds: 30, input });
}

export async function createNetwork(nodes: readonly NodePlan[], families: readonly IpFamily[]): Promise<void> {
  const commands = networkCommands(nodes, families);
  for (const namespace of [clusterNamespace, clientNamespace]) {
    await runChecked(["ip", "netns", "add", namespace], { timeoutSeconds: 20 });
  }
  await batch(clusterNamespace, commands.cluster);
  await batch(clientNamespace, commands.client);
}

export const removeNetwork = () => removeNamespaces(namespaces);

/** Ends whatever runs in these namespaces, shells of a person included, and removes them. */
export async function removeNamespaces(names: readonly string[]): Promise<void> {
  for (const namespace of names.filter(namespaceExists)) {
    await waitFor({ what: `the processes in ${namespace} to end`, timeoutSeconds: 30 }, async () => {
      const { stdout } = await run(["ip", "netns", "pids", namespace], { timeoutSeconds: 20 });
      const pids = stdout.split("\n").filter((line) => line !== "");
      endIds(pids.map(Number));
      return pids.length === 0 ? true : undefined;
    });
    await runChecked(["ip", "netns", "delete", namespace], { timeoutSeconds: 20 });
  }
}
