import { fault } from "../../../faults";
import { KubeProxyNode } from "./kube-proxy-node";
import { shells } from "../../shared/scripts/node-under-test";

describe.each(shells)("prove-unmanaged under $name", (shell) => {
  let node: KubeProxyNode;
  const run = () => {
    const { status, stdout, stderr } = node.run("kube-proxy/prove-unmanaged", {});
    return { status, stdout, stderr };
  };
  const found = (text: string) => ({ status: 0, stdout: `baremetal-lb: node1: ${text}\n`, stderr: "" });
  const noStrictARP = (sysctl: string) => ({
    status: 1,
    stdout: "",
    stderr:
      `baremetal-lb: node1: kube-proxy runs in IPVS mode without strictARP (net.ipv4.conf.all.${sysctl}), so that every` +
      " node would answer for MetalLB's layer2 addresses: set it where kube-proxy gets its settings. k3s and RKE2:" +
      " 'kube-proxy-arg: [proxy-mode=ipvs, ipvs-strict-arp=true]' in /etc/rancher/k3s/config.yaml or" +
      " /etc/rancher/rke2/config.yaml, then restart the service. Nothing was changed\n",
  });
  const silent = "no kube-proxy answers at 127.0.0.1:10249, [::1]:10249";

  beforeEach(() => {
    node = new KubeProxyNode(shell);
  });
  afterEach(() => node.dispose());

  test("passes in IPVS mode with strictARP, and changes nothing", () => {
    const files = () => node.files("/").filter((path) => !["/tmp/terraform.sh", "/calls"].includes(path));
    const before = files();
    const { status, stdout, calls } = node.run("kube-proxy/prove-unmanaged", {});
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: "baremetal-lb: node1: kube-proxy runs in mode ipvs with strictARP, MetalLB works with it\n",
    });
    expect(calls).toEqual(["curl -g -fsS --noproxy * --max-time 5 http://127.0.0.1:10249/proxyMode"]);
    expect(files()).toEqual(before);
  });

  test(`${fault(52)}: fails in IPVS mode without strictARP, and names the setting`, () => {
    node.settings({ "net/ipv4/conf/all/arp_announce": "0" });
    expect(run()).toEqual(noStrictARP("arp_announce is 0"));
    node.settings({ "net/ipv4/conf/all/arp_ignore": "0" });
    expect(run()).toEqual(noStrictARP("arp_ignore is 0"));
  });

  test.each(["iptables", "nftables"])("passes in mode %s, which needs no strictARP", (mode) => {
    node.kubeProxyRuns(mode).settings({ "net/ipv4/conf/all/arp_ignore": "0" });
    expect(run()).toEqual(found(`kube-proxy runs in mode ${mode}, MetalLB works with it`));
  });

  test("says what stands in the place of a kube-proxy that does not answer", () => {
    node.command("curl", "exit 7").settings({ "net/ipv4/conf/all/arp_ignore": "0" });
    expect(run()).toEqual(found(`${silent}, and there is no kube-ipvs0`));
    node.write("/sys/class/net/cilium_host/mtu", "1500\n");
    expect(run()).toEqual(found(`${silent}; there is Cilium, which may stand in its place`));
  });

  test(`${fault(143)}: names the addresses at which it was asked, those that it listens at too`, () => {
    node.kubeProxyListens("nowhere", "0A0200C0:2421").command("curl", "exit 7");
    expect(run()).toEqual(
      found(
        "no kube-proxy answers at 127.0.0.1:10249, [::1]:10249, 127.0.0.1:10256, 192.0.2.10:9249, and there is no kube-ipvs0",
      ),
    );
  });

  test(`${fault(52)}: knows IPVS mode by its interface where kube-proxy does not answer`, () => {
    node.command("curl", "exit 7").write("/sys/class/net/kube-ipvs0/mtu", "1500\n");
    expect(run()).toEqual(
      found(
        "kube-proxy does not answer at 127.0.0.1:10249, [::1]:10249; there is kube-ipvs0, with strictARP, MetalLB works with it",
      ),
    );
    node.settings({ "net/ipv4/conf/all/arp_ignore": "0" });
    expect(run()).toEqual(noStrictARP("arp_ignore is 0"));
  });
});
