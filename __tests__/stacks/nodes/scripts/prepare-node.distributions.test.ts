import { distributions, writable, type Distribution } from "./distributions";
import {
  installs,
  installsModules,
  ipvsNode,
  modernModules,
  parameters,
  persistence,
  rrModules,
  say,
} from "./node-to-prepare";
import { ipvsTable } from "../../kube-proxy/scripts/ipvs-table";
import { fault } from "../../../faults";
import { shells, type NodeUnderTest } from "../../shared/scripts/node-under-test";

describe.each(shells)("prepare-node on the distributions, under $name", (shell) => {
  let node: NodeUnderTest;
  afterEach(() => node.dispose());

  /** A node of the distribution, with none of the tools, and with the given modules. */
  const given = ({ kernel, osRelease, managers, mounts = writable }: Distribution, modules = modernModules) => {
    node = ipvsNode(shell, { kernel, osRelease, modules, tools: [] })
      .write("/proc/mounts", mounts)
      .write(ipvsTable.path, ipvsTable.text())
      .command("rpm", "exit 1");
    for (const manager of managers) node.command(manager, installs);
    return node;
  };
  const run = () => node.run("nodes/prepare-node", parameters);
  const managerCalls = (calls: readonly string[]) => calls.filter((call) => /^(apt-get|dnf|yum|zypper) /.test(call));

  const options =
    "-q -y --no-install-recommends -o DPkg::Lock::Timeout=150 -o Dpkg::Options::=--force-confdef " +
    "-o Dpkg::Options::=--force-confold";
  /** What each package manager is called with. */
  const commands: Record<string, (packages: string) => string[]> = {
    "apt-get": (packages) => ["apt-get -q update", `apt-get ${options} install ${packages}`],
    "apt-get for rpm": (packages) => ["apt-get -q update", `apt-get -q -y install ${packages}`],
    dnf: (packages) => [`dnf -y -q install ${packages}`],
    yum: (packages) => [`yum -y -q install ${packages}`],
    zypper: (packages) => [`zypper --non-interactive --quiet install ${packages}`],
  };
  const installing = (what: string, manager: string) =>
    say(`installing ${what} with ${manager}, each command within 300 s`);
  const loaded = `modules loaded: ${rrModules.join(" ")}`;
  const ready = say(`wrote ${persistence}`, `ipset and ipvsadm present (installed now: ipset ipvsadm), ${loaded}`);

  const withPackages = distributions.filter(({ manager }) => manager !== undefined);
  test.each(withPackages)("$name: its own package manager installs the tools, and nothing else", (distribution) => {
    const { manager = "", aptForRpm = false } = distribution;
    given(distribution);
    if (aptForRpm) {
      const unknown = 'E: Command line option "--no-install-recommends" is not understood';
      node.command(manager, `case $* in *--no-*) echo '${unknown}' >&2; exit 100 ;; esac\n${installs}`);
    }
    const outcome = run();
    expect(outcome).toMatchObject({
      status: 0,
      stdout: installing("ipset ipvsadm", manager) + ready,
      stderr: "",
    });
    expect(managerCalls(outcome.calls)).toEqual(
      commands[aptForRpm ? `${manager} for rpm` : manager]?.("ipset ipvsadm"),
    );
    expect(run()).toMatchObject({
      status: 0,
      stdout: say(`ipset and ipvsadm present, ${loaded}`),
      calls: ["uname -r", "modinfo nf_conntrack_ipv4", "id -u", "ipset list -n", "ipvsadm -Ln"],
    });
  });

  const withExtra = distributions.filter(({ modulesPackage }) => modulesPackage !== undefined);
  test.each(withExtra)("$name: modules that are missing come from their own package", (distribution) => {
    const { manager = "", kernel, modulesPackage = "" } = distribution;
    const extra = modulesPackage.replace("$(uname -r)", kernel);
    given(distribution, []).command(manager, `${installsModules(extra)}\n${installs}`);
    const outcome = run();
    expect(outcome).toMatchObject({
      status: 0,
      stdout: installing(extra, manager) + installing("ipset ipvsadm", manager) + ready,
      stderr: "",
    });
    expect(managerCalls(outcome.calls)).toEqual([
      ...(commands[manager]?.(extra) ?? []),
      ...(commands[manager]?.("ipset ipvsadm") ?? []),
    ]);
  });

  test.each([
    ["ALT Linux", "ID=altlinux\n"],
    ["PCLinuxOS", "ID=pclinuxos\n"],
    ["a relative with rpm and no dpkg", 'ID=simply\nID_LIKE="alt"\n'],
  ])(`${fault(133)}: apt for rpm is given no option of Debian's: %s`, (_what, osRelease) => {
    const [alt] = distributions.filter(({ aptForRpm }) => aptForRpm);
    if (alt === undefined) throw new Error("there is no ALT Linux among the distributions");
    given({ ...alt, osRelease });
    const outcome = run();
    expect(outcome).toMatchObject({ status: 0, stdout: installing("ipset ipvsadm", "apt-get") + ready, stderr: "" });
    expect(managerCalls(outcome.calls)).toEqual(commands["apt-get for rpm"]?.("ipset ipvsadm"));
  });

  test("an unknown distribution with dpkg has Debian's apt, though it has rpm, too", () => {
    const [debian] = distributions.filter(({ name }) => name === "Debian");
    if (debian === undefined) throw new Error("there is no Debian among the distributions");
    given({ ...debian, osRelease: "ID=custom\n" }).command("dpkg");
    expect(managerCalls(run().calls)).toEqual(commands["apt-get"]?.("ipset ipvsadm"));
  });

  const has = "install this kernel's package that has them, or boot a kernel that has them";
  const uek = (kernel: string) =>
    `of the Unbreakable Enterprise Kernel they are in kernel-uek-modules-${kernel}, kernel-uek-modules-extra-${kernel} ` +
    `and, from UEK 8 on, kernel-uek-modules-extra-netfilter-${kernel}: install these`;
  const enterprise = 'ID="ol"\nID_LIKE="fedora"\nVERSION_ID="9.1"\n';
  const rocky = 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\n';
  const ubuntu = 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n';
  test.each([
    ["5.15.0-3.60.5.1.el9uek.x86_64", enterprise, "dnf", uek("5.15.0-3.60.5.1.el9uek.x86_64")],
    ["6.12.0-1.23.3.2.el10uek.aarch64", enterprise, "dnf", uek("6.12.0-1.23.3.2.el10uek.aarch64")],
    ["6.9.7-1.el9.elrepo.x86_64", rocky, "dnf", has],
    ["5.14.0-427.el9.x86_64+rt", rocky, "dnf", has],
    ["6.1.0-custom", rocky, "dnf", has],
    ["6.8.0-060800-generic", ubuntu, "apt-get", has],
    ["6.8.12-1-pve", ubuntu, "apt-get", has],
    ["5.15.148-tegra", ubuntu, "apt-get", has],
    ["6.6.31+rpt-rpi-v8", "ID=debian\n", "apt-get", has],
    ["6.9.3-76060903-generic", 'ID=pop\nID_LIKE="ubuntu debian"\n', "apt-get", has],
    ["6.8.0-76060800-generic", 'ID=pop\nID_LIKE="ubuntu debian"\n', "apt-get", has],
  ])(`${fault(134)}: no package is guessed for kernel %s`, (kernel, osRelease, manager, remedy) => {
    given({ name: "", osRelease, kernel, managers: [manager], manager }, ["nf_conntrack"]);
    const outcome = run();
    expect(outcome).toMatchObject({
      status: 1,
      stdout: "",
      stderr: say(`kernel ${kernel} has no module ${rrModules.slice(0, -1).join(" ")}: ${remedy}, and apply again`),
    });
    expect(managerCalls(outcome.calls)).toEqual([]);
  });

  test.each([
    ["5.15.0-1053-aws", ubuntu, "apt-get", "linux-modules-extra-5.15.0-1053-aws"],
    ["6.8.0-1013-raspi", ubuntu, "apt-get", "linux-modules-extra-6.8.0-1013-raspi"],
    ["6.8.0-60-generic", 'ID=linuxmint\nID_LIKE="ubuntu debian"\n', "apt-get", "linux-modules-extra-6.8.0-60-generic"],
    ["5.14.0-427.13.1.el9_4.x86_64", rocky, "dnf", "kernel-modules-extra-5.14.0-427.13.1.el9_4.x86_64"],
    ["4.18.0-553.el8_10.x86_64", rocky, "dnf", "kernel-modules-extra-4.18.0-553.el8_10.x86_64"],
    ["5.14.0-427.el9.x86_64", enterprise, "dnf", "kernel-modules-extra-5.14.0-427.el9.x86_64"],
  ])("the package of the distribution's own kernel %s is installed", (kernel, osRelease, manager, extra) => {
    given({ name: "", osRelease, kernel, managers: [manager], manager }, []).command(
      manager,
      `${installsModules(extra)}\n${installs}`,
    );
    expect(run()).toMatchObject({ status: 0, stderr: "" });
  });

  test.each([
    ["a value with spaces and no quotes", "ID=debian\nVERSION_ID=12\nVENDOR_NAME=My Own Linux\n"],
    ["a parenthesis", "VERSION=1.4 (Runtime)\nID=debian\n"],
    ["a command", "ID=debian\nNAME=$(touch /tmp/ran)\nVERSION_ID='12' \ntouch /tmp/ran\n"],
    ["Windows' line ends", 'ID="debian"\r\nVERSION_ID="12"\r\n'],
  ])(`${fault(126)}: os-release is read and not run: %s`, (_what, osRelease) => {
    const [debian] = distributions.filter(({ name }) => name.startsWith("Debian"));
    if (debian === undefined) throw new Error("there is no Debian among the distributions");
    given({ ...debian, osRelease });
    const outcome = run();
    expect(outcome).toMatchObject({ status: 0, stderr: "" });
    expect(managerCalls(outcome.calls)).toEqual(commands["apt-get"]?.("ipset ipvsadm"));
    expect(node.files("/tmp").filter((file) => file.endsWith("/ran"))).toEqual([]);
  });

  const readOnly = distributions.filter(({ mounts }) => mounts !== undefined);
  describe.each(readOnly)("$name", (distribution) => {
    const leftOut = "left out, since /usr is read-only and kube-proxy runs without:";

    test("installs nothing, and loads and keeps the modules", () => {
      given(distribution);
      const outcome = run();
      expect(outcome).toMatchObject({
        status: 0,
        stdout: say(`wrote ${persistence}`, `${leftOut} ipset ipvsadm`, loaded),
        stderr: "",
      });
      expect(managerCalls(outcome.calls)).toEqual([]);
      node.command("curl", "printf iptables");
      expect(node.run("kube-proxy/require-prepared-node", { SCHEDULER: "rr" })).toMatchObject({
        status: 0,
        stdout: say("IPVS with scheduler rr is ready"),
      });
    });

    test("asks a tool that its image has", () => {
      given(distribution).command("ipset", "", { folder: "/usr/sbin" });
      const outcome = run();
      expect(outcome).toMatchObject({
        status: 0,
        stdout: say(`wrote ${persistence}`, `${leftOut} ipvsadm`, `ipset present, ${loaded}`),
      });
      expect(outcome.calls.at(-1)).toBe("ipset list -n");
    });

    test("does not try to install modules that are missing", () => {
      given(distribution, ["nf_conntrack"]);
      const outcome = run();
      expect(outcome).toMatchObject({
        status: 1,
        stdout: "",
        stderr: say(
          `kernel ${distribution.kernel} has no module ${rrModules.slice(0, -1).join(" ")}: install this kernel's ` +
            "package that has them, or boot a kernel that has them, and apply again",
        ),
      });
      expect(managerCalls(outcome.calls)).toEqual([]);
    });

    test("is not ready where the kernel shows no table of virtual servers", () => {
      given(distribution).remove(ipvsTable.path);
      expect(run()).toMatchObject({
        status: 1,
        stderr: say("/proc/net/ip_vs is missing, though the modules are loaded: ask 'dmesg' why"),
      });
    });
  });
});
