import { fault } from "../../../faults";
import {
  besideIpvs,
  calls,
  centos7,
  expectNothingChanged,
  installs,
  installsModules,
  ipvsNode,
  mark,
  modernModules,
  parameters,
  persistence,
  present,
  rrModules,
  say,
  wrote,
  type NodeToPrepareProps,
} from "./node-to-prepare";
import { shells, type NodeUnderTest, type Outcome } from "../../shared/scripts/node-under-test";

describe.each(shells)("prepare-node, modules, under $name", (shell) => {
  let node: NodeUnderTest;
  const given = (props: NodeToPrepareProps = {}): NodeUnderTest => (node = ipvsNode(shell, props));
  const run = (changes: Record<string, string | number | boolean> = {}): Outcome =>
    node.run("nodes/prepare-node", { ...parameters, ...changes });

  afterEach(() => {
    const leftovers = node.files("/tmp");
    node.dispose();
    // Every run clears up after itself, the failed ones too.
    expect(leftovers).toEqual([]);
  });

  test(`${fault(24)}: each is loaded, and kept for the next boot`, () => {
    given();
    const outcome = run();
    expect(calls(outcome, "modprobe")).toEqual([`modprobe -a ${rrModules.join(" ")}`]);
    expect(node.read(persistence)).toBe(`${mark}${rrModules.join("\n")}\n`);
    expect(node.stat(persistence).mode).toBe("644");
    expect(node.files("/etc")).toEqual([persistence, "/etc/os-release"]);
  });

  test.each([
    ["sh", rrModules],
    ["wlc", [...rrModules.slice(0, 4), "ip_vs_wlc", ...rrModules.slice(4)]],
  ])("the module of the scheduler %s is there once", (scheduler, modules) => {
    given();
    const outcome = run({ SCHEDULER: scheduler });
    expect(calls(outcome, "modprobe")).toEqual([`modprobe -a ${modules.join(" ")}`]);
    expect(node.read(persistence)).toBe(`${mark}${modules.join("\n")}\n`);
  });

  test("a kernel before 4.19 has both names of conntrack, and kube-proxy wants nf_conntrack_ipv4", () => {
    given({ modules: [...modernModules, "nf_conntrack_ipv4"] });
    expect(run().stdout).toBe(wrote + present.replace("nf_conntrack", "nf_conntrack_ipv4"));
    expect(node.read(persistence)).toContain("\nnf_conntrack_ipv4\n");
  });

  test("one that is built in is neither loaded nor kept", () => {
    const modules = rrModules.slice(1, -1);
    given({ modules, builtIn: ["ip_vs", "nf_conntrack"] });
    const outcome = run();
    expect(outcome.stdout).toBe(
      wrote + say(`ipset and ipvsadm present, modules loaded: ${modules.join(" ")}, built in: ip_vs nf_conntrack`),
    );
    expect(calls(outcome, "modprobe")).toEqual([`modprobe -a ${modules.join(" ")}`]);
    expect(node.read(persistence)).toBe(`${mark}${modules.join("\n")}\n`);
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

  test.each(besideIpvs)(`${fault(130)}: a kernel without %s is an error, and nothing is changed`, (module) => {
    const kernel = "6.1.0-custom";
    const osRelease = 'ID=debian\nVERSION_ID="12"\n';
    given({ kernel, osRelease, modules: modernModules.filter((name) => name !== module) });
    const outcome = run();
    expect(outcome).toMatchObject({
      status: 1,
      stdout: "",
      stderr: say(`kernel ${kernel} has no module ${module}: ${generic}, and apply again`),
    });
    expectNothingChanged(node, outcome);
  });

  test(`${fault(130)}: all that is missing is named at once`, () => {
    const missing = [
      "dummy",
      "ip_set_hash_ipport",
      "ip_set_hash_ipportip",
      "ip_set_hash_ipportnet",
      "ip_set_bitmap_port",
      "xt_set",
    ];
    given({
      kernel: "6.1.0-custom",
      osRelease: 'ID=debian\nVERSION_ID="12"\n',
      modules: modernModules.filter((name) => !missing.includes(name)),
    });
    expect(run().stderr).toBe(
      say(`kernel 6.1.0-custom has no module ${missing.join(" ")}: ${generic}, and apply again`),
    );
  });

  test.each(besideIpvs)(`${fault(130)}: %s that is built in is neither loaded nor kept`, (module) => {
    const others = rrModules.filter((name) => name !== module);
    given({ modules: others, builtIn: [module] });
    expect(run().stdout).toBe(
      wrote + say(`ipset and ipvsadm present, modules loaded: ${others.join(" ")}, built in: ${module}`),
    );
    expect(node.read(persistence)).toBe(`${mark}${others.join("\n")}\n`);
  });

  test("one that the kernel shows and has not loaded is built in, though no list says so", () => {
    const others = rrModules.filter((name) => name !== "dummy");
    given({ modules: others }).write("/sys/module/dummy/parameters/numdummies", "0\n");
    expect(run().stdout).toBe(
      wrote + say(`ipset and ipvsadm present, modules loaded: ${others.join(" ")}, built in: dummy`),
    );
    const { stdout } = run();
    expect(stdout).toBe(say(`ipset and ipvsadm present, modules loaded: ${others.join(" ")}, built in: dummy`));
  });

  test(`${fault(148)}: one that kube-proxy loads while the script runs is not taken for one that is built in`, () => {
    // given: it is in the kernel, and was not yet when /proc/modules was read
    given().write("/sys/module/xt_addrtype/initstate", "live\n");
    expect(run().stdout).toBe(wrote + present);
    expect(node.read(persistence)).toBe(`${mark}${rrModules.join("\n")}\n`);
  });

  const allButConntrack = ` ${rrModules.slice(0, -1).join(" ")}`;
  const generic = "install this kernel's package that has them, or boot a kernel that has them";
  test.each([
    ["CentOS 7", "3.10.0-1160.el7.x86_64", centos7, "yum"],
    ["Debian", "6.1.0-37-amd64", 'ID=debian\nVERSION_ID="12"\n', "apt-get"],
    ["anything else", "6.1.0", "ID=gentoo\n", "apt-get"],
  ])(
    `${fault(21)}: a kernel without IPVS is an error that names what to look at: %s`,
    (_, kernel, osRelease, manager) => {
      given({ kernel, osRelease, modules: ["nf_conntrack"], tools: [] }).command(manager, installs);
      const outcome = run();
      expect(outcome).toMatchObject({
        status: 1,
        stdout: "",
        stderr: say(`kernel ${kernel} has no module${allButConntrack}: ${generic}, and apply again`),
      });
      expect(calls(outcome, manager)).toEqual([]);
      expectNothingChanged(node, outcome);
    },
  );

  test(`${fault(47)}: Ubuntu's kernel for KVM has no package with IPVS, so none is tried`, () => {
    given({ kernel: "5.4.0-1100-kvm", modules: ["nf_conntrack"], tools: [] }).command("apt-get", installs);
    const outcome = run();
    expect(outcome).toMatchObject({
      status: 1,
      stdout: "",
      stderr: say(
        `kernel 5.4.0-1100-kvm has no module${allButConntrack}: Ubuntu builds its -kvm kernels without IPVS; ` +
          "install linux-image-generic and boot that kernel, and apply again",
      ),
    });
    expect(calls(outcome, "apt-get")).toEqual([]);
    expectNothingChanged(node, outcome);
  });

  test.each([
    [
      "kernel-default-base",
      "kernel-default-base is a selection of the modules; install kernel-default in its place, reboot the node",
    ],
    ["kernel-default", generic],
  ])(`${fault(47)}: openSUSE with the kernel's package %s`, (installed, remedy) => {
    const osRelease = 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.6"\n';
    given({ kernel: "6.4.0-150600.21-default", osRelease, modules: ["nf_conntrack"], tools: [] })
      .command("zypper", installs)
      .command("rpm", `[ "$*" = "--quiet -q ${installed}" ]`);
    const outcome = run();
    expect(outcome).toMatchObject({
      status: 1,
      stdout: "",
      stderr: say(`kernel 6.4.0-150600.21-default has no module${allButConntrack}: ${remedy}, and apply again`),
    });
    expect(calls(outcome, "zypper")).toEqual([]);
    expectNothingChanged(node, outcome);
  });

  const el10 = { kernel: "6.12.0-55.el10.x86_64", osRelease: 'ID="rocky"\nID_LIKE="rhel fedora"\n' };
  const extra = `kernel-modules-extra-${el10.kernel}`;

  test(`${fault(46)}: a package of modules that cannot be had is an error with the way out and the last lines`, () => {
    given({ ...el10, modules: ["nf_conntrack"], tools: [] }).command(
      "dnf",
      `echo "Error: Unable to find a match: ${extra}"; exit 1`,
    );
    const outcome = run();
    expect(outcome).toMatchObject({
      status: 1,
      stdout: say(`installing ${extra} with dnf, each command within 300 s`),
      stderr: say(
        `kernel ${el10.kernel} has no module${allButConntrack}: install ${extra}, or upgrade the kernel and reboot the node where ` +
          `the repositories no longer have it, and apply again; 'dnf -y -q install ${extra}' failed with exit status 1; ` +
          `its last lines:\n  Error: Unable to find a match: ${extra}`,
      ),
    });
    expect(calls(outcome, "dnf")).toEqual([`dnf -y -q install ${extra}`]);
    expectNothingChanged(node, outcome);
  });

  test(`${fault(46)}: a package of modules that lacks one of them is an error that names that one`, () => {
    given({ ...el10, modules: [], tools: [] }).command("dnf", installsModules(extra, rrModules.slice(1)));
    expect(run()).toMatchObject({
      status: 1,
      stderr: say(`kernel ${el10.kernel} has no module ip_vs, with ${extra} neither: ${generic}, and apply again`),
    });
  });

  test("a package of modules that takes too long is ended", () => {
    given({ ...el10, modules: [], tools: [] }).command("dnf", "sleep 10");
    const { status, stderr } = run({ PACKAGE_TIMEOUT_SECONDS: 1 });
    expect(status).toBe(1);
    expect(stderr).toContain(`; 'dnf -y -q install ${extra}' did not end within 1 s; it printed nothing\n`);
  });

  test(`${fault(21)}: a single module that is missing is named alone`, () => {
    given();
    expect(run({ SCHEDULER: "fo" }).stderr).toBe(
      say(`kernel 5.15.0-100-generic has no module ip_vs_fo: ${generic}, and apply again`),
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
        `kernel 5.15.0-100-generic has no module${allButConntrack} nf_conntrack: /lib/modules/5.15.0-100-generic is not there; ` +
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
      `case " $* " in *" ip_vs_rr "*) echo "modprobe: ERROR: could not insert 'ip_vs_rr': Key was rejected" >&2; exit 1 ;; esac`,
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
    expect(outcome.calls.slice(-3)).toEqual([
      `modprobe -a ${rrModules.join(" ")}`,
      "modprobe ip_vs",
      "modprobe ip_vs_rr",
    ]);
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
