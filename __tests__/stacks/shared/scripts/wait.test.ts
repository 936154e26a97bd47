import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inlined } from "../../../../stacks/shared/script";
import { fault } from "../../../faults";
import { ControlPlaneNode } from "./control-plane-node";
import { NodeUnderTest, shells } from "./node-under-test";

const stacks = join(__dirname, "../../../../stacks");
const lib = (name: string) => inlined(join(stacks, "shared/scripts/lib", `${name}.sh`));
const preamble = lib("preamble");

describe.each(shells)("a wait under $name", (shell) => {
  let node: NodeUnderTest;
  beforeEach(() => {
    node = new NodeUnderTest(shell).user(0).clock();
  });
  afterEach(() => node.dispose());

  const wait = (script: string) => node.runText(`${preamble}\n${lib("wait")}\n${script}\n`, {});
  const sleeps = (calls: readonly string[]) => calls.filter((call) => call !== "date +%s");

  test("ends at the first success", () => {
    node.command("works", '[ -e "$root/once" ] || { : >"$root/once"; exit 1; }');
    const { status, calls } = wait("wait_until 60 works at once");
    expect({ status, calls: sleeps(calls) }).toEqual({
      status: 0,
      calls: ["works at once", "sleep 2", "works at once"],
    });
  });

  test(`${fault(58)}: the time that a command takes is part of the wait`, () => {
    node.command("hangs", 'echo "$(($(cat "$root/seconds") + 7))" >"$root/seconds"; exit 1');
    const { status, stdout, calls } = wait('wait_until 10 hangs || echo "over, $(seconds_left 30) s left"');
    expect({ status, stdout, calls: sleeps(calls) }).toEqual({
      status: 0,
      stdout: "over, 30 s left\n",
      calls: ["hangs", "sleep 2", "hangs"],
    });
  });

  test("what a command may take ends with the wait, and is never 0, which is no bound for timeout", () => {
    expect(wait("give_up_at=1000000004; seconds_left 30; seconds_left 3; sleep 9; seconds_left 30").stdout).toBe(
      "4\n3\n1\n",
    );
  });
});

describe.each(shells)("kubectl under $name", (shell) => {
  let node: ControlPlaneNode;
  beforeEach(() => {
    node = new ControlPlaneNode(shell).remove("/usr/bin/date").remove("/usr/bin/sleep") as ControlPlaneNode;
  });
  afterEach(() => node.dispose());

  const run = (script: string) =>
    node.runText(`${preamble}\n${lib("kubectl")}\n${script}\n`, { KUBECONFIG_FILE: "/etc/kubernetes/admin.conf" });
  const seconds = (since: number) => (performance.now() - since) / 1000;

  test(`${fault(58)}: an API server that never answers ends with the wait, and the call is named`, () => {
    node.answer("get nodes", "exec sleep 12");
    const start = performance.now();
    const { status, stderr } = run('wait_until 1 kubectl get nodes || fail "no answer after 1 s"');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: "kubectl did not answer within 1 s: kubectl get nodes\nbaremetal-lb: node1: no answer after 1 s\n",
    });
    expect(seconds(start)).toBeLessThan(5);
  });

  test(`${fault(58)}: so does a rollout`, () => {
    node.answer("rollout status", "exec sleep 12");
    const start = performance.now();
    expect(run("is_rolled_out 1 kube-system daemonset/kube-proxy").status).not.toBe(0);
    expect(seconds(start)).toBeLessThan(5);
  });

  test("keeps its exit status, input and output", () => {
    node.answer("apply", "cat; exit 3");
    expect(run("echo object | kubectl apply -f -")).toMatchObject({ status: 3, stdout: "object\n", stderr: "" });
  });
});

test(`${fault(58)}: no script waits by a loop of its own, none of them calls kubectl without a bound`, () => {
  const scripts = readdirSync(stacks, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".sh") && !path.endsWith("lib/wait.sh"))
    .map((path) => join(stacks, path));
  expect(scripts.length).toBeGreaterThan(10);
  for (const path of scripts) {
    const text = readFileSync(path, "utf8");
    expect([path, text.match(/waited|give_up_at=\$\(\(waited/g)]).toEqual([path, null]);
    if (dirname(path).endsWith("scripts") && /^[^#]*\bkubectl /m.test(text.replace(/'[^']*'|"[^"]*"/g, ""))) {
      expect([path, inlined(path).includes("\nkubectl() {\n")]).toEqual([path, true]);
    }
  }
});
