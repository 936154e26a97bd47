import { nodeChecks } from "../../../day-two/nodes/node-checks";
import type { NodeFacts } from "../../../day-two/nodes/node-facts";
import { cluster } from "../../cluster-fixture";
import { fault } from "../../faults";

const asked = "127.0.0.1:10249, [::1]:10249";

const fine: NodeFacts = {
  tools: { ipset: "present", ipvsadm: "present" },
  modules: { ip_vs: "loaded", nf_conntrack: "built-in" },
  denied: {},
  files: { "/etc/modules-load.d/baremetal-lb.conf": "as-written" },
  ports: { "7946/tcp": "open" },
  proxy: { mode: "ipvs", ipvs: { strictarp: true, scheduler: "" } },
  sysctls: { "net.ipv4.conf.all.arp_ignore": "1", "net.ipv4.conf.all.arp_announce": "2" },
  interfaces: { "kube-ipvs0": "present" },
  virtualServers: { "10.96.0.1:443": "present" },
  rules: {},
  speakers: {},
};

const failing = (changes: Partial<NodeFacts>, kubeProxy: object = {}) =>
  nodeChecks({ ...fine, ...changes }, cluster({ kubeProxy }))
    .filter(({ ok }) => !ok)
    .map(({ stack, found }) => `${stack}: ${found}`);

describe("A node's checks", () => {
  it("are all that is to hold, and hold on a node that is as declared", () => {
    const check = (stack: string, what: string, found: string) => ({ stack, what, ok: true, found });
    expect(nodeChecks(fine, cluster())).toStrictEqual([
      check("nodes", "command ipset", "ipset is installed"),
      check("nodes", "command ipvsadm", "ipvsadm is installed"),
      check("nodes", "module ip_vs", "module ip_vs is loaded"),
      check("nodes", "module nf_conntrack", "module nf_conntrack is built in"),
      check("nodes", "/etc/modules-load.d/baremetal-lb.conf", "/etc/modules-load.d/baremetal-lb.conf is as written"),
      check("nodes", "firewalld 7946/tcp", "firewalld lets 7946/tcp through"),
      check("kube-proxy", "kube-proxy mode", "kube-proxy runs with mode ipvs"),
      check("kube-proxy", "kube-proxy strictARP", "kube-proxy runs with strictARP true"),
      check("kube-proxy", "kube-proxy scheduler", "kube-proxy runs with scheduler rr"),
      check("kube-proxy", "net.ipv4.conf.all.arp_ignore", "net.ipv4.conf.all.arp_ignore is 1"),
      check("kube-proxy", "net.ipv4.conf.all.arp_announce", "net.ipv4.conf.all.arp_announce is 2"),
      check("kube-proxy", "interface kube-ipvs0", "interface kube-ipvs0 is present"),
      check(
        "kube-proxy",
        "virtual server 10.96.0.1:443",
        "virtual server 10.96.0.1:443, the Kubernetes API's Service, is present",
      ),
    ]);
  });

  it("name everything of the nodes stack that does not hold", () => {
    const path = "/etc/modules-load.d/baremetal-lb.conf";
    expect(
      failing({
        tools: { ipset: "missing", ipvsadm: "present" },
        modules: { ip_vs: "not-loaded" },
        files: { [path]: "changed", "/etc/other": "missing" },
        ports: {
          "7946/tcp": "closed",
          "7946/udp": "open-until-reload",
          "7947/udp": "open-after-reload",
          "19443/tcp": "closed",
        },
      }),
    ).toStrictEqual([
      "nodes: ipset is not installed",
      "nodes: module ip_vs is not loaded",
      `nodes: ${path} was changed`,
      "nodes: /etc/other is missing",
      "nodes: firewalld stops 7946/tcp, over which MetalLB's speakers find each other",
      "nodes: firewalld stops 7946/udp once it reloads, over which MetalLB's speakers find each other",
      "nodes: firewalld stops 7947/udp until it reloads, over which MetalLB's speakers find each other",
      "nodes: firewalld stops 19443/tcp, where the API server asks frr-k8s' webhook",
    ]);
  });

  it(`${fault(132)}: name a module that the next boot leaves out, with a remedy of its own`, () => {
    const denied = { ip_vs: "'blacklist ip_vs' in /etc/modprobe.d/harden.conf" };
    expect(nodeChecks({ ...fine, denied }, cluster()).filter(({ ok }) => !ok)).toStrictEqual([
      {
        stack: "nodes",
        what: "module ip_vs at boot",
        ok: false,
        found: "module ip_vs is left out at the next boot: 'blacklist ip_vs' in /etc/modprobe.d/harden.conf",
        remedy: "take that out there",
      },
    ]);
  });

  it("of a kube-proxy that does not answer say nothing more", () => {
    expect(failing({ proxy: { asked }, interfaces: {}, virtualServers: {} })).toStrictEqual([
      "kube-proxy: kube-proxy does not answer at 127.0.0.1:10249, [::1]:10249",
    ]);
  });

  it(`${fault(143)}: of a kube-proxy whose log alone tells the mode ask for no setting that it cannot tell`, () => {
    expect(failing({ proxy: { mode: "ipvs" } })).toStrictEqual([]);
    const off = { "net.ipv4.conf.all.arp_ignore": "0", "net.ipv4.conf.all.arp_announce": "2" };
    expect(failing({ proxy: { mode: "ipvs" }, sysctls: off })).toStrictEqual([
      "kube-proxy: net.ipv4.conf.all.arp_ignore is 0, strictARP sets 1",
    ]);
  });

  it("of another mode say nothing more, since all else follows from it", () => {
    expect(failing({ proxy: { mode: "iptables" }, interfaces: {}, virtualServers: {} })).toStrictEqual([
      "kube-proxy: kube-proxy runs with mode iptables, declared ipvs",
    ]);
  });

  it("name each setting that is another, and what strictARP sets", () => {
    expect(
      failing({
        proxy: { mode: "ipvs", ipvs: { strictarp: false } },
        sysctls: { "net.ipv4.conf.all.arp_ignore": "0" },
        interfaces: { "kube-ipvs0": "missing" },
        virtualServers: { "10.96.0.1:443": "missing" },
      }),
    ).toStrictEqual([
      "kube-proxy: kube-proxy runs with strictARP false, declared true",
      "kube-proxy: kube-proxy runs with scheduler unknown, declared rr",
      "kube-proxy: net.ipv4.conf.all.arp_ignore is 0, strictARP sets 1",
      "kube-proxy: net.ipv4.conf.all.arp_announce is unknown, strictARP sets 2",
      "kube-proxy: interface kube-ipvs0 is missing",
      "kube-proxy: virtual server 10.96.0.1:443, the Kubernetes API's Service, is missing",
    ]);
  });

  it("do not ask for the kernel's settings where strictARP is not declared", () => {
    expect(
      failing(
        { proxy: { mode: "ipvs", ipvs: { strictarp: false, scheduler: "rr" } }, sysctls: {} },
        { strictARP: false },
      ),
    ).toStrictEqual([]);
  });

  it("name IPVS's networks and timeouts, by meaning", () => {
    const declared = { excludeCIDRs: ["10.0.0.0/8"], tcpTimeout: "15m", udpTimeout: "90s" };
    const ipvs = { strictarp: true, scheduler: "rr", tcptimeout: "15m0s", udptimeout: "0s" };
    const proxy = { mode: "ipvs", ipvs: { ...ipvs, excludecidrs: null } };
    expect(failing({ proxy }, declared)).toStrictEqual([
      "kube-proxy: kube-proxy runs with excludeCIDRs none, declared 10.0.0.0/8",
      "kube-proxy: kube-proxy runs with udpTimeout 0s, declared 1m30s",
    ]);
    expect(failing({ proxy }, { excludeCIDRs: [] })).toStrictEqual([]);
  });

  describe.each(["iptables", "nftables"])("in mode %s", (mode) => {
    const running: Partial<NodeFacts> = {
      tools: {},
      proxy: { mode },
      sysctls: {},
      interfaces: { "kube-ipvs0": "missing" },
      virtualServers: {},
      rules: { "10.96.0.1:443": "present" },
    };

    it("are the mode and the rules, and nothing of IPVS", () => {
      const checks = nodeChecks({ ...fine, ...running }, cluster({ kubeProxy: { mode } }));
      expect(checks.filter(({ stack }) => stack === "kube-proxy")).toStrictEqual([
        {
          stack: "kube-proxy",
          what: "kube-proxy mode",
          ok: true,
          found: `kube-proxy runs with mode ${mode}`,
        },
        {
          stack: "kube-proxy",
          what: "rules 10.96.0.1:443",
          ok: true,
          found: "the rules of 10.96.0.1:443, the Kubernetes API's Service, are present",
        },
      ]);
    });

    it("name rules that are missing, and what is left of IPVS mode", () => {
      expect(
        failing(
          { ...running, rules: { "10.96.0.1:443": "missing" }, interfaces: { "kube-ipvs0": "present" } },
          { mode },
        ),
      ).toStrictEqual([
        "kube-proxy: the rules of 10.96.0.1:443, the Kubernetes API's Service, are missing",
        "kube-proxy: interface kube-ipvs0 is left of IPVS mode",
      ]);
    });

    it("say nothing of rules that the node cannot list", () => {
      expect(failing({ ...running, rules: { "10.96.0.1:443": "unknown" } }, { mode })).toStrictEqual([]);
    });
  });

  describe("of a kube-proxy that is not managed", () => {
    const unmanaged = (changes: Partial<NodeFacts>) =>
      nodeChecks({ ...fine, ...changes }, { ...cluster(), kubeProxy: { mode: "unmanaged" } })
        .filter(({ stack }) => stack === "kube-proxy")
        .map(({ ok, found }) => `${ok ? "fine" : "not"}: ${found}`);
    const off = { "net.ipv4.conf.all.arp_ignore": "0", "net.ipv4.conf.all.arp_announce": "0" };
    const noStrictARP = [
      "not: net.ipv4.conf.all.arp_ignore is 0, strictARP sets 1",
      "not: net.ipv4.conf.all.arp_announce is 0, strictARP sets 2",
    ];

    it("ask for strictARP's kernel settings in IPVS mode, and for nothing in another", () => {
      const inMode = (mode: string) => `fine: kube-proxy, which is not managed, runs with mode ${mode}`;
      expect(unmanaged({ sysctls: off })).toStrictEqual([inMode("ipvs"), ...noStrictARP]);
      expect(unmanaged({ proxy: { mode: "nftables" }, sysctls: off })).toStrictEqual([inMode("nftables")]);
    });

    it("know IPVS mode by its interface where kube-proxy does not answer", () => {
      const silent = "fine: no kube-proxy answers at 127.0.0.1:10249, [::1]:10249, and none is managed";
      expect(unmanaged({ proxy: { asked }, sysctls: off })).toStrictEqual([silent, ...noStrictARP]);
      expect(unmanaged({ proxy: { asked }, sysctls: off, interfaces: {} })).toStrictEqual([silent]);
    });
  });
});
