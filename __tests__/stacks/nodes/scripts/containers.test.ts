import { fault } from "../../../faults";
import { ipvsTable } from "../../kube-proxy/scripts/ipvs-table";
import {
  calls,
  ipvsNode,
  parameters,
  present,
  rrModules,
  say,
  wrote,
  type NodeToPrepareProps,
} from "./node-to-prepare";
import { shells, type NodeUnderTest, type Outcome } from "../../shared/scripts/node-under-test";

const kernel = "6.8.0-60-generic";

/** How a container shows itself. */
const marks: readonly (readonly [string, (node: NodeUnderTest) => NodeUnderTest])[] = [
  ["lxc", (node) => node.command("systemd-detect-virt", '[ "$*" = --container ] && echo lxc')],
  ["systemd-nspawn", (node) => node.write("/run/systemd/container", "systemd-nspawn\n")],
  ["docker", (node) => node.write("/.dockerenv", "")],
  ["podman", (node) => node.write("/run/.containerenv", "engine=podman\n")],
];

describe.each(shells)("containers as nodes, under $name", (shell) => {
  let node: NodeUnderTest;
  afterEach(() => node.dispose());

  const given = (mark = marks[0]?.[1], props: NodeToPrepareProps = {}): NodeUnderTest => {
    node = ipvsNode(shell, { kernel, modules: [], ...props });
    if (props.modules === undefined) node.remove(`/lib/modules/${kernel}`);
    return mark?.(node) ?? node;
  };
  const run = (): Outcome => node.run("nodes/prepare-node", parameters);
  const loaded = (names: readonly string[]) => names.map((name) => `${name} 16384 0 - Live 0x0\n`).join("");
  const note = (kind: string) =>
    say(
      `note: this node is a container (${kind}), and the modules are its host's, which has to load them at its own boot: ` +
        `name them in /etc/modules-load.d there`,
    );
  const onHost = (kind: string) =>
    `this node is a container (${kind}), and the modules are its host's: load them there, now and at its boot, and where ` +
    "they are built in show the node its /lib/modules";

  test.each(marks)(
    `${fault(137)}: %s, whose host has loaded all, is taken, and told who loads them at boot`,
    (kind, mark) => {
      given(mark).write("/proc/modules", loaded(rrModules)).remove("/sbin");
      expect(run()).toMatchObject({ status: 0, stdout: wrote + present, stderr: note(kind) });
    },
  );

  test.each(marks)(
    `${fault(137)}: %s, whose host has not, is told to load them there, and nothing is installed`,
    (kind, mark) => {
      given(mark)
        .write("/proc/modules", loaded(rrModules.slice(0, 4)))
        .remove("/sbin")
        .command("apt-get");
      const outcome = run();
      expect(outcome).toMatchObject({
        status: 1,
        stdout: "",
        stderr: say(`kernel ${kernel} has no module ${rrModules.slice(4).join(" ")}: ${onHost(kind)}, and apply again`),
      });
      expect(calls(outcome, "apt-get")).toEqual([]);
      expect(node.files("/etc")).toEqual(["/etc/os-release"]);
    },
  );

  test(`${fault(137)}: with the host's /lib/modules it loads what it may (kind)`, () => {
    given(marks[2]?.[1], { modules: rrModules });
    expect(run()).toMatchObject({ status: 0, stdout: wrote + present, stderr: note("docker") });
  });

  test(`${fault(137)}: one that may not load is told so with modprobe's words`, () => {
    given(marks[2]?.[1], { modules: rrModules }).command(
      "modprobe",
      `echo "modprobe: ERROR: could not insert '$1': Operation not permitted" >&2; exit 1`,
      { folder: "/sbin" },
    );
    expect(run()).toMatchObject({
      status: 1,
      stdout: "",
      stderr: say(
        `'modprobe ip_vs' failed: ${onHost("docker")}; its last lines:\n` +
          "  modprobe: ERROR: could not insert 'ip_vs': Operation not permitted",
      ),
    });
  });

  test("one whose host has IPVS built in is taken as any kernel in one piece", () => {
    given().write(ipvsTable.path, ipvsTable.text());
    expect(run()).toMatchObject({ status: 0, stderr: "" });
  });

  test("modprobe.d of the container is not its host's", () => {
    given().write("/proc/modules", loaded(rrModules)).write("/etc/modprobe.d/a.conf", "blacklist ip_vs\n");
    expect(run()).toMatchObject({ status: 0, stdout: wrote + present, stderr: note("lxc") });
  });

  test("a machine, virtual or not, is none", () => {
    given((fake) => fake.command("systemd-detect-virt", "echo none; exit 1")).write("/proc/modules", loaded(rrModules));
    expect(run()).toMatchObject({ status: 0, stdout: wrote + present, stderr: "" });
  });
});
