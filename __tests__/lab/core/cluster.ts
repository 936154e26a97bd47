import { spawn } from "node:child_process";
import { parse } from "yaml";
import * as lab from "../../../lab/lab";

// What the core test asks of the lab's cluster, in its own words.

/** A command's standard output; fails the test with all that it printed otherwise. */
export async function answer(result: Promise<{ code: number; stdout: string; output: string }>): Promise<string> {
  const { code, stdout, output } = await result;
  if (code !== 0) throw new Error(output);
  return stdout.trim();
}

export const kubectl = (...args: string[]): Promise<string> => answer(lab.kubectl(args));
export const onNode = (node: string, command: string): Promise<string> => answer(lab.ssh(node, command));

/** What `cdktf diff` of a stack says, and whether it is no change. */
export async function diff(stack: string): Promise<{ noChanges: boolean; output: string }> {
  const { code, output } = await lab.cdktf(["diff", stack, "--skip-provider-lock"]);
  return { noChanges: code === 0 && output.includes("No changes."), output };
}

/** Runs `cdktf deploy` or `destroy`, and fails the test with its output where it fails. */
export const apply = (verb: "deploy" | "destroy", ...stacks: string[]): Promise<string> =>
  answer(lab.cdktf([verb, ...stacks, "--auto-approve", "--skip-provider-lock"]));

/** kube-proxy's config.conf as the cluster has it, and parsed. */
export async function kubeProxyText(): Promise<string> {
  return kubectl("-n", "kube-system", "get", "configmap", "kube-proxy", "-o", "jsonpath={.data.config\\.conf}");
}
export const kubeProxyConfiguration = async (): Promise<Record<string, never>> => parse(await kubeProxyText());

/** Edits config.conf the way `kubectl edit` does: the whole ConfigMap is replaced. */
export async function editKubeProxy(edit: (text: string) => string): Promise<void> {
  const configMap = JSON.parse(await kubectl("-n", "kube-system", "get", "configmap", "kube-proxy", "-o", "json"));
  const before = configMap.data["config.conf"];
  configMap.data["config.conf"] = edit(before);
  if (configMap.data["config.conf"] === before) throw new Error("the edit changed nothing");
  await answer(lab.kubectl(["replace", "-f", "-"], { input: JSON.stringify(configMap) }));
}

/** Every pod with its id and restarts: equal before and after means that nothing restarted. */
export const pods = async (namespace: string): Promise<string[]> => {
  const columns = "custom-columns=:metadata.name,:metadata.uid,:status.containerStatuses[0].restartCount";
  return (await kubectl("-n", namespace, "get", "pods", "--no-headers", "-o", columns)).split("\n").sort();
};

/** What IPVS mode has, or left, on a node: lines of ipvsadm, KUBE sets, rules that use them, the interface, settings. */
export async function ipvsTraces(node: string): Promise<Record<string, string>> {
  const traces: Record<string, string> = {
    virtualServers: "ipvsadm -Sn | wc -l",
    sets: "ipset list -n | grep -c ^KUBE- || true",
    rules:
      "{ iptables-save; ip6tables-save; } 2>/dev/null | grep -cE 'match-set KUBE-|KUBE-IPVS|KUBE-NODE-PORT' || true",
    interface: "ls /sys/class/net | grep -c kube-ipvs0 || true",
    arpIgnore: "cat /proc/sys/net/ipv4/conf/all/arp_ignore",
    arpAnnounce: "cat /proc/sys/net/ipv4/conf/all/arp_announce",
  };
  // In one login: six at once are a burden for a node of the lab.
  const commands = Object.entries(traces).map(([name, command]) => `echo "${name} $(${command})"`);
  const found = await onNode(node, commands.join("\n"));
  return Object.fromEntries(found.split("\n").map((line) => line.split(" ")));
}

export const noTraces = {
  virtualServers: "0",
  sets: "0",
  rules: "0",
  interface: "0",
  arpIgnore: "0",
  arpAnnounce: "0",
};

/** Follows config.conf while something happens: every version of the ConfigMap that the API server showed. */
export async function configurationsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const separator = "\n--- next ---\n";
  const template = `jsonpath={.data.config\\.conf}{"${separator.replaceAll("\n", "\\n")}"}`;
  const args = ["-n", "kube-system", "get", "configmap", "kube-proxy", "--watch", "-o", template];
  const command = lab.kubectlCommandLine(args);
  const watch = spawn(command[0] ?? "", command.slice(1), { stdio: ["ignore", "pipe", "ignore"] });
  let seen = "";
  watch.stdout.on("data", (data) => (seen += String(data)));
  try {
    await work();
  } finally {
    watch.kill();
  }
  return seen.split(separator).slice(0, -1);
}
