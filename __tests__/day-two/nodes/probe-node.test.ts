import { createHash } from "node:crypto";
import { lutimesSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { probeText } from "../../../day-two/nodes/probe";
import { fault } from "../../faults";
import { ipvsTable } from "../../stacks/kube-proxy/scripts/ipvs-table";
import {
  centos7,
  ipvsNode,
  parameters,
  persistence,
  rrModules,
  type NodeToPrepareProps,
} from "../../stacks/nodes/scripts/node-to-prepare";
import { shells, type NodeUnderTest } from "../../stacks/shared/scripts/node-under-test";

const configz = '{"kubeproxy.config.k8s.io":{"Mode":"ipvs"}}';

describe.each(shells)("probe-node under $name", (shell) => {
  let node: NodeUnderTest;
  afterEach(() => node.dispose());

  /** A node on which everything is as declared. */
  const given = (props: NodeToPrepareProps = {}): NodeUnderTest => {
    node = ipvsNode(shell, props)
      .write("/configz", configz)
      .write(ipvsTable.path, ipvsTable.text("0A600001:01BB"))
      .write("/sys/class/net/kube-ipvs0/mtu", "1500\n")
      .write("/proc/sys/net/ipv4/conf/all/arp_ignore", "1\n")
      .write("/proc/sys/net/ipv4/conf/all/arp_announce", "2\n");
    node.run("nodes/prepare-node", parameters);
    return node.command(
      "curl",
      `case $* in *:10249/proxyMode*:10249/configz) printf ipvs; cat "$root/configz" ;; esac`,
    );
  };
  const probe = (apiService = "10.96.0.1:443") =>
    node.runCommandLine(probeText(), { SCHEDULER: "rr", API_SERVICE: apiService });
  const facts = (...lines: string[]) => ({ status: 0, stdout: lines.map((line) => `${line}\n`).join(""), stderr: "" });
  const found = (apiService?: string) => {
    const { status, stdout, stderr } = probe(apiService);
    return { status, stdout, stderr };
  };

  const modules = rrModules.map((name) => `module ${name} loaded`);
  const fine = [
    "tool ipset present",
    "tool ipvsadm present",
    ...modules,
    `file ${persistence} as-written`,
    "proxy mode ipvs",
    'proxy config {"kubeproxy.config.k8s.io":{"Mode":"ipvs"}}',
    "sysctl net.ipv4.conf.all.arp_ignore 1",
    "sysctl net.ipv4.conf.all.arp_announce 2",
    "interface kube-ipvs0 present",
    "virtual-server 10.96.0.1:443 present",
  ];

  test("tells every fact of a node that is as declared", () => {
    given();
    expect(found()).toEqual(facts(...fine));
  });

  test("writes nothing, and runs nothing that changes a node", () => {
    given();
    const before = node.files("/").map((path) => [path, path === "/calls" ? 0 : node.stat(path)]);
    const { calls } = probe();
    expect(node.files("/").map((path) => [path, path === "/calls" ? 0 : node.stat(path)])).toEqual(before);
    const get = "curl -g -fsS --noproxy * --max-time 5 http://127.0.0.1:10249";
    expect(calls.filter((call) => !/^(uname|modinfo) /.test(call))).toEqual([
      `${get}/proxyMode http://127.0.0.1:10249/configz`,
    ]);
  });

  test("tells of a node where nothing was done", () => {
    given({ tools: [] })
      .write("/proc/modules", "")
      .write("/proc/sys/net/ipv4/conf/all/arp_ignore", "0\n")
      .write("/proc/sys/net/ipv4/conf/all/arp_announce", "0\n")
      .command("curl", "exit 7")
      .remove("/usr/sbin/ipset")
      .remove("/usr/sbin/ipvsadm")
      .remove(persistence)
      .remove("/sys/class/net/kube-ipvs0")
      .remove(ipvsTable.path);
    expect(found()).toEqual(
      facts(
        "tool ipset missing",
        "tool ipvsadm missing",
        ...rrModules.map((name) => `module ${name} not-loaded`),
        `file ${persistence} missing`,
        "proxy mode ",
        "proxy asked 127.0.0.1:10249, [::1]:10249",
        "proxy config ",
        "sysctl net.ipv4.conf.all.arp_ignore 0",
        "sysctl net.ipv4.conf.all.arp_announce 0",
        "interface kube-ipvs0 missing",
        "virtual-server 10.96.0.1:443 missing",
      ),
    );
  });

  test.each([
    ["another text", (file: NodeUnderTest) => file.write(persistence, `${file.read(persistence)}ip_vs_lc\n`)],
    ["another mode", (file: NodeUnderTest) => file.write(persistence, file.read(persistence), 0o600)],
  ])("tells of a file with %s", (_what, change) => {
    change(given());
    expect(found()).toEqual(facts(...fine.map((line) => line.replace("as-written", "changed"))));
  });

  test("tells which modules are built in", () => {
    given({ builtIn: ["ip_vs", "nf_conntrack"] });
    const lines = fine.map((line) => line.replace(/^module (ip_vs|nf_conntrack) loaded$/, "module $1 built-in"));
    expect(found()).toEqual(facts(...lines));
  });

  test("looks at the file of Enterprise Linux 7 too", () => {
    const folder = "/etc/sysconfig/modules";
    given({ osRelease: centos7 }).write(`${folder}/ipvs.modules`, "by hand\n");
    expect(found().stdout).toContain(`file ${folder}/baremetal-lb.modules missing\n`);
  });

  test.each([
    ["10.96.0.1:443", "0A600001:01BB"],
    ["[fd00::1]:443", "[fd00:0000:0000:0000:0000:0000:0000:0001]:01BB"],
    ["[fd00:10:96::1]:443", "[fd00:0010:0096:0000:0000:0000:0000:0001]:01BB"],
    ["[fd00:1:2:3:4:5:6:7]:443", "[fd00:0001:0002:0003:0004:0005:0006:0007]:01BB"],
  ])("finds the virtual server %s, and no other", (address, inKernel) => {
    given().write(ipvsTable.path, ipvsTable.text("0A60000A:0035", inKernel));
    expect(found(address).stdout).toContain(`virtual-server ${address} present\n`);
    node.write(ipvsTable.path, ipvsTable.text("0A60000A:0035", inKernel.replace("1]:", "2]:").replace("BB", "BC")));
    expect(found(address).stdout).toContain(`virtual-server ${address} missing\n`);
  });

  test("a virtual server for UDP is another", () => {
    given().write(ipvsTable.path, ipvsTable.text("0A600001:01BB").replace("TCP", "UDP"));
    expect(found().stdout).toContain("virtual-server 10.96.0.1:443 missing\n");
  });

  describe("of MetalLB's speaker", () => {
    const secret = "line\nanother line";
    const hash = createHash("sha256").update(secret).digest("hex");
    const startedAt = 1_700_000_100;

    /** A process that started at that time, with these variables. */
    const speaker = (...variables: string[]) => {
      given().link("sha256sum");
      const fields = Array.from({ length: 40 }, (_, index) => (index === 19 ? "10050" : "0"));
      return node
        .write("/proc/stat", "cpu 1 2 3\nbtime 1700000000\n")
        .write("/proc/7/comm", "speaker\n")
        .write("/proc/7/stat", `7 (speak er) ${["S", ...fields.slice(1)].join(" ")}\n`)
        .write("/proc/7/environ", ["PATH=/bin", ...variables, "LAST=1", ""].join("\0"))
        .write("/proc/8/comm", "speakers\n");
    };
    const mounted = "/proc/7/root/etc/ml_secret_key";
    /** The Secret's volume as kubelet writes it, at that time. */
    const volume = (changedAt: number) => {
      speaker("METALLB_ML_SECRET_KEY_PATH=/etc/ml_secret_key").write(`${mounted}/..2026/secretkey`, secret);
      symlinkSync("..2026", join(node.root, mounted, "..data"));
      symlinkSync("..data/secretkey", join(node.root, mounted, "secretkey"));
      lutimesSync(join(node.root, mounted, "..data"), changedAt, changedAt);
    };
    const told = () =>
      found()
        .stdout.split("\n")
        .filter((line) => line.startsWith("speaker "));

    test(`${fault(169)}: tells the hash of the key that it has as a variable, line breaks and all, and not the key`, () => {
      speaker(`METALLB_ML_SECRET_KEY=${secret}`);
      expect(told()).toEqual([`speaker 7 ${hash}`]);
      expect(found().stdout).not.toContain("another line");
    });

    test(`${fault(169)}: tells the hash of the key's file, which it read at its start`, () => {
      volume(startedAt - 1);
      expect(told()).toEqual([`speaker 7 ${hash}`]);
    });

    test(`${fault(169)}: does not take a file that was changed since for the key that it has`, () => {
      volume(startedAt + 1);
      expect(told()).toEqual(["speaker 7 unknown"]);
    });

    test(`${fault(169)}: nor one that is not there`, () => {
      speaker("METALLB_ML_SECRET_KEY_PATH=/etc/ml_secret_key");
      expect(told()).toEqual(["speaker 7 unknown"]);
    });
  });
});
