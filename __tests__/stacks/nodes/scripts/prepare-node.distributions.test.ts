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
    const { manager = "" } = distribution;
    given(distribution);
    const outcome = run();
    expect(outcome).toMatchObject({
      status: 0,
      stdout: installing("ipset ipvsadm", manager) + ready,
      stderr: "",
    });
    expect(managerCalls(outcome.calls)).toEqual(commands[manager]?.("ipset ipvsadm"));
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
