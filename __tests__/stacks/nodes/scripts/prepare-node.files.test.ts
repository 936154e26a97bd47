import { fault } from "../../../faults";
import {
  calls,
  centos7,
  ipvsNode,
  mark,
  parameters,
  persistence,
  present,
  rrModules,
  say,
  wrote,
  type NodeToPrepareProps,
} from "./node-to-prepare";
import { shells, type NodeUnderTest, type Outcome } from "../../shared/scripts/node-under-test";

describe.each(shells)("prepare-node, files, under $name", (shell) => {
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

  const el7File = "/etc/sysconfig/modules/baremetal-lb.modules";
  const networkManagerFile = "/etc/NetworkManager/conf.d/baremetal-lb.conf";
  const networkManager = (reload = ""): NodeUnderTest =>
    given()
      .write("/etc/NetworkManager/conf.d/calico.conf", "[keyfile]\n")
      .command("systemctl", `[ "$1" != reload ] || { : \n${reload}\n}`);

  test(`${fault(40)}: a second run writes nothing, loads nothing and says the same`, () => {
    given({ osRelease: centos7 })
      .write("/etc/sysconfig/modules/ipvs.modules", "by hand\n")
      .write("/etc/NetworkManager/conf.d/calico.conf", "[keyfile]\n")
      .command("systemctl");
    expect(run().status).toBe(0);
    const before = node.files("/etc").map((file) => [file, node.stat(file)]);
    const outcome = run();
    expect(outcome).toMatchObject({ status: 0, stdout: present, stderr: "" });
    expect(outcome.calls).toEqual(["uname -r", "modinfo nf_conntrack_ipv4", "id -u", "ipset list -n", "ipvsadm -Ln"]);
    expect(node.files("/etc").map((file) => [file, node.stat(file)])).toEqual(before);
  });

  test.each([
    ["text", (): unknown => node.write(persistence, `${mark}ip_vs\n`)],
    ["mode", (): unknown => node.write(persistence, node.read(persistence), 0o600)],
    ["existence", (): unknown => node.remove(persistence)],
  ])(`${fault(25)}: a file of ours whose %s was changed is put back, as a whole`, (_, change) => {
    given();
    run();
    change();
    expect(run().stdout).toBe(wrote + present);
    expect(node.read(persistence)).toBe(`${mark}${rrModules.join("\n")}\n`);
    expect(node.stat(persistence).mode).toBe("644");
  });

  test("a file is replaced, never written in place", () => {
    given().write(persistence, "old\n");
    const { inode } = node.stat(persistence);
    run();
    expect(node.stat(persistence).inode).not.toBe(inode);
    expect(node.files("/etc/modules-load.d")).toEqual([persistence]);
  });

  test("Enterprise Linux 7 has a second file, beside the one that people write by hand", () => {
    given({ osRelease: centos7 }).write("/etc/sysconfig/modules/ipvs.modules", "by hand\n", 0o755);
    expect(run().stdout).toBe(wrote + say(`wrote ${el7File}`) + present);
    expect(node.read(el7File)).toBe(`#!/bin/sh\n${mark}${rrModules.map((module) => `modprobe ${module}\n`).join("")}`);
    expect(node.stat(el7File).mode).toBe("755");
    expect(node.read("/etc/sysconfig/modules/ipvs.modules")).toBe("by hand\n");
  });

  test("no other release has that file", () => {
    given({ osRelease: centos7.replace("7", "8") }).write("/etc/sysconfig/modules/ipvs.modules", "by hand\n");
    expect(run().stdout).toBe(wrote + present);
  });

  test("NetworkManager leaves kube-ipvs0 alone, and reloads once", () => {
    networkManager();
    const outcome = run();
    expect(outcome).toMatchObject({
      status: 0,
      stdout: wrote + say(`wrote ${networkManagerFile}`) + present,
      stderr: "",
    });
    expect(calls(outcome, "systemctl")).toEqual([
      "systemctl --quiet is-active NetworkManager",
      "systemctl reload NetworkManager",
    ]);
    expect(node.read(networkManagerFile)).toBe(
      `${mark}[device-baremetal-lb]\nmatch-device=interface-name:kube-ipvs0\nmanaged=0\n`,
    );
    expect(calls(run(), "systemctl")).toEqual([]);
  });

  test("NetworkManager that does not run is not reloaded", () => {
    networkManager().command("systemctl", "exit 3");
    const outcome = run();
    expect(outcome).toMatchObject({ status: 0, stderr: "" });
    expect(calls(outcome, "systemctl")).toEqual(["systemctl --quiet is-active NetworkManager"]);
  });

  test("NetworkManager that cannot reload is a note", () => {
    networkManager('echo "Job failed." >&2; exit 1');
    expect(run()).toMatchObject({
      status: 0,
      stdout: wrote + say(`wrote ${networkManagerFile}`) + present,
      stderr: say(
        "note: NetworkManager did not reload, and manages kube-ipvs0 until it restarts; its last lines:\n  Job failed.",
      ),
    });
  });

  test("a node without NetworkManager gets no file for it", () => {
    given();
    run();
    expect(node.files("/etc")).toEqual([persistence, "/etc/os-release"]);
  });

  test(`${fault(19)}: a user who is not root, and has no sudo set, is told both ways out`, () => {
    given().user(1000);
    const outcome = run();
    expect(outcome).toEqual({
      status: 1,
      stdout: "",
      stderr: say("user ops is not root: set ssh.sudo to true, or ssh.user to root"),
      calls: ["uname -r", "modinfo nf_conntrack_ipv4", "id -u"],
    });
  });

  test("with sudo it does the same", () => {
    given().user(1000).sudo();
    expect(run({ SUDO: true })).toMatchObject({ status: 0, stdout: wrote + present, stderr: "" });
  });

  test(`${fault(136)}: a sudo that wants a terminal works here, and is a note for what has none`, () => {
    // The session of a process that has no terminal is its own.
    const session = "$(cut -d' ' -f6 /proc/self/stat)";
    given()
      .user(1000)
      .command(
        "sudo",
        `[ -e "$root/session" ] || echo "${session}" >"$root/session"
[ "$(cat "$root/session")" = "${session}" ] || { echo "sudo: sorry, you must have a tty to run sudo" >&2; exit 1; }
shift
FAKE_USER=0 exec "$@"`,
      );
    expect(run({ SUDO: true })).toMatchObject({
      status: 0,
      stdout: wrote + present,
      stderr: say(
        "note: user ops cannot run sudo without a terminal, and drift, verify, status and heal have none: " +
          "write 'Defaults:ops !requiretty' to a file in /etc/sudoers.d",
      ),
    });
  });
});
