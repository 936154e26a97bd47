import { fault } from "../../../faults";
import {
  calls,
  expectNothingChanged,
  installs,
  ipvsNode,
  parameters,
  present,
  say,
  wrote,
  type NodeToPrepareProps,
} from "./node-to-prepare";
import { shells, type NodeUnderTest, type Outcome } from "../../shared/scripts/node-under-test";

describe.each(shells)("prepare-node, packages, under $name", (shell) => {
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

  const managers = [
    { name: "dnf", options: {}, commands: ["dnf -y -q install ipset ipvsadm"] },
    { name: "yum", options: {}, commands: ["yum -y -q install ipset ipvsadm"] },
    {
      name: "zypper",
      options: { environment: ["ZYPP_LOCK_TIMEOUT"] },
      commands: ["ZYPP_LOCK_TIMEOUT=150 zypper --non-interactive --quiet install ipset ipvsadm"],
    },
  ];

  test.each(managers)("$name installs both where both are missing", ({ name, options, commands }) => {
    given({ tools: [] }).command(name, installs, options);
    const outcome = run();
    expect(calls(outcome, name)).toEqual(commands);
    expect(outcome).toMatchObject({
      status: 0,
      stdout:
        say(`installing ipset ipvsadm with ${name}, each command within 300 s`) +
        wrote +
        present.replace("present", "present (installed now: ipset ipvsadm)"),
      stderr: "",
    });
  });

  test("only the one that is missing is installed", () => {
    given({ tools: ["ipset"] }).command("dnf", installs);
    const outcome = run();
    expect(calls(outcome, "dnf")).toEqual(["dnf -y -q install ipvsadm"]);
    expect(outcome.stdout).toBe(
      say("installing ipvsadm with dnf, each command within 300 s") +
        wrote +
        present.replace("present", "present (installed now: ipvsadm)"),
    );
  });

  test("dnf goes before yum, which is a name of dnf on newer systems", () => {
    given({ tools: [] }).command("dnf", installs).command("yum", installs);
    expect(calls(run(), "yum")).toEqual([]);
  });

  test(`${fault(20)}: with both present no package manager is called`, () => {
    given().command("apt-get", "exit 100").command("yum", "exit 1");
    const outcome = run();
    expect(outcome).toMatchObject({ status: 0, stdout: wrote + present, stderr: "" });
    expect(calls(outcome, "apt-get").concat(calls(outcome, "yum"))).toEqual([]);
  });

  test(`${fault(20)}: an unknown distribution is told what to install by hand`, () => {
    given({ tools: ["ipset"] });
    const outcome = run();
    expect(outcome).toMatchObject({
      status: 1,
      stdout: "",
      stderr: say("no apt-get, dnf, yum or zypper here: install ipvsadm by hand, and apply again"),
    });
    expectNothingChanged(node, outcome);
  });

  test(`${fault(20)}: a broken package manager is an error with its command and last lines, and nothing after it runs`, () => {
    given({ tools: [] }).command(
      "yum",
      String.raw`for i in 1 2 3 4 5 6 7 8 9 10; do printf '%s\n' "line $i \c" >&2; done; exit 7`,
    );
    const outcome = run();
    expect(outcome).toMatchObject({
      status: 1,
      stdout: say("installing ipset ipvsadm with yum, each command within 300 s"),
      stderr: say(
        "'yum -y -q install ipset ipvsadm' failed with exit status 7; its last lines:\n" +
          [3, 4, 5, 6, 7, 8, 9, 10].map((line) => `  line ${line} \\c`).join("\n"),
      ),
    });
    expectNothingChanged(node, outcome);
  });

  test(`${fault(20)}: a failure without a word says that there was none`, () => {
    given({ tools: [] }).command("dnf", "exit 1");
    expect(run().stderr).toBe(say("'dnf -y -q install ipset ipvsadm' failed with exit status 1; it printed nothing"));
  });

  test(`${fault(20)}: a lock that never gets free ends within the bound, and the message says who holds it`, () => {
    given({ tools: [] }).command("dnf", 'echo "Waiting for process with pid 4711 to finish."; sleep 10');
    const outcome = run({ PACKAGE_TIMEOUT_SECONDS: 1 });
    expect(outcome).toMatchObject({
      status: 1,
      stderr: say(
        "'dnf -y -q install ipset ipvsadm' did not end within 1 s; its last lines:\n" +
          "  Waiting for process with pid 4711 to finish.",
      ),
    });
    expectNothingChanged(node, outcome);
  });

  test(`${fault(20)}: a package manager that asks gets the end of its input`, () => {
    given({ tools: [] }).command("yum", 'read -r answer || { echo "no answer"; exit 1; }');
    expect(run()).toMatchObject({
      status: 1,
      stderr: say("'yum -y -q install ipset ipvsadm' failed with exit status 1; its last lines:\n  no answer"),
    });
  });

  test(`${fault(26)}: a package run has a session of its own, so a lost connection does not break it off`, () => {
    const session = (file: string) => `cut -d' ' -f6 "/proc/$$/stat" >"$root/${file}"`;
    given({ tools: [] })
      .command("yum", `${session("yum-session")}\n${installs}`)
      .command("ipset", session("own-session"), { folder: "/packages" });
    expect(run().status).toBe(0);
    expect(node.read("yum-session")).toMatch(/^\d+\n$/);
    expect(node.read("yum-session")).not.toBe(node.read("own-session"));
  });

  test.each([
    [102, "a reboot is needed"],
    [103, "a restart is needed"],
    [106, "a repository was skipped"],
    [107, "a post-install script failed"],
  ])("zypper's exit status %i (%s) is no failure", (status) => {
    given({ tools: [] }).command("zypper", `${installs}\nexit ${status}`);
    expect(run()).toMatchObject({ status: 0, stderr: "" });
  });

  test("zypper's exit status 104 (not found) is a failure", () => {
    given({ tools: [] }).command("zypper", "echo \"'ipvsadm' not found in package names.\"; exit 104");
    expect(run()).toMatchObject({
      status: 1,
      stderr: say(
        "'zypper --non-interactive --quiet install ipset ipvsadm' failed with exit status 104; its last lines:\n" +
          "  'ipvsadm' not found in package names.",
      ),
    });
  });

  test("a package manager that reports success and installs nothing is an error", () => {
    given({ tools: [] }).command("dnf");
    const outcome = run();
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toMatch(
      /^baremetal-lb: node1: dnf has installed the package ipset, but there is no command ipset in \/.*\n$/,
    );
    expectNothingChanged(node, outcome);
  });

  test.each([
    ["ipset", "ipset list -n", "ipset v7.15: Cannot open session to kernel."],
    ["ipvsadm", "ipvsadm -Ln", "Can't initialize ipvs: Protocol not available"],
  ])("%s that gets no answer from the kernel is an error", (tool, command, message) => {
    given().command(tool, `echo "${message}" >&2; exit 1`, { folder: "/usr/sbin" });
    expect(run()).toMatchObject({
      status: 1,
      stdout: wrote,
      stderr: say(`'${command}' failed; its last lines:\n  ${message}`),
    });
  });
});
