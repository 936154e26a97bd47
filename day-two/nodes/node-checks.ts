import { apiServiceEndpoint } from "../../stacks/shared/api-service";
import { compareSettings, declaredSettings } from "../../stacks/kube-proxy/settings";
import { frrK8sWebhookPort } from "../../stacks/shared/memberlist-port";
import type { ClusterConfig } from "../../cluster/schema";
import type { NodeFacts } from "./node-facts";

/** One thing that is to hold on a node, and what was found. */
export interface NodeCheck {
  /** The stack that brings it about. */
  readonly stack: "nodes" | "kube-proxy";
  /** "module ip_vs_rr", "kube-proxy mode" */
  readonly what: string;
  readonly ok: boolean;
  /** What was found, in words that name it: "module ip_vs_rr is not loaded". */
  readonly found: string;
  /** What mends it, where `heal` does not. */
  readonly remedy?: string;
}

type Declared = Pick<ClusterConfig, "kubernetes" | "kubeProxy">;

/** Everything that is to hold on one node, as the configuration declares it. */
export function nodeChecks(facts: NodeFacts, declared: Declared): NodeCheck[] {
  return [...ofNodesStack(facts), ...ofKubeProxyStack(facts, declared)];
}

function ofNodesStack({ tools, modules, denied, files, ports }: NodeFacts): NodeCheck[] {
  const check = (what: string, ok: boolean, found: string): NodeCheck => ({ stack: "nodes", what, ok, found });
  const states = { "as-written": "is as written", missing: "is missing", changed: "was changed" };
  const purpose = (port: string) =>
    port === `${frrK8sWebhookPort}/tcp`
      ? "where the API server asks frr-k8s' webhook"
      : "over which MetalLB's speakers find each other";
  const firewall = {
    open: (port: string) => `firewalld lets ${port} through`,
    closed: (port: string) => `firewalld stops ${port}, ${purpose(port)}`,
    "open-until-reload": (port: string) => `firewalld stops ${port} once it reloads, ${purpose(port)}`,
    "open-after-reload": (port: string) => `firewalld stops ${port} until it reloads, ${purpose(port)}`,
  };
  return [
    ...Object.entries(tools).map(([name, is]) =>
      check(
        `command ${name}`,
        is === "present",
        is === "present" ? `${name} is installed` : `${name} is not installed`,
      ),
    ),
    ...Object.entries(modules).map(([name, is]) =>
      check(
        `module ${name}`,
        is !== "not-loaded",
        `module ${name} is ${is === "not-loaded" ? "not loaded" : is.replace("-", " ")}`,
      ),
    ),
    ...Object.entries(denied).map(([name, why]) => ({
      ...check(`module ${name} at boot`, false, `module ${name} is left out at the next boot: ${why}`),
      remedy: "take that out there",
    })),
    ...Object.entries(files).map(([path, is]) => check(path, is === "as-written", `${path} ${states[is]}`)),
    ...Object.entries(ports).map(([port, is]) => check(`firewalld ${port}`, is === "open", firewall[is](port))),
  ];
}

function ofKubeProxyStack(facts: NodeFacts, { kubeProxy, kubernetes }: Declared): NodeCheck[] {
  if (kubeProxy.mode === "unmanaged") return ofUnmanagedProxy(facts);
  const { proxy, interfaces } = facts;
  if (proxy.mode === undefined) {
    return [proxyCheck("kube-proxy", false, `kube-proxy does not answer at ${proxy.asked ?? "any address"}`)];
  }
  const { ipvs } = declaredSettings(kubeProxy);
  const running = Object.keys(ipvs).map((key) => [key, runningValue(proxy.ipvs, key)]);
  const [mode, ...settings] = compareSettings({ mode: proxy.mode, ipvs: Object.fromEntries(running) }, kubeProxy).map(
    ({ key, equal, found, declared }) =>
      proxyCheck(
        `kube-proxy ${key}`,
        equal,
        `kube-proxy runs with ${key} ${found}${equal ? "" : `, declared ${declared}`}`,
      ),
  );
  if (mode === undefined || !mode.ok) return mode === undefined ? [] : [mode];
  const apiService = apiServiceEndpoint(kubernetes.serviceCIDR);
  const dummy = interfaces["kube-ipvs0"] ?? "missing";
  if (kubeProxy.mode !== "ipvs") {
    const rules = facts.rules[apiService] ?? "missing";
    return [
      mode,
      ...(rules === "unknown"
        ? []
        : [
            proxyCheck(
              `rules ${apiService}`,
              rules === "present",
              `the rules of ${apiService}, the Kubernetes API's Service, are ${rules}`,
            ),
          ]),
      ...(dummy === "present"
        ? [proxyCheck("interface kube-ipvs0", false, "interface kube-ipvs0 is left of IPVS mode")]
        : []),
    ];
  }
  const virtualServer = facts.virtualServers[apiService] ?? "missing";
  return [
    mode,
    // Where its log alone told the mode, it cannot be asked for more, and a restart would not change that.
    ...(proxy.ipvs === undefined ? [] : settings),
    ...(kubeProxy.strictARP ? strictARPChecks(facts) : []),
    proxyCheck("interface kube-ipvs0", dummy === "present", `interface kube-ipvs0 is ${dummy}`),
    proxyCheck(
      `virtual server ${apiService}`,
      virtualServer === "present",
      `virtual server ${apiService}, the Kubernetes API's Service, is ${virtualServer}`,
    ),
  ];
}

/** The setting that runs, or in its place a word that no setting is. */
const runningValue = (ipvs: Readonly<Record<string, unknown>> = {}, key: string): unknown =>
  key.toLowerCase() in ipvs ? ipvs[key.toLowerCase()] : "unknown";

/** As stacks/kube-proxy/scripts/prove-unmanaged.sh. */
function ofUnmanagedProxy(facts: NodeFacts): NodeCheck[] {
  const { mode, asked } = facts.proxy;
  const ipvs = mode === "ipvs" || (mode === undefined && facts.interfaces["kube-ipvs0"] === "present");
  const found =
    mode === undefined
      ? `no kube-proxy answers at ${asked ?? "any address"}, and none is managed`
      : `kube-proxy, which is not managed, runs with mode ${mode}`;
  return [proxyCheck("kube-proxy mode", true, found), ...(ipvs ? strictARPChecks(facts) : [])];
}

function strictARPChecks({ sysctls }: NodeFacts): NodeCheck[] {
  return Object.entries({ arp_ignore: "1", arp_announce: "2" }).map(([key, wanted]) => {
    const name = `net.ipv4.conf.all.${key}`;
    const ok = sysctls[name] === wanted;
    return proxyCheck(name, ok, `${name} is ${sysctls[name] ?? "unknown"}${ok ? "" : `, strictARP sets ${wanted}`}`);
  });
}

const proxyCheck = (what: string, ok: boolean, found: string): NodeCheck => ({ stack: "kube-proxy", what, ok, found });
