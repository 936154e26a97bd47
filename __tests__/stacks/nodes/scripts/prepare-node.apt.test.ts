import { fault } from "../../../faults";
import { calls, expectNothingChanged, installs, ipvsNode, parameters, present, say, wrote } from "./node-to-prepare";
import { shells, type NodeUnderTest, type Outcome } from "../../shared/scripts/node-under-test";

describe.each(shells)("prepare-node with apt, under $name", (shell) => {
  let node: NodeUnderTest;
  const given = (apt: string): NodeUnderTest => {
    node = ipvsNode(shell, { tools: [] });
    return node.command("apt-get", apt, { environment: ["DEBIAN_FRONTEND", "NEEDRESTART_MODE"] });
  };
  const run = (changes: Record<string, string | number | boolean> = {}): Outcome =>
    node.run("nodes/prepare-node", { ...parameters, ...changes });

  afterEach(() => {
    const leftovers = node.files("/tmp");
    node.dispose();
    // Every run clears up after itself, the failed ones too.
    expect(leftovers).toEqual([]);
  });

  const apt = "DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a apt-get";
  const update = "-q update";
  const install = (lockWaitSeconds = 150): string =>
    `-q -y --no-install-recommends -o DPkg::Lock::Timeout=${lockWaitSeconds} -o Dpkg::Options::=--force-confdef ` +
    "-o Dpkg::Options::=--force-confold install ipset ipvsadm";
  const installing = say("installing ipset ipvsadm with apt-get, each command within 300 s");
  const done = wrote + present.replace("present", "present (installed now: ipset ipvsadm)");
  const failed = (command: string, lastLine: string): string =>
    `'apt-get ${command}' failed with exit status 100; its last lines:\n  ${lastLine}`;
  const onUpdate = (body: string): string => `case "$*" in *update) ${body} ;; esac`;
  const lists = "installing from the package lists at hand";

  test("the lists are updated, then both are installed, with nothing that could ask", () => {
    given(installs);
    const outcome = run();
    expect(outcome).toMatchObject({ status: 0, stdout: installing + done, stderr: "" });
    expect(calls(outcome, "apt-get")).toEqual([`${apt} ${update}`, `${apt} ${install()}`]);
  });

  test(`${fault(20)}: the lock of the package lists, which apt does not wait for, is waited for`, () => {
    const locked = 'echo "E: Could not get lock /var/lib/apt/lists/lock." >&2; exit 100';
    given(`${onUpdate(`[ -e "$root/free" ] || { : >"$root/free"; ${locked}; }`)}\n${installs}`).clock();
    const outcome = run();
    expect(outcome).toMatchObject({ status: 0, stdout: installing + done, stderr: "" });
    expect(outcome.calls.filter((call) => call.startsWith("sleep") || call.includes("apt-get"))).toEqual([
      `${apt} ${update}`,
      "sleep 2",
      `${apt} ${update}`,
      `${apt} ${install()}`,
    ]);
  });

  test(`${fault(20)}: locks that never get free end within the bound, and the message says who holds them`, () => {
    const lastLine = "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 4711 (apt-get)";
    given(`echo "${lastLine}" >&2; exit 100`).clock();
    const outcome = run({ PACKAGE_TIMEOUT_SECONDS: 6 });
    expect(outcome).toMatchObject({
      status: 1,
      stderr: say(failed(update, lastLine), lists, failed(install(3), lastLine)),
    });
    expect(calls(outcome, "sleep")).toHaveLength(2);
    expectNothingChanged(node, outcome);
  });

  test(`${fault(20)}: without network the command and its last lines are named`, () => {
    // apt-get update succeeds with warnings when it reaches nothing.
    given(
      'case "$*" in *update) echo "W: Failed to fetch" ;; *) echo "E: Unable to locate package ipset"; exit 100 ;; esac',
    );
    const outcome = run();
    expect(outcome).toMatchObject({
      status: 1,
      stdout: installing,
      stderr: say(failed(install(), "E: Unable to locate package ipset")),
    });
    expectNothingChanged(node, outcome);
  });

  test("a repository that is gone does not stop apt from installing from the others", () => {
    given(`${onUpdate('echo "E: apt.kubernetes.io 404"; exit 100')}\n${installs}`);
    expect(run()).toMatchObject({
      status: 0,
      stdout: installing + done,
      stderr: say(failed(update, "E: apt.kubernetes.io 404"), lists),
    });
  });
});
