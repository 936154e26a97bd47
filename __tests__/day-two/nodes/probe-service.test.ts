import { parseServiceFacts } from "../../../day-two/nodes/node-facts";
import { lookText } from "../../../day-two/nodes/probe";
import { fault } from "../../faults";
import { ipvsTable } from "../../stacks/kube-proxy/scripts/ipvs-table";
import { ipvsNode, parameters } from "../../stacks/nodes/scripts/node-to-prepare";
import { shells, type NodeUnderTest } from "../../stacks/shared/scripts/node-under-test";

const web = "192.168.1.240:9200";

describe.each(shells)(`${fault(217)}: probe-service under $name`, (shell) => {
  let node: NodeUnderTest;
  afterEach(() => node.dispose());

  /** A node that has the Service in its table, with two endpoints of which one gets nothing any more. */
  const given = (mode = "ipvs"): NodeUnderTest => {
    const destinations =
      "  -> 0AF40102:23F0      Masq    1      0          0         \n  -> 0AF40202:23F0      Masq    0      0          0         \n";
    node = ipvsNode(shell)
      .write(ipvsTable.path, `${ipvsTable.text("0A600001:01BB")}TCP  C0A801F0:23F0 rr \n${destinations}`)
      .write("/sys/class/net/eth0/mtu", "1500\n")
      .write("/sys/class/net/kube-ipvs0/mtu", "1500\n")
      .write("/proc/sys/net/ipv4/conf/all/arp_ignore", "1\n")
      .write("/proc/sys/net/ipv4/conf/all/arp_announce", "2\n");
    node.run("nodes/prepare-node", parameters);
    return node.command(
      "curl",
      `case $* in
  *:10249/proxyMode*) printf ${mode} ;;
  *10.244.1.2:9200*) echo "* Connected to 10.244.1.2 (10.244.1.2) port 9200" >&2; exit 52 ;;
  *10.244.1.3:9200*) echo "* Established connection to 10.244.1.3" >&2; exit 28 ;;
  *) echo "* connect to 10.244.2.2 port 9200 failed: Connection refused" >&2; exit 7 ;;
esac`,
    );
  };
  const found = (services = web, endpoints = "") => {
    const told = { SCHEDULER: "rr", API_SERVICE: "10.96.0.1:443", SERVICES: services, ENDPOINTS: endpoints };
    const { status, stdout, stderr } = node.runCommandLine(lookText("probe-service"), told);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { services: ofServices, input, links, endpoints: asked } = parseServiceFacts(stdout);
    return { services: ofServices, input, links, endpoints: asked };
  };
  const fine = { services: { [web]: "1" }, input: {}, links: ["eth0", "kube-ipvs0"], endpoints: {} };

  test("tells to how many endpoints IPVS sends what comes to the Service, and the node's interfaces", () => {
    given();
    expect(found()).toEqual(fine);
    const others = "192.168.1.240:9201 192.168.1.241:9200 10.96.0.1:443 [fd00::1]:9200";
    expect(found(others).services).toEqual({
      "192.168.1.240:9201": "missing",
      "192.168.1.241:9200": "missing",
      "10.96.0.1:443": "1",
      "[fd00::1]:9200": "missing",
    });
    node.remove(ipvsTable.path);
    expect(found().services).toEqual({ [web]: "missing" });
  });

  test("tells what of INPUT would drop it", () => {
    const rules = (...lines: string[]) => `cat <<'END'\n*filter\n${lines.join("\n")}\nCOMMIT\nEND\n`;
    given().command("iptables-save", rules(":INPUT DROP [0:0]", "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"));
    expect(found().input).toEqual({ policy: "DROP" });
    for (const [rule, is] of [
      ["-A INPUT -d 192.168.1.240/32 -j DROP", true],
      ["-A INPUT -p tcp -m tcp --dport 9200 -j REJECT --reject-with tcp-reset", true],
      ["-A INPUT -p tcp -m multiport --dports 80,9200,443 -j DROP", true],
      ["-A INPUT -p tcp -m tcp --dport 92000 -j DROP", false],
      ["-A INPUT -d 192.168.1.24/32 -j DROP", false],
      ["-A INPUT -p tcp -m tcp --dport 9200 -j ACCEPT", false],
      ["-A FORWARD -d 192.168.1.240/32 -j DROP", false],
    ] as const) {
      node.command("iptables-save", rules(":INPUT ACCEPT [0:0]", rule, "-A INPUT -p tcp --dport 9200 -j DROP "));
      expect(found().input.rule).toBe(is ? rule : "-A INPUT -p tcp --dport 9200 -j DROP ");
    }
  });

  test("tells which endpoints take a connection, whatever is spoken there", () => {
    given();
    expect(found(web, "10.244.1.2:9200 10.244.1.3:9200 10.244.2.2:9200").endpoints).toEqual({
      "10.244.1.2:9200": "answers",
      "10.244.1.3:9200": "answers",
      "10.244.2.2:9200": "silent",
    });
  });

  test("asks by wget where there is no curl; busybox's does not tell", () => {
    given()
      .remove("/usr/bin/curl")
      .command("wget", `case $* in --version) echo GNU Wget ;; *10.244.2.2*) exit 4 ;; esac`);
    const both = "10.244.1.2:9200 10.244.2.2:9200";
    expect(found(web, both).endpoints).toEqual({ "10.244.1.2:9200": "answers", "10.244.2.2:9200": "silent" });
    node.command("wget", "exit 1");
    expect(found(web, both).endpoints).toEqual({ "10.244.1.2:9200": "unknown", "10.244.2.2:9200": "unknown" });
  });

  test("looks into the rules where kube-proxy runs in another mode", () => {
    given("iptables");
    expect(found().services).toEqual({ [web]: "unknown" });
    const rule = "-A KUBE-SERVICES -d 192.168.1.240/32 -p tcp -m tcp --dport 9200 -j KUBE-EXT-ABC";
    node.command("iptables-save", `echo '${rule}'`);
    expect(found(`${web} 192.168.1.240:9201`).services).toEqual({ [web]: "present", "192.168.1.240:9201": "missing" });
    node.dispose();
    given("nftables").command("nft", "echo '192.168.1.240 . tcp . 9200 : goto external-ABC'");
    expect(found().services).toEqual({ [web]: "present" });
  });
});
