import { fault } from "../faults";
import { KubeProxyNode } from "./kube-proxy-node";
import { shells } from "./node-under-test";

describe.each(shells)("before-kube-proxy under $name", (shell) => {
  let node: KubeProxyNode;
  const run = (scheduler = "rr") => {
    const { status, stdout, stderr } = node.run("before-kube-proxy", { SCHEDULER: scheduler });
    return { status, stdout, stderr };
  };
  const refusal = (what: string) => ({
    status: 1,
    stdout: "",
    stderr: `baremetal-lb: node1: ${what}, kube-proxy was not touched: deploy the stack nodes first\n`,
  });

  beforeEach(() => {
    node = new KubeProxyNode(shell).kubeProxyRuns("iptables").settings({
      "net/ipv4/conf/all/arp_ignore": "0",
      "net/ipv4/conf/all/arp_announce": "0",
    });
  });
  afterEach(() => node.dispose());

  test("notes the kernel settings that IPVS mode changes", () => {
    expect(run()).toEqual({
      status: 0,
      stdout: "baremetal-lb: node1: noted the kernel settings that IPVS mode changes\n",
      stderr: "",
    });
    expect(node.read("/var/lib/baremetal-lb/sysctl-before-ipvs")).toBe(
      "net/ipv4/conf/all/arp_ignore 0\nnet/ipv4/conf/all/arp_announce 0\nnet/ipv4/vs/conntrack 1\n",
    );
  });

  test("keeps what was noted the first time, since the settings are IPVS's own later", () => {
    run();
    node.settings({ "net/ipv4/conf/all/arp_ignore": "1" });
    expect(run().stdout).toBe("baremetal-lb: node1: kernel settings were noted before\n");
    expect(node.read("/var/lib/baremetal-lb/sysctl-before-ipvs")).toContain("arp_ignore 0\n");
  });

  test("notes nothing on a node that joined in IPVS mode, whose settings are IPVS's own", () => {
    node.kubeProxyRuns("ipvs");
    expect(run()).toEqual({
      status: 0,
      stdout: "baremetal-lb: node1: kube-proxy runs in IPVS mode already, no kernel settings to note\n",
      stderr: "",
    });
    expect(node.files("/").filter((file) => file.startsWith("/var"))).toEqual([]);
  });

  test(`${fault(21)}, ${fault(44)}: refuses where IPVS is not loaded, or the scheduler's module is not`, () => {
    expect(run("wlc")).toEqual(refusal("kernel module ip_vs_wlc is not loaded"));
    node.write("/proc/modules", "ip_vs_rr 12288 0 - Live 0x0\n");
    expect(run()).toEqual(refusal("kernel module ip_vs is not loaded"));
  });

  test("takes a built-in module for a loaded one", () => {
    node
      .write("/proc/modules", "")
      .write(
        "/lib/modules/6.1.0/modules.builtin",
        "kernel/net/netfilter/ipvs/ip_vs.ko\nkernel/net/netfilter/ipvs/ip_vs_rr.ko\n",
      );
    expect(run().status).toBe(0);
  });

  test(`${fault(44)}: refuses where ipset or ipvsadm is missing`, () => {
    node.remove("/usr/bin/ipvsadm");
    expect(run()).toEqual(refusal("ipvsadm is missing"));
  });
});
