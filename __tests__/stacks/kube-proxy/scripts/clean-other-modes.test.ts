import { fault } from "../../../faults";
import { iptablesRestore, iptablesSave } from "./iptables";
import { KubeProxyNode } from "./kube-proxy-node";
import { shells } from "../../shared/scripts/node-under-test";

/** What kubelet and kube-proxy in iptables mode have written, as iptables-save prints it. */
const nat = `*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:KUBE-KUBELET-CANARY - [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-PROXY-CANARY - [0:0]
:KUBE-SEP-ABCDEFGHIJKLMNOP - [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]
:MINE - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
-A KUBE-SEP-ABCDEFGHIJKLMNOP -p tcp -j DNAT --to-destination 192.168.1.10:6443
-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "default/kubernetes:https cluster IP" -j KUBE-SVC-NPX46M4PTMTKRN6Y
-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
-A KUBE-SVC-NPX46M4PTMTKRN6Y -j KUBE-SEP-ABCDEFGHIJKLMNOP
-A MINE -j RETURN
COMMIT
`;
const filter = `*filter
:INPUT ACCEPT [0:0]
:KUBE-EXTERNAL-SERVICES - [0:0]
:KUBE-FIREWALL - [0:0]
:KUBE-FORWARD - [0:0]
:KUBE-PROXY-FIREWALL - [0:0]
:KUBE-SERVICES - [0:0]
-A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
-A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES
-A INPUT -m comment --comment "kube-proxy firewall rules" -j KUBE-PROXY-FIREWALL
-A INPUT -j KUBE-FIREWALL
-A KUBE-FORWARD -j ACCEPT
COMMIT
`;

describe.each(shells)("clean-other-modes under $name", (shell) => {
  let node: KubeProxyNode;
  const run = (mode: string) => {
    node.kubeProxyRuns(mode);
    const { status, stdout, stderr } = node.run("kube-proxy/clean-other-modes", { MODE: mode });
    return { status, stdout, stderr };
  };
  const cleaned = (mode: string) => ({
    status: 0,
    stdout: `baremetal-lb: node1: nothing is left of another mode of kube-proxy than ${mode}\n`,
    stderr: "",
  });

  beforeEach(() => {
    node = new KubeProxyNode(shell)
      .write("/tables/nat", nat)
      .write("/tables/filter", filter)
      .write("/nft", "table ip kube-proxy\ntable ip6 kube-proxy\ntable inet kube-proxy-of-mine\ntable ip filter\n")
      .command("iptables-save", iptablesSave("tables"))
      .command("iptables-restore", iptablesRestore("tables"))
      .command("ip", "exit 1")
      .command("nft", 'case $1 in list) cat "$root/nft" ;; delete) sed -i "/^table $3 $4$/d" "$root/nft" ;; esac');
  });
  afterEach(() => node.dispose());

  test(`${fault(50)}: in IPVS mode takes away what iptables mode left, and nothing of IPVS mode's own, kubelet's or others'`, () => {
    expect(run("ipvs")).toEqual(cleaned("ipvs"));
    expect(node.read("/tables/nat")).toBe(`*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:KUBE-KUBELET-CANARY - [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-SERVICES - [0:0]
:MINE - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
-A MINE -j RETURN
COMMIT
`);
    expect(node.read("/tables/filter")).toBe(`*filter
:INPUT ACCEPT [0:0]
:KUBE-FIREWALL - [0:0]
:KUBE-FORWARD - [0:0]
:KUBE-PROXY-FIREWALL - [0:0]
-A INPUT -m comment --comment "kube-proxy firewall rules" -j KUBE-PROXY-FIREWALL
-A INPUT -j KUBE-FIREWALL
-A KUBE-FORWARD -j ACCEPT
COMMIT
`);
    expect(node.read("/nft")).toBe("table inet kube-proxy-of-mine\ntable ip filter\n");
    expect(node.setting("net/ipv4/conf/all/arp_ignore")).toBe("1");
  });

  test(`${fault(50)}: in nftables mode takes away every chain of kube-proxy, and its own tables stay`, () => {
    const tables = node.read("/nft");
    expect(run("nftables")).toEqual(cleaned("nftables"));
    expect(node.read("/tables/nat")).toBe(
      "*nat\n:PREROUTING ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n:KUBE-KUBELET-CANARY - [0:0]\n:MINE - [0:0]\n-A MINE -j RETURN\nCOMMIT\n",
    );
    expect(node.read("/tables/filter")).toBe(
      "*filter\n:INPUT ACCEPT [0:0]\n:KUBE-FIREWALL - [0:0]\n-A INPUT -j KUBE-FIREWALL\nCOMMIT\n",
    );
    expect(node.read("/nft")).toBe(tables);
  });

  test("in iptables mode leaves its rules as they are", () => {
    // Of IPVS mode is only the jump to the firewall's chain; iptables itself is not in this test.
    node.write("/tables/filter", filter.replace(/^.*kube-proxy firewall rules.*\n/m, ""));
    expect(run("iptables")).toEqual(cleaned("iptables"));
    expect(node.read("/tables/nat")).toBe(nat);
  });

  test(`${fault(50)}: in iptables mode puts the kernel settings back where there was IPVS, and keeps the note for the next time`, () => {
    node
      .write("/tables/filter", "*filter\n")
      .write("/interface", "")
      .write("/var/lib/baremetal-lb/sysctl-before-ipvs", "net/ipv4/conf/all/arp_ignore 0\n")
      .command("ip", 'case $1$2 in linkdel) rm "$root/interface" ;; -oaddr) ;; *) test -f "$root/interface" ;; esac');
    expect(run("iptables")).toEqual(cleaned("iptables"));
    expect(node.setting("net/ipv4/conf/all/arp_ignore")).toBe("0");
    node.settings({ "net/ipv4/conf/all/arp_ignore": "1" });
    expect(run("iptables")).toEqual(cleaned("iptables"));
    // Somebody's own setting: there was no IPVS since.
    expect(node.setting("net/ipv4/conf/all/arp_ignore")).toBe("1");
    expect(node.files("/var")).toEqual(["/var/lib/baremetal-lb/sysctl-before-ipvs"]);
  });

  test(`${fault(50)}: in nftables mode puts them back, too, where kube-proxy took kube-ipvs0 away itself`, () => {
    const note = "/var/lib/baremetal-lb/sysctl-before-ipvs";
    node.write("/tables/filter", "*filter\n").write(note, "net/ipv4/conf/all/arp_ignore 0\n").command("ip", "exit 1");
    expect(run("ipvs")).toEqual(cleaned("ipvs"));
    node.settings({ "net/ipv4/conf/all/arp_ignore": "1" });
    expect(run("nftables")).toEqual(cleaned("nftables"));
    expect(node.setting("net/ipv4/conf/all/arp_ignore")).toBe("0");
    node.settings({ "net/ipv4/conf/all/arp_ignore": "1" });
    expect(run("nftables")).toEqual(cleaned("nftables"));
    // Somebody's own setting: there was no IPVS since.
    expect(node.setting("net/ipv4/conf/all/arp_ignore")).toBe("1");
    expect(node.files("/var")).toEqual([note]);
  });

  test(`${fault(50)}: cleans nothing where kube-proxy runs in another mode, which would stop the traffic`, () => {
    node.kubeProxyRuns("iptables");
    const { status, stderr, calls } = node.run("kube-proxy/clean-other-modes", { MODE: "ipvs" });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        "baremetal-lb: node1: kube-proxy runs in mode iptables, declared is ipvs, and nothing was cleaned: deploy kube-proxy again\n",
    });
    expect(calls.filter((call) => !/^(curl|uname|head|cut|tr|sed|grep)/.test(call))).toEqual([]);
    expect(node.read("/tables/nat")).toBe(nat);
  });

  test("says that virtual servers stay where there is no ipvsadm, and cleans the rest", () => {
    node
      .remove("/usr/bin/ipvsadm")
      .write("/proc/net/ip_vs", "IP Virtual Server version 1.2.1 (size=4096)\nTCP  0A600001:01BB rr\n");
    expect(run("nftables")).toEqual({
      ...cleaned("nftables"),
      stderr:
        "baremetal-lb: node1: note: there is no ipvsadm here to take the virtual servers of IPVS away, they go with the next boot\n",
    });
  });

  test("goes without -w where iptables-restore knows none", () => {
    node.command("iptables-restore", `[ "$1" != -w ] || exit 2\n${iptablesRestore("tables")}`);
    expect(run("ipvs")).toEqual(cleaned("ipvs"));
    expect(node.read("/tables/nat")).not.toContain("KUBE-SVC");
  });

  test(`${fault(50)}: fails with what is left where it cannot be taken away`, () => {
    node.command("nft", 'case $1 in list) cat "$root/nft" ;; *) exit 1 ;; esac');
    expect(run("ipvs")).toEqual({
      status: 1,
      stdout: "",
      stderr:
        "nft delete table ip kube-proxy\nnft delete table ip6 kube-proxy\n" +
        "baremetal-lb: node1: another mode than ipvs left what the commands above would take away, and they do not: run them by hand to see why, then deploy kube-proxy again\n",
    });
  });
});
