import { fault } from "../../../faults";
import { ipvsNode, parameters, persistence, rrModules } from "../../nodes/scripts/node-to-prepare";
import { ipvsTable } from "./ipvs-table";
import { type NodeUnderTest, shells } from "../../shared/scripts/node-under-test";

/** kube-proxy runs in iptables mode. */
const withCurl = (node: NodeUnderTest): NodeUnderTest => node.command("curl", "printf iptables");

describe.each(shells)("require-prepared-node under $name", (shell) => {
  let node: NodeUnderTest;
  const run = (scheduler = "rr", exclude = "") => {
    const { status, stdout, stderr } = node.run("kube-proxy/require-prepared-node", {
      SCHEDULER: scheduler,
      EXCLUDE_CIDRS: exclude,
    });
    return { status, stdout, stderr };
  };
  const ready = (scheduler = "rr") => ({
    status: 0,
    stdout: `baremetal-lb: node1: IPVS with scheduler ${scheduler} is ready\n`,
    stderr: "",
  });
  const refusal = (what: string) => ({
    status: 1,
    stdout: "",
    stderr: `baremetal-lb: node1: ${what}, kube-proxy was not touched: deploy the stack nodes first\n`,
  });
  /** Takes a line out of a file. */
  const without = (path: string, line: RegExp) => node.write(path, node.read(path).replace(line, ""));

  let prepared: NodeUnderTest;
  /** Once for all: each test changes a copy. */
  const prepare = () => {
    node.dispose();
    node = prepared.copy();
  };

  beforeAll(() => {
    prepared = withCurl(ipvsNode(shell));
    expect(prepared.run("nodes/prepare-node", parameters).status).toBe(0);
  });
  afterAll(() => prepared.dispose());
  beforeEach(() => {
    node = withCurl(ipvsNode(shell));
  });
  afterEach(() => node.dispose());

  describe("after prepare-node", () => {
    beforeEach(prepare);

    test(`${fault(44)}: a node that the stack nodes made ready passes, and is not changed`, () => {
      const files = node.files("/etc");
      const outcome = node.run("kube-proxy/require-prepared-node", { SCHEDULER: "rr", EXCLUDE_CIDRS: "" });
      expect(outcome).toMatchObject(ready());
      expect(outcome.calls.filter((call) => !/^(uname|modinfo|curl|ip|ipset) /.test(call))).toEqual([]);
      expect(node.files("/etc")).toEqual(files);
    });

    test.each(rrModules)(`${fault(21)}, ${fault(44)}: refuses where %s is not loaded`, (module) => {
      without("/proc/modules", new RegExp(`^${module} .*\\n`, "m"));
      expect(run()).toEqual(refusal(`kernel module ${module} is not loaded`));
    });

    test.each(rrModules)(`${fault(44)}: refuses where a reboot would leave %s out`, (module) => {
      without(persistence, new RegExp(`^${module}\\n`, "m"));
      expect(run()).toEqual(refusal(`${persistence} does not name ${module}, which a reboot would leave out`));
    });

    test(`${fault(44)}: refuses another scheduler than the stack nodes was deployed for`, () => {
      expect(run("lc")).toEqual(refusal("kernel module ip_vs_lc is not loaded"));
      node.write("/proc/modules", `${node.read("/proc/modules")}ip_vs_lc 16384 0 - Live 0x0\n`);
      expect(run("lc")).toEqual(refusal(`${persistence} does not name ip_vs_lc, which a reboot would leave out`));
      expect(node.run("nodes/prepare-node", { ...parameters, SCHEDULER: "lc" }).status).toBe(0);
      expect(run("lc")).toEqual(ready("lc"));
    });

    test(`${fault(44)}: refuses modules that somebody loaded by hand, since a reboot leaves them out`, () => {
      node.remove(persistence);
      expect(run()).toEqual(refusal(`${persistence} is missing, which loads the kernel modules after a reboot`));
    });

    test.each(["ipset", "ipvsadm"])(`${fault(44)}: refuses where %s is missing`, (tool) => {
      node.remove(`/usr/sbin/${tool}`);
      expect(run()).toEqual(refusal(`${tool} is missing`));
    });
  });

  describe("virtual servers that are not kube-proxy's", () => {
    const foreign = (servers: string, example: string) => ({
      status: 1,
      stdout: "",
      stderr: `baremetal-lb: node1: IPVS has virtual servers that are not kube-proxy's: ${servers}. kube-proxy in IPVS mode deletes them as soon as it starts, kube-proxy was not touched: write their networks, such as ${example}, to kubeProxy.excludeCIDRs in cluster.yaml\n`,
    });
    const ipv6 = "[fd00:0000:0000:0000:0000:0000:0000:0001]";

    beforeEach(prepare);

    test(`${fault(63)}: are named before kube-proxy would delete them, with the key that keeps them`, () => {
      node.write(ipvsTable.path, ipvsTable.text("C0A80164:192B"));
      expect(run()).toEqual(foreign("192.168.1.100:6443", "192.168.1.100/32"));
      node.write(
        ipvsTable.path,
        `${ipvsTable.text(`${ipv6}:01BB`, "C0A80164:192B")}UDP  C0A80165:0035 rr\nFWM  00000001 rr\n`,
      );
      expect(run()).toEqual(
        foreign(`${ipv6}:443 192.168.1.100:6443 192.168.1.101:53`, "fd00:0000:0000:0000:0000:0000:0000:0001/128"),
      );
    });

    test.each([
      ["192.168.1.100/32", "C0A80164:192B", "1"],
      ["10.0.0.0/8 192.168.1.96/29", "C0A80164:192B", "1"],
      ["192.168.1.104/29", "C0A80164:192B", ""],
      ["192.168.1.96/30", "C0A80164:192B", ""],
      ["0.0.0.0/0", "C0A80164:192B", "1"],
      ["0.0.0.0/0", `${ipv6}:01BB`, ""],
      ["fd00::/64", `${ipv6}:01BB`, "1"],
      ["fd00:0:0:1::/64", `${ipv6}:01BB`, ""],
      ["::/0", `${ipv6}:01BB`, "1"],
    ])(`${fault(63)}: %s excludes %s: %s`, (exclude, server, excluded) => {
      node.write(ipvsTable.path, ipvsTable.text(server));
      expect(run("rr", exclude).status).toBe(excluded ? 0 : 1);
    });

    test("what an earlier IPVS mode left is kube-proxy's own, on its interface and on its NodePorts", () => {
      node
        .write(ipvsTable.path, ipvsTable.text("0A600001:01BB", "C0A8010A:7BF9"))
        .command("ip", 'echo "3: kube-ipvs0    inet 10.96.0.1/32 scope global kube-ipvs0"')
        .command("ipset", "echo add KUBE-NODE-PORT-TCP 31737", { folder: "/usr/sbin" });
      expect(run()).toEqual(ready());
    });

    test("nothing is asked where kube-proxy runs in IPVS mode already, which has deleted what it would", () => {
      node.write(ipvsTable.path, ipvsTable.text("C0A80164:192B")).command("curl", "printf ipvs");
      expect(run()).toEqual(ready());
    });

    test(`${fault(61)}: networks and ports that hold shell are text`, () => {
      const evil = `'; touch ${node.root}/ran; '$(touch ${node.root}/ran)`;
      node
        .write(ipvsTable.path, ipvsTable.text("C0A80164:192B", evil))
        .command("ipset", `echo "add KUBE-NODE-PORT-TCP ${evil.replaceAll("$", "\\$")}"`, { folder: "/usr/sbin" });
      expect(run("rr", evil).status).toBe(1);
      expect(node.files("/").filter((file) => file === "/ran")).toEqual([]);
    });
  });

  test(`${fault(64)}: refuses where nothing is there to ask kube-proxy with, before it is touched`, () => {
    expect(node.run("nodes/prepare-node", parameters).status).toBe(0);
    node.remove("/usr/bin/curl");
    expect(run()).toEqual({
      status: 1,
      stdout: "",
      stderr:
        "baremetal-lb: node1: neither curl nor wget is here, one of which the proof of kube-proxy needs, kube-proxy was not touched: install one of them\n",
    });
    node.command("wget", "printf ipvs");
    expect(run()).toEqual(ready());
  });

  test(`${fault(65)}: says where iptables drops by default what comes to the node`, () => {
    expect(node.run("nodes/prepare-node", parameters).status).toBe(0);
    node.command("iptables-save", 'printf ":INPUT DROP [0:0]\\n-A INPUT -p tcp --dport 22 -j ACCEPT\\n"');
    expect(run().stdout).toBe(
      `baremetal-lb: node1: note: iptables drops by default what comes to this node (INPUT), and in IPVS mode that is the traffic of Services, too: let the networks of pods and of clients through\n${ready().stdout}`,
    );
  });

  test(`${fault(44)}: refuses a node on which the stack nodes never ran`, () => {
    expect(run()).toEqual(refusal("kernel module ip_vs is not loaded"));
  });

  test("a module that is built in needs no loading", () => {
    node.dispose();
    node = withCurl(ipvsNode(shell, { builtIn: rrModules }));
    expect(node.run("nodes/prepare-node", parameters).status).toBe(0);
    expect(run()).toEqual(ready());
    expect(run("lc")).toEqual(refusal("kernel module ip_vs_lc is not loaded"));
  });

  test("a kernel that has nf_conntrack_ipv4 needs that, as kube-proxy does", () => {
    node.dispose();
    node = withCurl(
      ipvsNode(shell, { kernel: "3.10.0-1160.el7.x86_64", modules: [...rrModules, "nf_conntrack_ipv4"] }),
    );
    expect(node.run("nodes/prepare-node", parameters).status).toBe(0);
    expect(run()).toEqual(ready());
    without("/proc/modules", /^nf_conntrack_ipv4 .*\n/m);
    expect(run()).toEqual(refusal("kernel module nf_conntrack_ipv4 is not loaded"));
  });
});
