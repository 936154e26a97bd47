import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { fault } from "../faults";

const folder = join(__dirname, "../../docs/ci");

type Variables = Readonly<Record<string, string>>;
interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly env?: Variables; readonly steps: readonly { readonly env?: Variables }[] }>
  >;
}

const workflows = readdirSync(folder)
  .filter((name) => name.endsWith(".yml"))
  .map((name) => ({ name, workflow: parse(readFileSync(join(folder, name), "utf8")) as Workflow }));

/** The variables of all jobs and steps. */
const variablesOf = ({ jobs }: Workflow): Variables =>
  Object.assign({}, ...Object.values(jobs).flatMap(({ env, steps }) => [env, ...steps.map((step) => step.env)]));

test.each(workflows)(`${fault(150)}: $name gives Terraform no secret that it would send`, ({ workflow }) => {
  expect(Object.keys(variablesOf(workflow)).filter((name) => name.startsWith("TF_VAR_"))).toEqual([]);
});

test.each(workflows)(`${fault(153)}: $name lets nobody wait for an answer`, ({ workflow }) => {
  expect(variablesOf(workflow).TF_INPUT).toBe("0");
});
