import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { Terraform } from "../../../remote/terraform/terraform";
import { fault } from "../../faults";
import { project } from "../markdown";
import { type Answer, CiMachine } from "./ci-machine";

// The scripts of the pipeline, with the real program and the real Terraform; only GitLab itself is played.

interface Job {
  readonly extends?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly before_script?: readonly string[];
  readonly script?: readonly string[];
  readonly rules?: readonly { readonly if: string; readonly when?: string }[];
  readonly environment?: string;
  readonly resource_group?: string;
}
const pipeline = parse(readFileSync(join(project, "docs/ci/gitlab-ci.yml"), "utf8")) as Record<string, Job>;
const job = (name: string): Job => ({ ...pipeline[pipeline[name]?.extends ?? ""], ...pipeline[name] });

const api = "https://gitlab.example.com/api/v4";
const project5 = `${api}/projects/5`;
const predefined = {
  CI_API_V4_URL: api,
  CI_PROJECT_ID: "5",
  CI_MERGE_REQUEST_IID: "7",
  CI_JOB_URL: "https://gitlab.example.com/acme/lb/-/jobs/42",
  CI_COMMIT_SHA: "c0ffee",
  GITLAB_API_TOKEN: "token",
};
const options = ["--silent", "--show-error", "--fail-with-body", "--header", "PRIVATE-TOKEN: token"];
const resource = (input: string) => ({ configuration: { resource: { terraform_data: { one: { input } } } } });

/** As GitLab's runner starts them: with bash where it is there. */
const shells = [
  ["bash", "-eo", "pipefail"],
  ["sh", "-e"],
];

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

async function run(name: string, shell = shells[0] ?? [], more: Readonly<Record<string, string>> = {}) {
  const { before_script: before = [], script = [], variables } = job(name);
  const given: Record<string, string> = { ...predefined, CI_PROJECT_DIR: machine.path("builds"), ...more };
  // Later ones of the pipeline win; a variable that is not set is empty.
  const own = { ...pipeline["variables"], ...pipeline[".project"]?.variables, ...variables } as Record<string, string>;
  const expanded = Object.fromEntries(
    Object.entries(own).map(([key, text]) => [key, text.replace(/\$(\w+)/g, (_, word: string) => given[word] ?? "")]),
  );
  return machine.shell([...shell, "-c", [...before, ...script].join("\n")], { ...given, ...expanded });
}

async function deployed(input: string): Promise<void> {
  const terraform = new Terraform(machine.fixture.project.environment);
  for (const stack of machine.fixture.stacks({ metallb: resource(input) })) {
    await terraform.run(stack, ["init"], 60);
    await terraform.run(stack, ["apply", "-auto-approve"], 60);
  }
}

describe("a merge request", () => {
  const notes = `${project5}/merge_requests/7/notes`;
  const marker = "<!-- baremetal-lb diff cluster.yaml -->";
  const me = { to: [`${api}/user`], says: { username: "project_5_bot" } };
  const page = (number: number, says: object[]): Answer => ({ to: [`${notes}?per_page=100&page=${number}`], says });
  const by = (username: string, id: number, body: string) => ({ id, body, author: { username } });

  test.each(shells)(
    `${fault(190)}: the first push makes the comment (%s)`,
    async (...shell) => {
      on(me, page(1, [by("eve", 1, `${marker}\nours?`)]), page(2, []));
      machine.fixture.stacks({ metallb: resource("a") });
      expect(await run("diff", shell)).toEqual({
        code: 0,
        output: expect.stringContaining("stack metallb  1 change\n"),
      });
      const text = machine.read("diff.md");
      expect(text).toMatch(
        new RegExp(
          `^${marker}\n### Cluster demo: 1 stack would change\n[^]*\n\\[This job\\]\\(${predefined.CI_JOB_URL}\\), commit c0ffee\n$`,
        ),
      );
      expect(machine.requests).toEqual([
        [...options, `${api}/user`],
        [...options, `${notes}?per_page=100&page=1`],
        [...options, `${notes}?per_page=100&page=2`],
        [...options, "--output", "note.json", "--request", "POST", "--data-urlencode", `body=${text}`, notes],
      ]);
    },
    60_000,
  );

  test.each(shells)(
    `${fault(190)}: later pushes change it (%s)`,
    async (...shell) => {
      on(me, page(1, [by("eve", 1, `${marker}\nours?`)]), page(2, [by("project_5_bot", 8, `${marker}\nthe last`)]));
      machine.fixture.stacks({ metallb: resource("a") });
      expect((await run("diff", shell)).code).toBe(0);
      const words = [
        "--output",
        "note.json",
        "--request",
        "PUT",
        "--data-urlencode",
        `body=${machine.read("diff.md")}`,
      ];
      expect(machine.requests.at(-1)).toEqual([...options, ...words, `${notes}/8`]);
    },
    60_000,
  );

  test(`${fault(190)}: what cannot be planned is in the comment, and the job fails after it`, async () => {
    on(me, page(1, []));
    machine.fixture.stacks({ metallb: { configuration: { locals: { a: "${local.b}" } } } });
    expect((await run("diff")).code).toBe(1);
    expect(machine.requests.at(-1)?.join(" ")).toContain('A local value with the name "b" has not been declared.');
  }, 60_000);

  test(`${fault(192)}: from a fork says why there is no plan, and knows no secret`, async () => {
    machine.program("npx", `#!/bin/sh\necho "$@"\n`);
    expect(await run("fork")).toEqual({
      code: 0,
      output:
        "Not planned, since this merge request comes from a fork. It gets no secrets, so there is no plan.\nWho reviews it finds out what it would change by a branch of this project. Its configuration is synthesised.\ncdktf synth\n",
    });
    expect(machine.requests).toEqual([]);
    expect(pipeline["fork"]).not.toHaveProperty("variables");
    expect(pipeline["fork"]).not.toHaveProperty("extends");
    const [fork, own] = ["fork", "diff"].map((name) => job(name).rules?.map((rule) => rule.if));
    expect(fork).toEqual(["$CI_MERGE_REQUEST_SOURCE_PROJECT_ID != $CI_MERGE_REQUEST_PROJECT_ID"]);
    expect(own).toEqual([
      '$CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID',
    ]);
  });
});

describe("drift, every night", () => {
  const list = `${project5}/issues?labels=baremetal-lb-drift&state=opened&per_page=1`;
  const open: Answer = { to: [list], says: [{ iid: 12 }] };
  const none: Answer = { to: [list], says: [] };
  const issue = ["--output", "issue.json", "--request"];

  test(`${fault(193)}: opens an issue where there is none, and the job fails`, async () => {
    on(none);
    machine.fixture.stacks({ metallb: resource("a") });
    expect((await run("drift")).code).toBe(1);
    const text = machine.read("drift.md");
    expect(text).toMatch(/^<!-- baremetal-lb drift cluster\.yaml -->\n### Cluster demo: could not be found out\n/);
    const words = ["title=The cluster is not what is declared", "labels=baremetal-lb-drift", `description=${text}`];
    expect(machine.requests).toEqual([
      [...options, list],
      [...options, ...issue, "POST", ...words.flatMap((word) => ["--data-urlencode", word]), `${project5}/issues`],
    ]);
  }, 60_000);

  test.each(shells)(`${fault(193)}: brings the open one up to date (%s)`, async (...shell) => {
    on(open);
    machine.recorded("### Cluster demo: drifted\n", 2);
    expect((await run("drift", shell)).code).toBe(2);
    const text = `description=${machine.read("drift.md")}`;
    expect(machine.requests[1]).toEqual([
      ...[...options, ...issue, "PUT", "--data-urlencode", text, `${project5}/issues/12`],
    ]);
  });

  test.each(shells)(`${fault(193)}: closes it when all is as declared again (%s)`, async (...shell) => {
    on(open);
    machine.recorded("### Cluster demo: as declared\n", 0);
    expect((await run("drift", shell)).code).toBe(0);
    const note = `body=All is as declared again: ${predefined.CI_JOB_URL}`;
    expect(machine.requests.slice(1)).toEqual([
      [
        ...[...options, "--output", "note.json", "--request", "POST", "--data-urlencode", note],
        `${project5}/issues/12/notes`,
      ],
      [...options, ...issue, "PUT", "--data", "state_event=close", `${project5}/issues/12`],
    ]);
  });

  test(`${fault(193)}: does nothing where there is none, and all is as declared`, async () => {
    on(none);
    machine.recorded("### Cluster demo: as declared\n", 0);
    expect((await run("drift")).code).toBe(0);
    expect(machine.requests).toEqual([[...options, list]]);
  });
});

test(`${fault(191)}: what was merged is shown, and applied when somebody starts it, if it is still that`, async () => {
  await deployed("a");
  machine.fixture.stacks({ metallb: resource("b") });
  expect(await run("plan")).toEqual({
    code: 0,
    output: expect.stringContaining("terraform_data.one: input changes from a to b\n"),
  });
  const [, approved = ""] = /^FINGERPRINT=([0-9a-f]{64})\n$/.exec(machine.read("plan.env")) ?? [];
  machine.fixture.stacks({ metallb: resource("c") });
  expect(await run("apply", shells[0], { FINGERPRINT: approved })).toEqual({
    code: 1,
    output: expect.stringContaining("Nothing was applied: these are not the plans that were approved"),
  });
  machine.fixture.stacks({ metallb: resource("b") });
  expect(await run("apply", shells[0], { FINGERPRINT: approved })).toEqual({
    code: 0,
    output: expect.stringContaining("Applied: metallb\n"),
  });
  expect(job("apply")).toMatchObject({ environment: "production", rules: [{ when: "manual" }] });
}, 120_000);

test(`${fault(191)}: what cannot be planned is shown, and not offered for approval`, async () => {
  machine.fixture.stacks({ metallb: { configuration: { locals: { a: "${local.b}" } } } });
  expect(await run("plan")).toEqual({ code: 1, output: expect.stringContaining("could not be planned") });
  expect(machine.read("plan.env")).toBe("");
}, 60_000);
