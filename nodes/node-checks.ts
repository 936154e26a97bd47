import { apiServiceEndpoint } from "../config/addresses";
import type { ClusterConfig } from "../config/schema/cluster";
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
}

type Declared = Pick<ClusterConfig, "kubernetes" | "kubeProxy">;

/** Everything that is to hold on one node, as the configuration declares it. */
export function nodeChecks(facts: NodeFacts, declared: Declared): NodeCheck[] {
  return [...ofNodesStack(facts), ...ofKubeProxyStack(facts, declared)];
}

function ofNodesStack({ tools, modules, files, ports }: NodeFacts): NodeCheck[] {
  const check = (what: string, ok: boolean, found: string): NodeCheck => ({ stack: "nodes", what, ok, found });
  const states = { "as-written": "is as written", missing: "is missing", changed: "was changed" };
  const purpose = "over which MetalLB's speakers find each other";
  const firewall = {
    open: (port: string) => `firewalld lets ${port} through`,
    closed: (port: string) => `firewalld stops ${port}, ${purpose}`,
    "open-until-reload": (port: string) => `firewalld stops ${port} once it reloads, ${purpose}`,
    "open-after-reload": (port: string) => `firewalld stops ${port} until it reloads, ${purpose}`,
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
    ...Object.entries(files).map(([path, is]) => check(path, is === "as-written", `${path} ${states[is]}`)),
    ...Object.entries(ports).map(([port, is]) => check(`firewalld ${port}`, is === "open", firewall[is](port))),
  ];
}

function ofKubeProxyStack({ proxy, sysctls, interfaces, virtualServers }: NodeFacts, declared: Declared): NodeCheck[] {
  const { mode, strictARP, scheduler } = declared.kubeProxy;
  const check = (what: string, ok: boolean, found: string): NodeCheck => ({ stack: "kube-proxy", what, ok, found });
  if (proxy.mode === undefined) {
    return [check("kube-proxy", false, "kube-proxy does not answer on 127.0.0.1:10249")];
  }
  const setting = (what: string, running: string | undefined, wanted: string) =>
    running === wanted
      ? check(`kube-proxy ${what}`, true, `kube-proxy runs with ${what} ${running}`)
      : check(`kube-proxy ${what}`, false, `kube-proxy runs with ${what} ${running ?? "unknown"}, declared ${wanted}`);
  const sysctl = (key: string, wanted: string) => {
    const name = `net.ipv4.conf.all.${key}`;
    const ok = sysctls[name] === wanted;
    return check(name, ok, `${name} is ${sysctls[name] ?? "unknown"}${ok ? "" : `, strictARP sets ${wanted}`}`);
  };
  const modeCheck = setting("mode", proxy.mode, mode);
  if (!modeCheck.ok) return [modeCheck];
  const apiService = apiServiceEndpoint(declared.kubernetes.serviceCIDR);
  const virtualServer = virtualServers[apiService] ?? "missing";
  const dummy = interfaces["kube-ipvs0"] ?? "missing";
  return [
    modeCheck,
    setting("strictARP", String(proxy.strictARP), String(strictARP)),
    setting("scheduler", proxy.scheduler, scheduler),
    ...(strictARP ? [sysctl("arp_ignore", "1"), sysctl("arp_announce", "2")] : []),
    check("interface kube-ipvs0", dummy === "present", `interface kube-ipvs0 is ${dummy}`),
    check(
      `virtual server ${apiService}`,
      virtualServer === "present",
      `virtual server ${apiService}, the Kubernetes API's Service, is ${virtualServer}`,
    ),
  ];
}
