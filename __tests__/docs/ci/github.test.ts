import { scripts } from "../../../package.json";
import { Terraform } from "../../../remote/terraform/terraform";
import { fault } from "../../faults";
import { type Answer, CiMachine } from "./ci-machine";
import { runJob, workflow } from "./workflow";

// The steps of the workflows, with the real program and the real Terraform; only GitHub itself is played.

const values = {
  "github.server_url": "https://github.example.com",
  "github.repository": "acme/lb",
  "github.run_id": "42",
  "github.token": "token-of-the-run",
  "github.event.pull_request.number": "7",
  "github.event.pull_request.head.sha": "c0ffee",
};
const run = "https://github.example.com/acme/lb/actions/runs/42";
const resource = (input: string) => ({ configuration: { resource: { terraform_data: { one: { input } } } } });

let machine: CiMachine;
beforeEach(() => {
  on();
});
afterEach(() => machine.dispose());

/** A fresh machine, on which the platform gives these answers. */
function on(...answers: Answer[]): void {
  (machine as CiMachine | undefined)?.dispose();
  machine = new CiMachine(answers);
}
const jobOf = (file: string, name: string, more: Record<string, string> = {}) => {
  const job = workflow(file).jobs[name];
  if (job === undefined) throw new Error(`${file} has no job ${name}`);
  return runJob(machine, job, { ...values, "github.workspace": machine.path("workspace"), ...more });
};
async function deployed(input: string): Promise<void> {
  const terraform = new Terraform(machine.fixture.project.environment);
  for (const stack of machine.fixture.stacks({ metallb: resource(input) })) {
    await terraform.run(stack, ["init"], 60);
    await terraform.run(stack, ["apply", "-auto-approve"], 60);
  }
}

const files = ["apply.yml", "drift.yml", "pull-request.yml"];

test.each(files)("%s is linted, and no script of it has an expression in it", (file) => {
  expect(scripts["lint:workflows"].split(" ")).toContain(`docs/ci/${file}`);
  const steps = Object.values(workflow(file).jobs).flatMap((job) => job.steps);
  expect(steps.filter(({ run: script }) => script?.includes("${{"))).toEqual([]);
});

describe("a pull request", () => {
  const comments = ["api", "--paginate", "--slurp", "repos/acme/lb/issues/7/comments?per_page=100"];
  const marker = "<!-- baremetal-lb diff cluster.yaml -->";
  const bot = { type: "Bot" };

  test(`${fault(190)}: the first push makes the comment, and the summary has the same text`, async () => {
    on({ to: comments, says: [[{ id: 1, user: bot, body: "from another one" }]] });
    machine.fixture.stacks({ metallb: resource("a") });
    const { failed, summary, log } = await jobOf("pull-request.yml", "diff");
    expect({ failed, log }).toEqual({ failed: undefined, log: expect.stringContaining("stack metallb  1 change\n") });
    expect(summary).toMatch(
      new RegExp(
        `^${marker}\n### Cluster demo: 1 stack would change\n[^]*\nterraform_data\\.one runs for the first time\n[^]*\n\\[This run\\]\\(${run}\\), commit c0ffee\n$`,
      ),
    );
    expect(machine.requests).toEqual([
      comments,
      ["api", "--silent", "--method", "POST", "repos/acme/lb/issues/7/comments", "--field", `body=${summary}`],
    ]);
  }, 60_000);

  test(`${fault(190)}: later pushes change that comment, and not one of somebody who copied its first line`, async () => {
    const pages = [
      [
        { id: 3, user: { type: "User" }, body: `${marker}\nours?` },
        { id: 4, user: bot, body: "<!-- baremetal-lb diff other.yaml -->\n" },
      ],
      [{ id: 5, user: bot, body: `${marker}\nthe last text` }],
    ];
    on({ to: comments, says: pages });
    await deployed("a");
    machine.fixture.stacks({ metallb: resource("a") });
    const { failed, summary } = await jobOf("pull-request.yml", "diff");
    expect(failed).toBeUndefined();
    expect(summary).toContain("### Cluster demo: nothing would change\n");
    expect(machine.requests[1]).toEqual([
      ...["api", "--silent", "--method", "PATCH", "repos/acme/lb/issues/comments/5", "--field", `body=${summary}`],
    ]);
  }, 60_000);

  test(`${fault(190)}: what cannot be planned is in comment and summary, and the job fails at its end`, async () => {
    on({ to: comments, says: [[]] });
    machine.fixture.stacks({ metallb: { configuration: { locals: { a: "${local.b}" } } } });
    const { failed, summary } = await jobOf("pull-request.yml", "diff");
    expect(failed).toBe("whether every stack could be planned");
    expect(summary).toContain('A local value with the name "b" has not been declared.');
    expect(machine.requests.at(-1)?.at(-1)).toBe(`body=${summary}`);
  }, 60_000);

  test(`${fault(192)}: from a fork says why there is no plan, and knows no secret and no own runner`, async () => {
    machine.program("npx", `#!/bin/sh\necho "$@"\n`);
    const { failed, summary, log } = await jobOf("pull-request.yml", "fork");
    expect({ failed, summary }).toEqual({
      failed: undefined,
      summary:
        "### Not planned\n\nThis pull request comes from a fork or from Dependabot. It gets no secrets, so there is no plan: who\nreviews it finds out what it would change by a branch of this repository. Its configuration is synthesised.\n",
    });
    expect(log).toMatch(/\ncdktf synth\n$/);
    expect(machine.requests).toEqual([]);
    const { jobs } = workflow("pull-request.yml");
    expect(JSON.stringify(jobs["fork"])).not.toContain("secrets.");
    expect(jobs["fork"]?.["runs-on"]).toBe("ubuntu-24.04");
    expect([jobs["fork"]?.if, jobs["diff"]?.if]).toEqual([
      "github.event.pull_request.head.repo.full_name != github.repository || github.actor == 'dependabot[bot]'",
      "github.event.pull_request.head.repo.full_name == github.repository && github.actor != 'dependabot[bot]'",
    ]);
  });
});

describe("drift, every night", () => {
  const list = "issue list --label baremetal-lb-drift --state open --limit 1 --json number --jq .[].number".split(" ");
  const title = "The cluster is not what is declared";

  test(`${fault(193)}: opens an issue where there is none, and the job fails`, async () => {
    machine.fixture.stacks({ metallb: resource("a") });
    const { failed, summary } = await jobOf("drift.yml", "drift");
    expect(failed).toBe("whether there is drift");
    expect(summary).toMatch(
      new RegExp(
        `^<!-- baremetal-lb drift cluster\\.yaml -->\n### Cluster demo: could not be found out\n[^]*\n\\[This run\\]\\(${run}\\), \\d{4}-\\d\\d-\\d\\d\n$`,
      ),
    );
    expect(machine.requests).toEqual([
      list,
      ["label", "create", "baremetal-lb-drift", "--force", "--description", title],
      ["issue", "create", "--title", title, "--label", "baremetal-lb-drift", "--body-file", summary],
    ]);
  }, 60_000);

  test(`${fault(193)}: brings the open one up to date`, async () => {
    on({ to: list, says: "12\n" });
    machine.recorded("### Cluster demo: drifted\n", 2);
    const { failed, summary } = await jobOf("drift.yml", "drift");
    expect(failed).toBe("whether there is drift");
    expect(machine.requests).toEqual([list, ["issue", "edit", "12", "--body-file", summary]]);
  });

  test(`${fault(193)}: closes it when all is as declared again, and does nothing where there is none`, async () => {
    on({ to: list, says: "12\n" });
    machine.recorded("### Cluster demo: as declared\n", 0);
    expect((await jobOf("drift.yml", "drift")).failed).toBeUndefined();
    expect(machine.requests).toEqual([list, ["issue", "close", "12", "--comment", `All is as declared again: ${run}`]]);
    on();
    machine.recorded("### Cluster demo: as declared\n", 0);
    expect((await jobOf("drift.yml", "drift")).failed).toBeUndefined();
    expect(machine.requests).toEqual([list]);
  });
});

describe("what was merged", () => {
  const { jobs } = workflow("apply.yml");

  test(`${fault(191)}: is shown, and applied after the approval, if it is still that`, async () => {
    await deployed("a");
    machine.fixture.stacks({ metallb: resource("b") });
    const plan = await jobOf("apply.yml", "plan");
    expect(plan).toMatchObject({
      failed: undefined,
      outputs: { code: "2", fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) },
      summary: expect.stringContaining("terraform_data.one: input changes from a to b\n"),
    });
    expect(plan.log).toContain(plan.summary);

    const approved = { "needs.plan.outputs.fingerprint": plan.outputs["fingerprint"] ?? "" };
    machine.fixture.stacks({ metallb: resource("c") });
    const refused = await jobOf("apply.yml", "apply", approved);
    expect(refused.failed).toBe("exactly that");
    expect(refused.summary).toContain("Nothing was applied: these are not the plans that were approved");

    machine.fixture.stacks({ metallb: resource("b") });
    const applied = await jobOf("apply.yml", "apply", approved);
    expect(applied).toMatchObject({ failed: undefined, summary: expect.stringMatching(/\nApplied: metallb\n```\n$/) });
    expect((await jobOf("apply.yml", "plan")).outputs).toMatchObject({ code: "0" });
  }, 120_000);

  test(`${fault(191)}: waits for the environment's approval, and only where something would change`, () => {
    expect(jobs["apply"]).toMatchObject({
      needs: "plan",
      if: "needs.plan.outputs.code == '2'",
      environment: "production",
    });
  });

  test(`${fault(191)}: what cannot be planned is shown, and not offered for approval`, async () => {
    machine.fixture.stacks({ metallb: { configuration: { locals: { a: "${local.b}" } } } });
    const nothing = { "steps.diff.outputs.code": "", "steps.diff.outputs.fingerprint": "" };
    const { failed, summary, outputs } = await jobOf("apply.yml", "plan", nothing);
    expect({ failed, outputs }).toEqual({ failed: "what a deploy would do", outputs: { code: "", fingerprint: "" } });
    expect(summary).toContain("could not be planned");
  }, 60_000);
});
