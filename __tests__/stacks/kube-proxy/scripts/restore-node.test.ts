import { fault } from "../../../faults";
import { iptablesRestore, iptablesSave } from "./iptables";
import { KubeProxyNode } from "./kube-proxy-node";
import { shells } from "../../shared/scripts/node-under-test";

const ipvs = `-A -t 10.96.0.1:443 -s rr
-a -t 10.96.0.1:443 -r 192.168.1.10:6443 -m -w 1
-A -u 10.96.0.10:53 -s rr
-A -t 192.168.1.10:31737 -s rr
-A -t 192.168.1.100:443 -s wlc
-a -t 192.168.1.100:443 -r 192.168.1.11:443 -g -w 1
-A -t 192.168.1.100:30443 -s wlc
-A -t 192.168.1.10:8080 -s rr
-A -t [fd00:96::1]:443 -s rr
`;
const onKubeIpvs0 = `3: kube-ipvs0    inet 10.96.0.1/32 scope global kube-ipvs0
3: kube-ipvs0    inet 10.96.0.10/32 scope global kube-ipvs0
3: kube-ipvs0    inet6 fd00:96::1/128 scope global
`;
/** What kube-proxy's sets have of NodePorts: one below the usual range, too. */
const nodePorts = `create KUBE-NODE-PORT-TCP bitmap:port range 0-65535
add KUBE-NODE-PORT-TCP 31737
add KUBE-NODE-PORT-TCP 8080
add KUBE-CLUSTER-IP 10.96.0.1,tcp:443
add mine 30443
`;
const filter = `*filter
:INPUT ACCEPT [0:0]
:KUBE-FIREWALL - [0:0]
:KUBE-IPVS-FILTER - [0:0]
:KUBE-NODE-PORT - [0:0]
:MINE - [0:0]
-A INPUT -m comment --comment "kubernetes ipvs access filter" -j KUBE-IPVS-FILTER
-A INPUT -j KUBE-FIREWALL
-A INPUT -j MINE
-A KUBE-IPVS-FILTER -m set --match-set KUBE-IPVS-IPS dst -j REJECT --reject-with icmp-port-unreachable
-A KUBE-NODE-PORT -m comment --comment "Kubernetes health check node port" -m set --match-set KUBE-HEALTH-CHECK-NODE-PORT dst -j ACCEPT
COMMIT
`;

/** What takes that away, for iptables-restore. */
const batch = `*filter
:KUBE-IPVS-FILTER - [0:0]
:KUBE-NODE-PORT - [0:0]
-D INPUT -m comment --comment "kubernetes ipvs access filter" -j KUBE-IPVS-FILTER
-X KUBE-IPVS-FILTER
-X KUBE-NODE-PORT
COMMIT
`;

/** Shell that removes the lines of a file that start with these words. */
const removeLines = (file: string, words: string): string =>
  `awk -v words="${words} " 'index($0 " ", words) != 1' "$root/${file}" >"$root/rest"; mv "$root/rest" "$root/${file}"`;

describe.each(shells)("restore-node under $name", (shell) => {
  let node: KubeProxyNode;
  const run = (parameters: Record<string, string | number> = {}) =>
    node.run("kube-proxy/restore-node", { ORIGINAL_MODE: "iptables", MODE: "ipvs", WAIT_SECONDS: 10, ...parameters });
  const changes = (calls: readonly string[]) =>
    calls.filter((call) => /^(ipvsadm -D|ip link del|ip6?tables[a-z-]*-restore|ipset destroy)/.test(call));

  beforeEach(() => {
    node = new KubeProxyNode(shell)
      .write("/ipvs", ipvs)
      .write("/addresses", onKubeIpvs0)
      .write("/tables/filter", filter)
      .write("/sets", "KUBE-IPVS-IPS\nKUBE-CLUSTER-IP\nmine\n")
      .command("ipvsadm", `case $1 in -Sn) cat "$root/ipvs" ;; -D) ${removeLines("ipvs", "-A $2 $3")} ;; esac`)
      .command(
        "ip",
        `case $1$2 in -oaddr) cat "$root/addresses" ;; linkdel) rm "$root/addresses" ;; *) test -f "$root/addresses" ;; esac`,
      )
      .write("/saved", nodePorts)
      .command(
        "ipset",
        `case $1 in list) cat "$root/sets" ;; save) cat "$root/saved" ;; destroy) ${removeLines("sets", "$2")} ;; esac`,
      )
      .command("iptables-save", iptablesSave("tables"))
      .command("iptables-restore", iptablesRestore("tables"))
      .write("/var/lib/baremetal-lb/sysctl-before-ipvs", "net/ipv4/conf/all/arp_ignore 0\nnet/ipv4/gone 1\n")
      .kubeProxyRuns("iptables");
  });
  afterEach(() => node.dispose());

  test("takes away what is kube-proxy's and leaves everybody else's", () => {
    const { status, stdout, stderr, calls } = run();
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: "baremetal-lb: node1: kube-proxy runs in mode iptables, what other modes left behind is gone\n",
      stderr: "",
    });
    expect(changes(calls)).toEqual([
      "iptables-restore -w 30 --noflush",
      "ipvsadm -D -t 10.96.0.1:443",
      "ipvsadm -D -u 10.96.0.10:53",
      "ipvsadm -D -t 192.168.1.10:31737",
      "ipvsadm -D -t 192.168.1.10:8080",
      "ipvsadm -D -t [fd00:96::1]:443",
      "ip link del kube-ipvs0",
      "ipset destroy KUBE-IPVS-IPS",
      "ipset destroy KUBE-CLUSTER-IP",
    ]);
    expect(node.read("/ipvs")).toBe(
      "-a -t 10.96.0.1:443 -r 192.168.1.10:6443 -m -w 1\n-A -t 192.168.1.100:443 -s wlc\n-a -t 192.168.1.100:443 -r 192.168.1.11:443 -g -w 1\n-A -t 192.168.1.100:30443 -s wlc\n",
    );
    expect(node.read("/sets")).toBe("mine\n");
    expect(node.read("/tables/filter")).toBe(
      "*filter\n:INPUT ACCEPT [0:0]\n:KUBE-FIREWALL - [0:0]\n:MINE - [0:0]\n-A INPUT -j KUBE-FIREWALL\n-A INPUT -j MINE\nCOMMIT\n",
    );
  });

  test("so too in a cluster of more Services than an argument of a command has room for", () => {
    const others = Array.from({ length: 12_000 }, (_, i) => `10.100.${Math.floor(i / 250)}.${(i % 250) + 1}`);
    const lines = others.map((address) => `3: kube-ipvs0    inet ${address}/32 scope global kube-ipvs0\n`);
    node.write("/addresses", lines.join("") + onKubeIpvs0);
    const { status, calls } = run();
    expect(status).toBe(0);
    expect(changes(calls)).toContain("ipvsadm -D -t 10.96.0.1:443");
  });

  test("sets kernel settings back to what they were, and removes its note", () => {
    run();
    expect(node.setting("net/ipv4/conf/all/arp_ignore")).toBe("0");
    expect(node.setting("net/ipv4/conf/all/arp_announce")).toBe("2");
    expect(node.files("/var")).toEqual([]);
  });

  test(`${fault(66)}: so too where kube-proxy changed them and had no kube-ipvs0, for want of the module dummy`, () => {
    node.remove("/addresses");
    expect(run().status).toBe(0);
    expect(node.setting("net/ipv4/conf/all/arp_ignore")).toBe("0");
  });

  test("leaves kernel settings alone where IPVS mode was never declared nor there: they are somebody else's", () => {
    node.remove("/addresses");
    expect(run({ MODE: "nftables" }).status).toBe(0);
    expect(node.setting("net/ipv4/conf/all/arp_ignore")).toBe("1");
  });

  test("sets the kernel's defaults where nothing was noted, on a node that joined in IPVS mode", () => {
    node.remove("/var/lib/baremetal-lb");
    run();
    expect(node.setting("net/ipv4/conf/all/arp_ignore")).toBe("0");
    expect(node.setting("net/ipv4/conf/all/arp_announce")).toBe("0");
    expect(node.files("/var")).toEqual([]);
  });

  test("waits until no pod in IPVS mode answers any more, and only then cleans", () => {
    node.kubeProxyRuns("ipvs", "", "iptables");
    const { status, calls } = run();
    expect(status).toBe(0);
    const order = calls
      .filter((call) => /^(curl .*127[.]0[.]0[.]1|sleep|ipvsadm -Sn)/.test(call))
      .map((call) => call.split(" ")[0]);
    expect(order.slice(0, 6)).toEqual(["curl", "sleep", "curl", "sleep", "curl", "ipvsadm"]);
  });

  test(`${fault(31)}: cleans nothing while kube-proxy runs in IPVS mode, which would stop the traffic`, () => {
    node.kubeProxyRuns("ipvs");
    const { status, stdout, stderr, calls } = run();
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: "",
      stderr:
        "baremetal-lb: node1: kube-proxy still runs in mode ipvs after 10 s, before it was iptables, and nothing was cleaned: see 'kubectl -n kube-system get pods -l k8s-app=kube-proxy', then destroy again\n",
    });
    expect(changes(calls)).toEqual([]);
    expect(node.setting("net/ipv4/conf/all/arp_ignore")).toBe("1");
  });

  test("cleans nothing where IPVS was the mode before this project", () => {
    node.kubeProxyRuns("ipvs");
    const { status, stdout, calls } = run({ ORIGINAL_MODE: "ipvs" });
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: "baremetal-lb: node1: kube-proxy was in IPVS mode before, nothing to clean\n",
    });
    expect(changes(calls)).toEqual([]);
    expect(node.files("/var")).toEqual([]);
  });

  test("cleans after iptables mode where IPVS was the mode before this project", () => {
    node
      .kubeProxyRuns("iptables", "ipvs")
      .remove("/tables/filter")
      .write("/tables/nat", "*nat\n:KUBE-SVC-A - [0:0]\n-A KUBE-SVC-A -j DROP\nCOMMIT\n");
    const { status, stdout, calls } = run({ ORIGINAL_MODE: "ipvs", MODE: "iptables" });
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: "baremetal-lb: node1: kube-proxy runs in mode ipvs, what other modes left behind is gone\n",
    });
    expect(changes(calls)).toEqual(["iptables-restore -w 30 --noflush"]);
    expect(node.setting("net/ipv4/conf/all/arp_ignore")).toBe("1");
    expect(node.files("/var")).toEqual([]);
  });

  test("cleans both variants of iptables, since kube-proxy may use another than the node's default", () => {
    node
      .write("/nft/filter", filter)
      .command("iptables-nft-save", iptablesSave("nft"))
      .command("iptables-nft-restore", iptablesRestore("nft"));
    expect(run().status).toBe(0);
    expect(node.read("/nft/filter")).toBe(node.read("/tables/filter"));
    expect(node.read("/nft/filter")).not.toContain("IPVS");
  });

  test("takes it for no fault when kube-proxy itself deletes a rule at the same moment", () => {
    node.command("iptables-restore", `${iptablesRestore("tables")}\necho "line 3 failed" >&2; exit 1`);
    expect(run()).toMatchObject({ status: 0, stderr: "" });
  });

  test("fails with what is left where it cannot be taken away", () => {
    node
      .remove("/addresses")
      .write("/ipvs", "")
      .command("ipset", 'case $1 in list) cat "$root/sets" ;; destroy) exit 1 ;; esac')
      .command("iptables-restore", "exit 1");
    const { status, stderr } = run();
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        `iptables-restore --noflush <<END\n${batch}END\nipset destroy KUBE-IPVS-IPS\nipset destroy KUBE-CLUSTER-IP\n` +
        "baremetal-lb: node1: another mode than iptables left what the commands above would take away, and they do not: run them by hand to see why, then destroy again\n",
    });
  });

  describe("what the node's own tools print", () => {
    const evil = ["'; touch $root/ran; '", "$(touch $root/ran)", "`touch $root/ran`", "; touch $root/ran #"];

    test(`${fault(61)}: is never the shell's to read`, () => {
      for (const text of evil.map((each) => each.replaceAll("$root", node.root))) {
        node
          .remove("/tables")
          .write(
            "/tables/filter",
            `*filter\n:KUBE-NODE-PORT - [0:0]\n-A INPUT -m comment --comment "${text} -j KUBE-NODE-PORT ${text}" -j MINE\n` +
              `-A INPUT -m comment --comment "${text}" -j KUBE-NODE-PORT\nCOMMIT\n`,
          )
          .write("/ipvs", `-A -t 10.96.0.1:443${text} -s rr\n-A ${text} ${text}\n`)
          .write("/saved", `add KUBE-NODE-PORT-TCP ${text}\n`)
          .write("/sets", `KUBE-${text}\nKUBE-CLUSTER-IP\n`)
          .write("/addresses", `3: kube-ipvs0    inet ${text}/32\n`)
          .command("nft", 'cat "$root/tables/filter" "$root/sets"');
        run();
        expect(node.files("/").filter((file) => file === "/ran")).toEqual([]);
        // Only what jumps is taken away, and not what says so in a comment.
        expect(node.read("/tables/filter")).toBe(
          `*filter\n-A INPUT -m comment --comment "${text} -j KUBE-NODE-PORT ${text}" -j MINE\nCOMMIT\n`,
        );
      }
    });

    test(`${fault(61)}: a mode before this project that kube-proxy never had is refused`, () => {
      const { status, stderr, calls } = run({ ORIGINAL_MODE: "'; id; '" });
      expect({ status, stderr, changes: changes(calls) }).toEqual({
        status: 1,
        stderr:
          "baremetal-lb: node1: the state has ''; id; '' for kube-proxy's mode before, which is none that kube-proxy has, and nothing was cleaned: once kube-proxy runs as before, take the node out with 'terraform state rm', or reboot it\n",
        changes: [],
      });
    });
  });
});
