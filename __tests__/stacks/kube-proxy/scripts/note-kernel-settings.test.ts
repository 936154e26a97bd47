import { KubeProxyNode } from "./kube-proxy-node";
import { shells } from "../../shared/scripts/node-under-test";

describe.each(shells)("note-kernel-settings under $name", (shell) => {
  let node: KubeProxyNode;
  const run = () => {
    const { status, stdout, stderr } = node.run("kube-proxy/note-kernel-settings", {});
    return { status, stdout, stderr };
  };

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
});
