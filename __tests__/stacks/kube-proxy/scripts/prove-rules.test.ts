import { fault } from "../../../faults";
import { KubeProxyNode } from "./kube-proxy-node";
import { shells } from "../../shared/scripts/node-under-test";

const nat = `*nat
:KUBE-SERVICES - [0:0]
-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "default/kubernetes:https cluster IP" -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y
COMMIT
`;
const map = `table ip kube-proxy {
	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 10.96.0.1 . tcp . 443 comment "x" : goto service-2QRHZV4L-default/kubernetes/tcp/https,
			     10.96.0.10 . udp . 53 : goto service-FY5PMXPG-kube-system/kube-dns/udp/dns }
	}
}
`;

describe.each(shells)("prove-rules under $name", (shell) => {
  let node: KubeProxyNode;
  const run = (mode: string, parameters: Record<string, string | number> = {}) => {
    const { status, stdout, stderr } = node.run("kube-proxy/prove-rules", {
      MODE: mode,
      API_SERVICE: "10.96.0.1:443",
      WAIT_SECONDS: 0,
      ...parameters,
    });
    return { status, stdout, stderr };
  };
  const proof = (mode: string, service = "10.96.0.1:443") => ({
    status: 0,
    stdout: `baremetal-lb: node1: kube-proxy runs in mode ${mode}, its rules have the Service ${service}\n`,
    stderr: "",
  });
  const failure = (problem: string, log = "(no log of kube-proxy in /var/log/pods)") => ({
    status: 1,
    stdout: "",
    stderr: `  kube-proxy: ${log}\nbaremetal-lb: node1: ${problem}, after 0 s. No further node is changed. To go back to the settings before: cdktf destroy kube-proxy --ignore-missing-stack-dependencies\n`,
  });

  beforeEach(() => {
    node = new KubeProxyNode(shell)
      .kubeProxyRuns("iptables")
      .write("/nat", nat)
      .write("/map", map)
      .command("iptables-save", '[ "$2" != nat ] || cat "$root/nat"')
      .command("nft", '[ "$*" != "list map ip kube-proxy service-ips" ] || cat "$root/map"');
  });
  afterEach(() => node.dispose());

  test("passes where the mode runs and its rules have the Kubernetes API's Service", () => {
    expect(run("iptables")).toEqual(proof("iptables"));
    node.kubeProxyRuns("nftables");
    expect(run("nftables")).toEqual(proof("nftables"));
  });

  test("waits for kube-proxy, which answers late after a restart", () => {
    node.kubeProxyRuns("", "ipvs", "iptables");
    expect(run("iptables", { WAIT_SECONDS: 10 })).toEqual(proof("iptables"));
  });

  test(`${fault(29)}: another mode than declared fails, with kube-proxy's last lines and the way back`, () => {
    node.write("/var/log/pods/kube-system_kube-proxy-abc_1/kube-proxy/0.log", "no nft binary\n");
    expect(run("nftables")).toEqual(failure("kube-proxy runs in mode iptables, declared is nftables", "no nft binary"));
    node.command("curl", "exit 7");
    expect(run("iptables").stderr).toContain(
      "kube-proxy runs in mode unknown (it does not answer where its metrics are, at 127.0.0.1:10249 by default), declared is iptables",
    );
  });

  test("fails without the rules of the Kubernetes API's Service; those that only begin alike are others", () => {
    node.write("/nat", nat.replace("--dport 443 ", "--dport 4430 "));
    expect(run("iptables")).toEqual(failure("the iptables rules have no Service 10.96.0.1:443, the Kubernetes API's"));
    node.kubeProxyRuns("nftables").write("/map", map.replace(". 443 ", ". 4430 "));
    expect(run("nftables")).toEqual(failure("the nftables rules have no Service 10.96.0.1:443, the Kubernetes API's"));
  });

  test("finds the rules where kube-proxy uses another iptables than the node's default", () => {
    node.write("/nat", "*nat\n").write("/nft-nat", nat).command("iptables-nft-save", 'cat "$root/nft-nat"');
    expect(run("iptables")).toEqual(proof("iptables"));
  });

  test("finds the Service of an IPv6 cluster", () => {
    const service = "[fd00:96::1]:443";
    node
      .command("ip6tables-save", 'sed "s|10.96.0.1/32|fd00:96::1/128|" "$root/nat"')
      .command(
        "nft",
        '[ "$*" != "list map ip6 kube-proxy service-ips" ] || sed "s/10.96.0.1 /fd00:96::1 /" "$root/map"',
      );
    expect(run("iptables", { API_SERVICE: service })).toEqual(proof("iptables", service));
    node.kubeProxyRuns("nftables");
    expect(run("nftables", { API_SERVICE: service })).toEqual(proof("nftables", service));
  });

  test.each([
    ["iptables", "iptables-save"],
    ["nftables", "nft"],
  ])("in mode %s says what it could not see on a node without %s, since kube-proxy brings its own", (mode, tool) => {
    node.kubeProxyRuns(mode).remove(`/usr/bin/${tool}`);
    expect(run(mode)).toEqual({
      status: 0,
      stdout: `baremetal-lb: node1: kube-proxy runs in mode ${mode}; this node has no tool to list its rules with\n`,
      stderr: "",
    });
  });
});
