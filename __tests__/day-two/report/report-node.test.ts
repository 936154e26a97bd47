import { lookText } from "../../../day-two/nodes/probe";
import { ipvsNode } from "../../stacks/nodes/scripts/node-to-prepare";
import { shells, type NodeUnderTest } from "../../stacks/shared/scripts/node-under-test";

describe.each(shells)("report-node under $name", (shell) => {
  let node: NodeUnderTest;
  afterEach(() => node.dispose());

  const shown = (lines = 500) => {
    const { status, stdout, stderr, calls } = node.runCommandLine(lookText("report-node"), { REPORT_LINES: lines });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    // By what was looked at.
    const sections = stdout.split(/^== /m).slice(1);
    const of = Object.fromEntries(sections.map((text) => [text.split("\n")[0], text.split("\n").slice(1, -1)]));
    return { of, calls };
  };

  test("shows what it looks at, in as many lines as it is told, and changes nothing", () => {
    node = ipvsNode(shell)
      .write("/proc/modules", "ip_vs_rr 16384 1 - Live 0x0\nxfs 2000000 1 - Live 0x0\nnf_conntrack 1 0 - Live 0x0\n")
      .write("/proc/net/ip_vs", "")
      .write("/proc/sys/net/ipv4/ip_forward", "1\n")
      .write("/proc/sys/net/ipv4/vs/conntrack", "0\n")
      .write("/proc/sys/net/ipv4/conf/all/arp_ignore", "1\n")
      .write("/proc/sys/net/ipv4/conf/veth12/arp_ignore", "0\n")
      .command("ip", 'case $* in addr) printf "1: lo\\n2: eth0\\n3: eth1\\n" ;; *) echo "$*" ;; esac')
      .command("ipvsadm", "echo 'TCP  192.168.1.240:80 rr'")
      .command(
        "iptables-save",
        "printf '*filter\\n:INPUT DROP [0:0]\\n:FORWARD ACCEPT [0:0]\\n-A INPUT -i lo -j ACCEPT\\n-A FORWARD -j DROP\\n'",
      );
    const { of, calls } = shown(2);
    expect(of).toEqual({
      "uname -a": ["5.15.0-100-generic"],
      "/etc/os-release": ["ID=ubuntu", "ID_LIKE=debian"],
      "/proc/modules, of IPVS and what filters": ["ip_vs_rr 16384 1 - Live 0x0", "nf_conntrack 1 0 - Live 0x0"],
      sysctls: ["net/ipv4/ip_forward = 1", "net/ipv4/vs/conntrack = 0"],
      "ip addr": ["1: lo", "2: eth0"],
      "ip rule": ["rule"],
      "ip route": ["route"],
      "ip -6 route": ["-6 route"],
      "ipvsadm -L -n": ["TCP  192.168.1.240:80 rr"],
      "INPUT by iptables-save": [":INPUT DROP [0:0]", "-A INPUT -i lo -j ACCEPT"],
    });
    expect(shown().of["sysctls"]).toEqual([
      "net/ipv4/ip_forward = 1",
      "net/ipv4/vs/conntrack = 0",
      "net/ipv4/conf/all/arp_ignore = 1",
    ]);
    expect(calls.filter((call) => /modprobe|modinfo/.test(call))).toEqual([]);
  });

  test("says what is not there, and does not start what would load a module", () => {
    node = ipvsNode(shell).remove("/etc/os-release").remove("/proc/modules");
    const { of, calls } = shown();
    expect(of).toEqual({
      "uname -a": ["5.15.0-100-generic"],
      "/etc/os-release": ["it is not there"],
      "/proc/modules, of IPVS and what filters": [],
      sysctls: [],
      "ip addr": ["there is no ip"],
      "ip rule": ["there is no ip"],
      "ip route": ["there is no ip"],
      "ip -6 route": ["there is no ip"],
      ipvsadm: ["IPVS is not loaded"],
    });
    expect(calls.filter((call) => /ipvsadm|modprobe/.test(call))).toEqual([]);
  });
});
