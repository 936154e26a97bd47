import { fault } from "../faults";
import {
  calls,
  centos7,
  expectNothingChanged,
  ipvsNode,
  mark,
  modernModules,
  parameters,
  persistence,
  present,
  rrModules,
  say,
  wrote,
  type IpvsNodeProps,
} from "./ipvs-node";
import { shells, type NodeUnderTest, type Outcome } from "./node-under-test";

describe.each(shells)("install-ipvs, modules, under $name", (shell) => {
  let node: NodeUnderTest;
  const given = (props: IpvsNodeProps = {}): NodeUnderTest => (node = ipvsNode(shell, props));
  const run = (changes: Record<string, string | number | boolean> = {}): Outcome =>
    node.run("install-ipvs", { ...parameters, ...changes });

  afterEach(() => {
    const leftovers = node.files("/tmp");
    node.dispose();
    // Every run clears up after itself, the failed ones too.
    expect(leftovers).toEqual([]);
  });

  test(`${fault(24)}: each is loaded, and kept for the next boot`, () => {
    given();
    const outcome = run();
    expect(calls(outcome, "modprobe")).toEqual(rrModules.map((module) => `modprobe ${module}`));
    expect(node.read(persistence)).toBe(`${mark}${rrModules.join("\n")}\n`);
    expect(node.stat(persistence).mode).toBe("644");
    expect(node.files("/etc")).toEqual([persistence, "/etc/os-release"]);
  });

  test.each([
    ["sh", rrModules],
    ["wlc", ["ip_vs", "ip_vs_rr", "ip_vs_wrr", "ip_vs_sh", "ip_vs_wlc", "nf_conntrack"]],
  ])("the module of the scheduler %s is there once", (scheduler, modules) => {
    given();
    const outcome = run({ SCHEDULER: scheduler });
    expect(calls(outcome, "modprobe")).toEqual(modules.map((module) => `modprobe ${module}`));
    expect(node.read(persistence)).toBe(`${mark}${modules.join("\n")}\n`);
  });

  test("a kernel before 4.19 has both names of conntrack, and kube-proxy wants nf_conntrack_ipv4", () => {
    given({ modules: [...modernModules, "nf_conntrack_ipv4"] });
    expect(run().stdout).toBe(wrote + present.replace("nf_conntrack", "nf_conntrack_ipv4"));
    expect(node.read(persistence)).toContain("\nnf_conntrack_ipv4\n");
  });

  test("one that is built in is neither loaded nor kept", () => {
    given({ modules: ["ip_vs_rr", "ip_vs_wrr", "ip_vs_sh"], builtIn: ["ip_vs", "nf_conntrack"] });
    const outcome = run();
    expect(outcome.stdout).toBe(
      wrote +
        say("ipset and ipvsadm present, modules loaded: ip_vs_rr ip_vs_wrr ip_vs_sh, built in: ip_vs nf_conntrack"),
    );
    expect(calls(outcome, "modprobe")).toEqual(["modprobe ip_vs_rr", "modprobe ip_vs_wrr", "modprobe ip_vs_sh"]);
    expect(node.read(persistence)).toBe(`${mark}ip_vs_rr\nip_vs_wrr\nip_vs_sh\n`);
  });

  test("a kernel with all built in needs none", () => {
    given({ modules: [], builtIn: rrModules });
    expect(run()).toMatchObject({
      status: 0,
      stdout: wrote + say(`ipset and ipvsadm present, modules loaded: none, built in: ${rrModules.join(" ")}`),
    });
  });

  test("one that somebody loaded is kept for the next boot, though modinfo does not know it (a container)", () => {
    given({ modules: [] }).write("/proc/modules", rrModules.map((module) => `${module} 1 0 - Live 0x0\n`).join(""));
    const outcome = run();
    expect(outcome).toMatchObject({ status: 0, stdout: wrote + present });
    expect(calls(outcome, "modprobe")).toEqual([]);
    expect(node.read(persistence)).toBe(`${mark}${rrModules.join("\n")}\n`);
  });

  const el10 = (id: string) => `ID="${id}"\nID_LIKE="rhel centos fedora"\nVERSION_ID="10.0"\n`;
  const four = " ip_vs ip_vs_rr ip_vs_wrr ip_vs_sh";
  test.each([
    ["Rocky Linux 10", "6.12.0-55.el10.x86_64", el10("rocky"), "install kernel-modules-extra-6.12.0-55.el10.x86_64"],
    [
      "Oracle Linux 10",
      "6.12.0-1.el10.x86_64",
      `ID="ol"\nID_LIKE="fedora"\nVERSION_ID="10.0"\n`,
      "install kernel-modules-extra-6.12.0-1.el10.x86_64",
    ],
    [
      "Fedora",
      "6.14.0-63.fc42.x86_64",
      "ID=fedora\nVERSION_ID=42\n",
      "install kernel-modules-extra-6.14.0-63.fc42.x86_64",
    ],
    ["Ubuntu", "6.8.0-60-generic", undefined, "install linux-modules-extra-6.8.0-60-generic"],
    [
      "Ubuntu's kernel for KVM",
      "5.4.0-1100-kvm",
      undefined,
      "Ubuntu builds its -kvm kernels without IPVS; install linux-image-generic and boot that kernel",
    ],
    [
      "CentOS 7",
      "3.10.0-1160.el7.x86_64",
      centos7,
      "install this kernel's package that has them, or boot a kernel with IPVS",
    ],
    [
      "anything else",
      "6.1.0",
      "ID=gentoo\n",
      "install this kernel's package that has them, or boot a kernel with IPVS",
    ],
  ])(
    `${fault(21)}: a kernel without IPVS is an error that names what to look at: %s`,
    (_, kernel, osRelease, remedy) => {
      given({ kernel, osRelease, modules: ["nf_conntrack"], tools: [] })
        .command("apt-get")
        .command("dnf");
      const outcome = run();
      expect(outcome).toMatchObject({
        status: 1,
        stdout: "",
        stderr: say(`kernel ${kernel} has no module${four}: ${remedy}, and apply again`),
      });
      expect(calls(outcome, "apt-get").concat(calls(outcome, "dnf"))).toEqual([]);
      expectNothingChanged(node, outcome);
    },
  );

  test(`${fault(21)}: a single module that is missing is named alone`, () => {
    given();
    expect(run({ SCHEDULER: "fo" }).stderr).toBe(
      say(
        "kernel 5.15.0-100-generic has no module ip_vs_fo: install linux-modules-extra-5.15.0-100-generic, and apply again",
      ),
    );
  });

  test(`${fault(21)}: a kernel without conntrack names it by its newer name`, () => {
    given({ modules: modernModules.filter((module) => module !== "nf_conntrack") });
    expect(run().stderr).toContain("has no module nf_conntrack: ");
  });

  test(`${fault(21)}: a node that was not rebooted after its kernel was upgraded is told to`, () => {
    given({ modules: [] }).remove("/lib/modules/5.15.0-100-generic");
    expect(run().stderr).toBe(
      say(
        `kernel 5.15.0-100-generic has no module${four} nf_conntrack: /lib/modules/5.15.0-100-generic is not there; ` +
          "if the kernel was upgraded since the last boot, reboot the node, and apply again",
      ),
    );
  });

  test.each(["modinfo", "modprobe"])("a node without %s is told to install kmod", (tool) => {
    given().remove(`/sbin/${tool}`);
    expect(run()).toMatchObject({
      status: 1,
      stdout: "",
      stderr: say(`${tool} is not installed: install kmod, and apply again`),
    });
  });

  test(`${fault(23)}: a module that cannot be loaded is an error with modprobe's words, and nothing after it runs`, () => {
    given().command(
      "modprobe",
      `[ "$1" != ip_vs_rr ] || { echo "modprobe: ERROR: could not insert 'ip_vs_rr': Key was rejected" >&2; exit 1; }`,
      { folder: "/sbin" },
    );
    const outcome = run();
    expect(outcome).toMatchObject({
      status: 1,
      stdout: "",
      stderr: say(
        "'modprobe ip_vs_rr' failed; its last lines:\n  modprobe: ERROR: could not insert 'ip_vs_rr': Key was rejected",
      ),
    });
    expect(outcome.calls.slice(-2)).toEqual(["modprobe ip_vs", "modprobe ip_vs_rr"]);
    expect(node.files("/etc")).toEqual(["/etc/os-release"]);
  });

  test(`${fault(23)}: a file that cannot be written is an error, and nothing after it runs`, () => {
    given().write("/etc/modules-load.d", "a file in the folder's place\n");
    const outcome = run();
    expect(outcome).toMatchObject({ status: 1, stdout: "" });
    expect(outcome.stderr).toContain(say(`cannot write ${persistence}`));
    expect(calls(outcome, "ipvsadm")).toEqual([]);
  });

  test("a module that modprobe only pretends to load is an error", () => {
    given().command("modprobe", "", { folder: "/sbin" });
    expect(run()).toMatchObject({
      status: 1,
      stdout: wrote,
      stderr: say("ip_vs is not loaded, though modprobe reported success: look for 'install ip_vs' in /etc/modprobe.d"),
    });
  });
});
