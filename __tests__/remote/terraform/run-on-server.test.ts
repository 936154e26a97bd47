import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyPlan } from "../../../remote/terraform/apply";
import { planStack } from "../../../remote/terraform/plan";
import { serverRunIn } from "../../../remote/terraform/run-on-server";
import type { Stack } from "../../../remote/terraform/stack";
import { Terraform } from "../../../remote/terraform/terraform";
import { fault } from "../../faults";
import { ProjectFixture } from "./project-fixture";

// What Terraform 1.11 says of a run on a server, by a program in its place: internal/cloud in its source.

const url = "https://tfe.example.org/app/acme/demo-nodes/runs/run-AbC123";

const header = `Running plan in Terraform Enterprise. Output will stream here. Pressing Ctrl-C
will stop streaming the logs, but will not stop the plan running remotely.

Preparing the remote plan...

To view this run in a browser, visit:
${url}

Waiting for the plan to start...

Terraform v1.11.4
on linux_amd64
`;

const esc = "\u001b";
/** An error as the server's own Terraform prints it: colours, a frame, lines of 78 characters. */
const framed = (summary: string, ...lines: string[]) =>
  [
    `${esc}[31m╷${esc}[0m${esc}[0m`,
    `${esc}[31m│${esc}[0m ${esc}[0m${esc}[1m${esc}[31mError: ${esc}[0m${esc}[0m${esc}[1m${summary}${esc}[0m`,
    ...["", ...lines].map((line) => `${esc}[31m│${esc}[0m ${esc}[0m${line}`),
    `${esc}[31m╵${esc}[0m${esc}[0m`,
    "Operation failed: failed running terraform plan (exit 1)",
    "",
  ].join("\n");

const place = ["  on cdk.tf.json line 12, in resource.null_resource.one.lifecycle:", "  12:   condition", "", ""];

const change = (input: string) => ({
  address: "terraform_data.one",
  type: "terraform_data",
  name: "one",
  change: { actions: ["update"], before: { input: "a" }, after: { input } },
});
const shown = (input: string) =>
  JSON.stringify({
    resource_changes: [change(input)],
    prior_state: { values: { root_module: { resources: [{ mode: "managed" }] } } },
  });

describe("where a server runs Terraform", () => {
  let fixture: ProjectFixture;
  let stack: Stack;
  beforeEach(() => {
    fixture = new ProjectFixture();
    stack = fixture.stack({});
  });
  afterEach(() => fixture.dispose());

  const file = (name: string) => join(fixture.folder, name);
  const out = () => file("plan");
  /** A program that answers each of Terraform's commands with a file, the n-th call with the n-th, and an exit code. */
  const terraform = (answers: Readonly<Record<string, readonly (readonly [code: number, output: string])[]>>) => {
    for (const [command, calls] of Object.entries(answers)) {
      rmSync(file(`${command}.n`), { force: true });
      calls.forEach(([code, output], index) => {
        writeFileSync(file(`${command}-${index}`), output);
        writeFileSync(file(`${command}-${index}.code`), String(code));
      });
    }
    const program = file("terraform");
    writeFileSync(
      program,
      `#!/bin/sh
cd "${fixture.folder}" || exit 9
echo "$*" >>calls
n=$(cat "$1.n" 2>/dev/null || echo 0)
echo $((n + 1)) >"$1.n"
case "$*" in *-out=*) echo saved >plan ;; esac
cat "$1-$n"
exit "$(cat "$1-$n.code")"
`,
      { mode: 0o755 },
    );
    const environment = { ...fixture.project.environment, TERRAFORM_BINARY_NAME: program };
    return new Terraform(environment, { server: "tfe.example.org" });
  };
  const calls = () => readFileSync(file("calls"), "utf8").replaceAll(fixture.folder, "").trimEnd().split("\n");
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => "it did not fail",
      (error: Error) => error.message,
    );
  const planned = (code: number, output: string) =>
    failure(planStack(terraform({ plan: [[code, output]] }), stack, { out: out() }));
  const plan = "plan -input=false -detailed-exitcode -lock-timeout=20s -no-color";

  test(`${fault(155)}: a plan is speculative, and read from its run`, async () => {
    const server = terraform({ plan: [[2, header]], show: [[0, shown("b")]] });
    const { changes, deployed, run } = await planStack(server, stack, { out: out(), lock: false });
    expect({ changes, deployed }).toEqual({ changes: [change("b")], deployed: true });
    expect(run).toEqual(serverRunIn(header));
    expect(calls()).toEqual([plan, "show -json -no-color /plan"]);
    expect(JSON.parse(readFileSync(out(), "utf8"))).toEqual({
      remote_plan_format: 1,
      run_id: "run-AbC123",
      hostname: "tfe.example.org",
    });
  });

  test(`${fault(154)}: a run that ended without a plan is an error, though Terraform exits 0`, async () => {
    const refused = "Error: can't display a cloud plan that is currently canceled\n";
    const server = terraform({ plan: [[0, header]], show: [[1, refused]] });
    expect(await failure(planStack(server, stack, { out: out() }))).toBe(
      `the stack only has no plan, since its run on the server is canceled: begin again, or ask who ended it (${url})`,
    );
  });

  test(`${fault(154)}: what a server repeats is said once, and no configuration with it`, async () => {
    const again = `\n${esc}[91mError: ${esc}[0mexecuting plan: exit status 1: Error: It went wrong. on cdk.tf.json line 1: {${"x".repeat(40_000)}}\n`;
    const output = header + framed("It went wrong.", ...place) + framed("It went wrong.", ...place) + again;
    expect(await planned(1, output)).toBe(`It went wrong. (${url})`);
    const long = header + framed("y".repeat(40_000), ...place);
    expect((await planned(1, long)).length).toBeLessThan(2100);
  });

  test(`${fault(154)}: an error into which a server wrote the rest of the plan`, async () => {
    const [frame = "", summary = "", ...rest] = framed("It went wrong:", "a cause.").split("\n");
    const plan = ["Terraform planned the following actions:", "", "  + resource {", "    }"];
    const output = header + [frame, summary, ...plan, ...rest].join("\n");
    expect(await planned(1, output)).toBe(`It went wrong:: a cause. (${url})`);
  });

  test(`${fault(155)}: after consent the plan is made once more, and applied if it is the same`, async () => {
    const [twice, exits]: [[number, string][], [number, string][]] = [
      [
        [2, header],
        [2, header],
      ],
      [
        [0, shown("b")],
        [0, shown("b")],
      ],
    ];
    const server = terraform({ plan: twice, show: exits, apply: [[0, "Apply complete! Resources: 1 changed.\n"]] });
    await applyPlan(server, await planStack(server, stack, { out: out(), replace: ["terraform_data.one"] }));
    expect(calls()).toEqual([
      `${plan} -replace=terraform_data.one`,
      "show -json -no-color /plan",
      `${plan} -replace=terraform_data.one -out=/plan`,
      "show -json -no-color /plan",
      "apply -input=false -no-color -lock-timeout=20s /plan",
    ]);
  });

  test(`${fault(155)}: what is not the same any more is not applied`, async () => {
    const server = terraform({
      plan: [
        [2, header],
        [2, header],
      ],
      show: [
        [0, shown("b")],
        [0, shown("c")],
      ],
    });
    const shownPlan = await planStack(server, stack, { out: out() });
    expect(await failure(applyPlan(server, shownPlan))).toBe(
      `the plan of the stack only is not what was shown any more, and nothing was applied: discard its run, ${url}, and begin again`,
    );
  });

  test(`${fault(154)}: what was discarded there is not called applied, though Terraform exits 0`, async () => {
    const server = terraform({
      plan: [
        [2, header],
        [2, header],
      ],
      show: [
        [0, shown("b")],
        [0, shown("b")],
      ],
      apply: [[0, `Running apply in Terraform Enterprise.\n\n${header}`]],
    });
    expect(await failure(applyPlan(server, await planStack(server, stack, { out: out() })))).toBe(
      `the stack only was not applied: its run was discarded or canceled (${url})`,
    );
  });

  test(`${fault(154)}: an apply that fails there says what the node's script said, and where to see it`, async () => {
    const script = `${esc}[0mnull_resource.one (remote-exec): baremetal-lb: node1: ip_vs is missing${esc}[0m\n`;
    const server = terraform({
      plan: [
        [2, header],
        [2, header],
      ],
      show: [
        [0, shown("b")],
        [0, shown("b")],
      ],
      apply: [[1, script + framed("remote-exec provisioner error", "exit status 1")]],
    });
    expect(await failure(applyPlan(server, await planStack(server, stack, { out: out() })))).toBe(
      `the apply of the stack only failed (${url}):
null_resource.one (remote-exec): baremetal-lb: node1: ip_vs is missing
Error: remote-exec provisioner error
exit status 1
Operation failed: failed running terraform plan (exit 1)`,
    );
  });

  test(`${fault(154)}: an error is a sentence, without colours, frame and line breaks, and has the run's address`, async () => {
    const gate = framed(
      "Resource precondition failed",
      ...place,
      "kube-proxy has not been proven to run in mode ipvs with strictARP: deploy the",
      "stack kube-proxy first (npx cdktf deploy nodes kube-proxy).",
    );
    expect(await planned(1, header + gate)).toBe(
      `kube-proxy has not been proven to run in mode ipvs with strictARP: deploy the stack kube-proxy first (npx cdktf deploy nodes kube-proxy). (${url})`,
    );
    const reference = framed(
      "Reference to undeclared local value",
      ...place,
      'A local value with the name "b" has not',
      "been declared.",
    );
    expect(await planned(1, header + reference)).toBe(
      `Reference to undeclared local value: A local value with the name "b" has not been declared. (${url})`,
    );
  });

  test(`${fault(154)}: several errors are a line each, and lists keep their lines`, async () => {
    const lost = framed(
      "Resource precondition failed",
      ...place,
      "Services would lose their addresses:",
      "  default/web: 192.168.1.240",
      "  default/db: 192.168.1.241",
      "Declare pools that hold",
      "them.",
    );
    expect(
      await planned(1, header + lost + framed("Unauthorized", "  with data.kubernetes_resources.one,", ...place)),
    ).toBe(
      `Services would lose their addresses:
  default/web: 192.168.1.240
  default/db: 192.168.1.241
Declare pools that hold them.
the Kubernetes API does not accept the token or the certificate (401), which has expired or was taken back: get another one, such as with kubectl -n kube-system create token baremetal-lb
Terraform says:
Unauthorized (${url})`,
    );
  });

  test(`${fault(154)}: a run that does not start within the bound says what it waits for`, async () => {
    const waiting =
      "Waiting for 2 run(s) to finish before being queued...\nLock timeout exceeded, sending interrupt to cancel the remote operation.\n";
    expect(await planned(1, header + waiting)).toBe(
      `the run did not start within 20 s, and was canceled: another run holds the workspace, or no agent of its pool is online (${url})`,
    );
  });

  test(`${fault(154)}: what has no error in it is shown by its end`, async () => {
    expect(await planned(1, `${header}${"a line\n".repeat(100)}Operation failed: exit 137\n`)).toBe(
      `terraform plan of the stack only failed: a line a line a line Operation failed: exit 137 (${url})`,
    );
  });

  test(`${fault(156)}: a workspace that executes here is said to`, async () => {
    expect(await planned(0, "No changes. Your infrastructure matches the configuration.\n")).toBe(
      "state.execution says that tfe.example.org runs Terraform, but the workspace of the stack only executes locally: write execution: local under state, or set the workspace's Execution Mode",
    );
  });

  test(`${fault(156)}: a workspace that executes there, too, and that secrets were sent`, async () => {
    const here = new Terraform({
      ...fixture.project.environment,
      ...{ TERRAFORM_BINARY_NAME: file("terraform"), TF_VAR_kubernetes_token: "s3cret" },
    });
    terraform({ plan: [[2, header]] });
    expect(await failure(planStack(here, stack, { out: out() }))).toBe(
      `state.execution says that Terraform runs here, but the workspace of the stack only executes on a server (${url}): write execution: remote or agent under state, or set the workspace's Execution Mode to local. TF_VAR_kubernetes_token was sent there in clear text: renew it`,
    );
  });
});
