import { fault } from "../../../faults";
import { KubeProxyNode } from "./kube-proxy-node";
import { ipvsTable } from "./ipvs-table";
import { shells } from "../../shared/scripts/node-under-test";

describe.each(shells)("prove-ipvs under $name", (shell) => {
  let node: KubeProxyNode;
  const run = (parameters: Record<string, string | number | boolean> = {}) => {
    const { status, stdout, stderr } = node.run("kube-proxy/prove-ipvs", {
      MODE: "ipvs",
      STRICT_ARP: true,
      API_SERVICE: "10.96.0.1:443",
      WAIT_SECONDS: 0,
      ...parameters,
    });
    return { status, stdout, stderr };
  };
  const failure = (problem: string, log = "(no log of kube-proxy in /var/log/pods)") => ({
    status: 1,
    stdout: "",
    stderr: `  kube-proxy: ${log}\nbaremetal-lb: node1: ${problem}, after 0 s. No further node is changed. To go back to the settings before: cdktf destroy kube-proxy --ignore-missing-stack-dependencies\n`,
  });
  const proof = (strictARP = true) => ({
    status: 0,
    stdout: `baremetal-lb: node1: kube-proxy runs in mode ipvs, strictARP ${strictARP}, virtual server 10.96.0.1:443 is there\n`,
    stderr: "",
  });

  beforeEach(() => {
    node = new KubeProxyNode(shell).write(ipvsTable.path, ipvsTable.text("0A600001:01BB"));
  });
  afterEach(() => node.dispose());

  test("passes where mode, strictARP and the API's virtual server are as declared", () => {
    expect(run()).toEqual(proof());
  });

  test("waits for kube-proxy, which answers late after a restart", () => {
    node.kubeProxyRuns("", "iptables", "ipvs");
    expect(run({ WAIT_SECONDS: 10 })).toEqual(proof());
  });

  test(`${fault(29)}: another mode than declared fails, with kube-proxy's last lines and the way back`, () => {
    node
      .kubeProxyRuns("iptables")
      .write("/var/log/pods/kube-system_kube-proxy-abc_1/kube-proxy/0.log", "can't use the IPVS proxier\n");
    expect(run()).toEqual(failure("kube-proxy runs in mode iptables, declared is ipvs", "can't use the IPVS proxier"));
  });

  test(`${fault(29)}: a kube-proxy that does not answer fails`, () => {
    node.command("curl", "exit 7");
    expect(run()).toEqual(
      failure(
        "kube-proxy runs in mode unknown (it does not answer where its metrics are, at 127.0.0.1:10249 by default), declared is ipvs",
      ),
    );
  });

  test("fails without the API's virtual server; one on another port is another", () => {
    node.write(ipvsTable.path, ipvsTable.text("0A600001:01BC"));
    expect(run()).toEqual(failure("IPVS has no virtual server 10.96.0.1:443, the Kubernetes API's Service"));
  });

  test.each([7, 28])(
    `${fault(65)}: fails where nobody answers at the Service (curl: %s), though the table has it`,
    (status) => {
      node.write("/service", `${status}\n`);
      expect(run()).toEqual(
        failure(
          "nobody answers at 10.96.0.1:443, the Kubernetes API's Service, though IPVS has it: in IPVS mode its traffic passes iptables' INPUT, where a firewall may drop it",
        ),
      );
    },
  );

  test.each([22, 35, 52, 60])("any answer of the Service is one (curl: %s)", (status) => {
    node.write("/service", `${status}\n`);
    expect(run()).toEqual(proof());
  });

  test("needs no ipvsadm, which Flatcar and Fedora CoreOS may lack", () => {
    node.remove("/usr/bin/ipvsadm");
    expect(run()).toEqual(proof());
    node.remove(ipvsTable.path);
    expect(run()).toEqual(failure("IPVS has no virtual server 10.96.0.1:443, the Kubernetes API's Service"));
  });

  test("fails where strictARP's kernel settings are not in force", () => {
    node.settings({ "net/ipv4/conf/all/arp_announce": "0" });
    expect(run()).toEqual(failure("net.ipv4.conf.all.arp_announce is 0, strictARP sets it to 2"));
    node.settings({ "net/ipv4/conf/all/arp_ignore": "0" });
    expect(run()).toEqual(failure("net.ipv4.conf.all.arp_ignore is 0, strictARP sets it to 1"));
  });

  test("does not ask for strictARP's kernel settings where it is not declared", () => {
    node.settings({ "net/ipv4/conf/all/arp_ignore": "0" });
    expect(run({ STRICT_ARP: false })).toEqual(proof(false));
  });

  test("asks with wget where there is no curl, and says what to install where there is neither", () => {
    node.remove("/usr/bin/curl").command("wget", `case "$*" in *http:*) printf ipvs ;; esac`);
    expect(run()).toEqual(proof());
    node.remove("/usr/bin/wget");
    const { status, stderr } = run();
    expect(status).toBe(1);
    expect(stderr).toContain(
      "baremetal-lb: node1: neither curl nor wget is here to ask kube-proxy for its mode: install one of them\n",
    );
  });
});
