import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { fault } from "../faults";

const folder = join(__dirname, "../../docs/ci");

type Variables = Readonly<Record<string, string>>;

const workflows = readdirSync(folder)
  .filter((name) => name.endsWith(".yml"))
  .map((name) => ({ name, workflow: parse(readFileSync(join(folder, name), "utf8")) as unknown }));

/** The variables of the whole, of all jobs and of their steps: `env` for GitHub, `variables` for GitLab. */
function variablesOf(part: unknown): Variables {
  if (typeof part !== "object" || part === null) return {};
  const { env = {}, variables = {} } = part as { readonly env?: Variables; readonly variables?: Variables };
  return Object.assign({}, ...Object.values(part).map(variablesOf), env, variables) as Variables;
}

test.each(workflows)(`${fault(150)}: $name gives Terraform no secret that it would send`, ({ workflow }) => {
  const names = Object.keys(variablesOf(workflow));
  expect(names).toContain("BAREMETAL_LB_SSH_PRIVATE_KEY");
  expect(names.filter((name) => name.startsWith("TF_VAR_"))).toEqual([]);
});

test.each(workflows)(`${fault(153)}: $name lets nobody wait for an answer`, ({ workflow }) => {
  expect(variablesOf(workflow).TF_INPUT).toBe("0");
});
