import { parseNodeFacts } from "../../../day-two/nodes/node-facts";

const configz = (ipvs: object) => JSON.stringify({ "kubeproxy.config.k8s.io": { Mode: "ipvs", IPVS: ipvs } });

const lines = (config: string) => `tool ipset present
tool ipvsadm missing
module ip_vs loaded
module nf_conntrack built-in
module ip_vs_rr not-loaded
denied ip_vs 'blacklist ip_vs' in /etc/modprobe.d/harden.conf
file /etc/modules-load.d/baremetal-lb.conf as-written
port 7946/tcp open
port 7946/udp open-until-reload
proxy mode ipvs
proxy config ${config}
sysctl net.ipv4.conf.all.arp_ignore 1
sysctl net.ipv4.conf.all.arp_announce 2
interface kube-ipvs0 present
virtual-server 10.96.0.1:443 missing
rules 10.96.0.1:443 unknown
speaker 7 e3b0c442
`;

describe("A node's facts", () => {
  it("are read from the probe's lines", () => {
    expect(parseNodeFacts(lines(configz({ Scheduler: "rr", StrictARP: true, SyncPeriod: "30s" })))).toStrictEqual({
      tools: { ipset: "present", ipvsadm: "missing" },
      modules: { ip_vs: "loaded", nf_conntrack: "built-in", ip_vs_rr: "not-loaded" },
      denied: { ip_vs: "'blacklist ip_vs' in /etc/modprobe.d/harden.conf" },
      files: { "/etc/modules-load.d/baremetal-lb.conf": "as-written" },
      ports: { "7946/tcp": "open", "7946/udp": "open-until-reload" },
      proxy: { mode: "ipvs", ipvs: { strictarp: true, scheduler: "rr", syncperiod: "30s" } },
      sysctls: { "net.ipv4.conf.all.arp_ignore": "1", "net.ipv4.conf.all.arp_announce": "2" },
      interfaces: { "kube-ipvs0": "present" },
      virtualServers: { "10.96.0.1:443": "missing" },
      rules: { "10.96.0.1:443": "unknown" },
      speakers: { 7: "e3b0c442" },
    });
  });

  it("take kube-proxy's keys in either case", () => {
    const config = JSON.stringify({ componentconfig: { mode: "ipvs", ipvs: { scheduler: "wrr", strictARP: false } } });
    expect(parseNodeFacts(lines(config)).proxy).toStrictEqual({
      mode: "ipvs",
      ipvs: { scheduler: "wrr", strictarp: false },
    });
  });

  it("are empty where kube-proxy does not answer", () => {
    expect(parseNodeFacts("proxy mode \nproxy asked 127.0.0.1:10249, [::1]:10249\nproxy config \n")).toStrictEqual({
      tools: {},
      modules: {},
      denied: {},
      files: {},
      ports: {},
      proxy: { mode: undefined, ipvs: undefined, asked: "127.0.0.1:10249, [::1]:10249" },
      sysctls: {},
      interfaces: {},
      virtualServers: {},
      rules: {},
      speakers: {},
    });
  });

  it.each(["{}", "[]", '{"a":{}}'])("leave out settings that are of another form: %s", (config) => {
    expect(parseNodeFacts(lines(config)).proxy).toEqual({ mode: "ipvs" });
  });
});
