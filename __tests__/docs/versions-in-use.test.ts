import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parse } from "yaml";
import { engines } from "../../package.json";
import { oldestTerraform, oldestWriteOnlyTerraform } from "../../stacks/shared/terraform-versions";
import { isSince } from "../../values/versions";
import { project } from "./markdown";

// Where people and machines get their tools from: one version of each, wherever it is written.
const read = (path: string): string => readFileSync(join(project, path), "utf8");
const workflowsIn = (folder: string): string[] =>
  readdirSync(join(project, folder))
    .filter((name) => name.endsWith(".yml") && name !== gitlab)
    .map((name) => `${folder}/${name}`);
/** The one that takes the newest of all. */
const newest = ".github/workflows/newest.yml";
const gitlab = "gitlab-ci.yml";
const workflows = [...workflowsIn(".github/workflows"), ...workflowsIn("docs/ci")];

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
const stepsOf = (path: string): Step[] => {
  const { jobs } = parse(read(path)) as { jobs: Readonly<Record<string, { steps: Step[] }>> };
  return Object.values(jobs).flatMap(({ steps }) => steps);
};
const steps = workflows.flatMap(stepsOf);
const pinned = workflows.filter((path) => path !== newest).flatMap(stepsOf);
const given = (name: string, of = pinned): string[] => [
  ...new Set(of.flatMap((step) => (step.with?.[name] === undefined ? [] : [String(step.with[name])]))),
];

const node = /^>=(\d+)\./.exec(engines.node)?.[1];
const dockerfile = read(".devcontainer/Dockerfile");

test("Node.js is the oldest that is supported: .nvmrc, workflows, dev container; the tests run on all that README names", () => {
  expect(node).toBeDefined();
  expect(read(".nvmrc")).toBe(`${node}\n`);
  expect(given("node-version").sort()).toEqual(["${{ matrix.node }}", node]);
  const { jobs } = parse(read(".github/workflows/test.yml")) as { jobs: { test: { strategy: { matrix: object } } } };
  const named = /Node\.js (\d+\.\d+ and later, tested on [^|]*\d)/.exec(read("README.md"))?.[1];
  expect(jobs.test.strategy.matrix).toEqual({ node: [20, 22, 24] });
  expect(named).toBe("20.19 and later, tested on 20, 22 and 24");
  expect(dockerfile).toContain(`\nFROM node:${node}-`);
  expect(read(`docs/ci/${gitlab}`)).toContain(`with Node.js ${node}, `);
});

test("Terraform is the same in workflows and in the dev container", () => {
  const [version, ...others] = given("terraform_version");
  expect(others).toEqual(["${{ matrix.terraform }}"]);
  expect(dockerfile).toContain(`\nFROM hashicorp/terraform:${version} `);
  expect(read(`docs/ci/${gitlab}`)).toContain(`, Terraform ${version} `);
});

test("the stacks are tried in the oldest Terraform that they take, a newer one, and OpenTofu beside the usual one", () => {
  const { jobs } = parse(read(".github/workflows/test.yml")) as {
    jobs: { programs: { strategy: { matrix: { include: { program: string; terraform: string }[] } } } };
  };
  const tried = jobs.programs.strategy.matrix.include;
  expect(tried.map(({ program }) => program)).toEqual(["terraform", "terraform", "tofu"]);
  const [oldest = "", newer = "", beside] = tried.map(({ terraform }) => terraform);
  expect(oldest.startsWith(oldestTerraform.replace(/0$/, ""))).toBe(true);
  expect(isSince(newer, oldestWriteOnlyTerraform)).toBe(true);
  expect(beside).toBe(given("terraform_version")[0]);
});

test("the weekly workflow has the newest of each tool, on the newest Node.js and the oldest", () => {
  const { jobs } = parse(read(newest)) as { jobs: { newest: { strategy: { matrix: object } } } };
  expect(jobs.newest.strategy.matrix).toEqual({ node: [Number(node), "latest"] });
  const taken = ["node-version", "terraform_version", "go-version"].map((name) => given(name, stepsOf(newest)));
  expect(taken).toEqual([["${{ matrix.node }}"], ["latest"], ["stable"]]);
});

test("Go in the dev container is the one that README asks for", () => {
  const wanted = /Go (\d+\.\d+)\+/.exec(read("README.md"))?.[1];
  expect(dockerfile).toContain(`\nFROM golang:${wanted}-`);
});

test("every workflow uses an action by the same commit", () => {
  const used = new Map<string, Set<string>>();
  for (const { uses } of steps) {
    const [action = "", commit = ""] = uses?.split("@") ?? [];
    if (action !== "") used.set(action, (used.get(action) ?? new Set()).add(commit));
  }
  expect(used.size).toBeGreaterThan(2);
  for (const [action, commits] of used) {
    expect([action, [...commits]]).toEqual([action, [expect.stringMatching(/^[0-9a-f]{40}$/)]]);
  }
});

test("cdktf's CLI has a terminal that every Node.js loads: an addon of the stable ABI, not one that ends at Node.js 22", () => {
  const terminal = "@cdktf/node-pty-prebuilt-multiarch";
  const { name } = JSON.parse(read(`node_modules/${terminal}/package.json`)) as { name: string };
  expect(name).toBe("@lydell/node-pty");
  const fromCli = createRequire(join(project, "node_modules/cdktf-cli/bundle/bin/cmds/handlers.js"));
  expect(fromCli(terminal)).toHaveProperty("spawn");
});
