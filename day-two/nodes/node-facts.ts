/** What the probe script found on a node. */
export interface NodeFacts {
  /** Those that the mode needs: ipset and ipvsadm, or nft; what a node with a read-only /usr does not have is left out. */
  readonly tools: Readonly<Record<string, "present" | "missing">>;
  readonly modules: Readonly<Record<string, "loaded" | "built-in" | "not-loaded">>;
  /** Modules that the next boot leaves out, and why: "'blacklist ip_vs' in /etc/modprobe.d/hardening.conf" */
  readonly denied: Readonly<Record<string, string>>;
  /** The files that the nodes stack writes, by their path. */
  readonly files: Readonly<Record<string, "as-written" | "missing" | "changed">>;
  /** Ports that MetalLB's speakers need, such as 7946/tcp, as firewalld treats them; none where firewalld does not run. */
  readonly ports: Readonly<Record<string, "open" | "closed" | "open-until-reload" | "open-after-reload">>;
  readonly proxy: ProxyFacts;
  /** "net.ipv4.conf.all.arp_ignore": "1" */
  readonly sysctls: Readonly<Record<string, string>>;
  readonly interfaces: Readonly<Record<string, "present" | "missing">>;
  /** "10.96.0.1:443": virtual servers that IPVS should have. */
  readonly virtualServers: Readonly<Record<string, "present" | "missing">>;
  /** The same in the rules of iptables and nftables mode; unknown where the node cannot list them. */
  readonly rules: Readonly<Record<string, "present" | "missing" | "unknown">>;
  /**
   * The SHA-256 of the memberlist's key with which each speaker of MetalLB started, by its process' number; unknown where
   * its file was changed since, or is none. Of a speaker without a key it is that of nothing.
   */
  readonly speakers: Readonly<Record<string, string>>;
}

/** What a node has for one Service, beside all else. */
export interface ServiceFacts extends NodeFacts {
  /**
   * By address and port: in IPVS mode the number of endpoints that what comes there is sent to, or missing; in the other
   * modes present, missing or unknown.
   */
  readonly services: Readonly<Record<string, string>>;
  /** What of INPUT would drop it, in IPVS mode. */
  readonly input: { readonly policy?: string; readonly rule?: string };
  /** The names of its interfaces. */
  readonly links: readonly string[];
  /** Whether the Service's endpoints take connections from this node, by address and port. */
  readonly endpoints: Readonly<Record<string, "answers" | "silent" | "unknown">>;
}

/** What the node's kube-proxy says of itself; undefined what it does not answer, or its log does not tell. */
export interface ProxyFacts {
  /** The mode that runs: iptables, ipvs or nftables. */
  readonly mode?: string;
  /** Where it was asked and did not answer: "127.0.0.1:10249, [::1]:10249". */
  readonly asked?: string;
  /** The section ipvs of the configuration in force (/configz), which may be older than the ConfigMap; lower-case keys. */
  readonly ipvs?: Readonly<Record<string, unknown>>;
}

/** Reads the lines of day-two/nodes/probe-node.sh: kind, name, value. */
export function parseNodeFacts(output: string): NodeFacts {
  const of = factsOfKind(output);
  const proxy = of<string>("proxy");
  return {
    tools: of("tool"),
    modules: of("module"),
    denied: of("denied"),
    files: of("file"),
    ports: of("port"),
    proxy: {
      mode: proxy.mode || undefined,
      ipvs: ipvsSettings(proxy.config ?? ""),
      ...(proxy.asked && { asked: proxy.asked }),
    },
    sysctls: of("sysctl"),
    interfaces: of("interface"),
    virtualServers: of("virtual-server"),
    rules: of("rules"),
    speakers: of("speaker"),
  };
}

/** Reads the lines of day-two/nodes/probe-service.sh. */
export function parseServiceFacts(output: string): ServiceFacts {
  const of = factsOfKind(output);
  return {
    ...parseNodeFacts(output),
    services: of("service"),
    input: of("input"),
    links: Object.keys(of("link")),
    endpoints: of("endpoint"),
  };
}

/** Every fact of a kind, by its name, out of the lines of a script of this folder. */
export function factsOfKind(output: string) {
  const lines = output.split("\n").map((line) => /^(\S+) (\S+) ?(.*)$/.exec(line)?.slice(1) ?? []);
  return <T extends string>(kind: string) =>
    Object.fromEntries(lines.filter(([found]) => found === kind).map(([, name, value]) => [name, value])) as Record<
      string,
      T
    >;
}

const ipvsSettings = (configz: string): ProxyFacts["ipvs"] =>
  proxySettings(configz)?.["ipvs"] as ProxyFacts["ipvs"] | undefined;

/** What kube-proxy serves at /configz: its own Go struct, whose keys' case differs between versions; here it is lower. */
export function proxySettings(configz: string): Readonly<Record<string, unknown>> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(configz);
  } catch {
    // Nothing, or what something else answers at that port.
    return undefined;
  }
  return Object.values(lowerKeys(parsed) as Record<string, Readonly<Record<string, unknown>>>)[0];
}

function lowerKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toLowerCase(), lowerKeys(inner)]));
}
