import { isMapping } from "../../cluster/schema-tree";
import { isChange, planJson, type ResourceChange } from "../../remote/terraform/plan";
import { stateJson } from "../../remote/terraform/state";
import { userMessage } from "../../values/user-error";
import type { Drift } from "../drift";
import type { ReportFile } from "./part";
import type { Redaction } from "./redaction";

/** What the plan of each stack would do, of those that could be made. Variables and the state as it was are left out. */
export async function planFiles({ terraform, plans, report }: Drift, redaction: Redaction): Promise<ReportFile[]> {
  return Promise.all(
    report.stacks.map(async ({ stack: name, error }): Promise<ReportFile> => {
      const file = `plans/${name}.json`;
      const plan = plans.find(({ stack }) => stack.name === name);
      if (plan === undefined) return { name: file, problem: `there is no plan: ${error ?? "see drift.txt"}` };
      return ofTerraform(file, async () => shownPlan((await planJson(terraform, plan)) as PlanOfTerraform, redaction));
    }),
  );
}

/** The state of each stack, which is not locked for it. */
export const stateFiles = ({ terraform, stacks }: Drift, redaction: Redaction): Promise<ReportFile[]> =>
  Promise.all(
    stacks.map((stack) =>
      ofTerraform(`states/${stack.name}.json`, async () =>
        shownState((await stateJson(terraform, stack)) as StateOfTerraform, redaction),
      ),
    ),
  );

async function ofTerraform(name: string, show: () => Promise<unknown>): Promise<ReportFile> {
  try {
    return { name, content: { json: await show() } };
  } catch (error) {
    return { name, problem: userMessage(error) };
  }
}

interface PlanOfTerraform {
  readonly format_version?: string;
  readonly terraform_version?: string;
  readonly errored?: boolean;
  readonly resource_changes?: readonly ResourceChange[];
  readonly resource_drift?: readonly ResourceChange[];
  readonly output_changes?: Readonly<Record<string, ResourceChange["change"]>>;
}

/** Whatever else a plan has may be secret, such as the values of variables, which it does not mark. */
function shownPlan(plan: PlanOfTerraform, redaction: Redaction): unknown {
  const {
    format_version,
    terraform_version,
    errored,
    resource_changes = [],
    resource_drift = [],
    output_changes = {},
  } = plan;
  const resource = ({ change, address, type, name, action_reason }: ResourceChange) => ({
    address,
    type,
    name,
    action_reason,
    change: shownChange(change, redaction, secretAttributes(type)),
  });
  return {
    format_version,
    terraform_version,
    errored,
    resource_changes: resource_changes.filter(isChange).map(resource),
    resource_drift: resource_drift.map(resource),
    output_changes: Object.fromEntries(
      Object.entries(output_changes).map(([name, change]) => [name, shownChange(change, redaction)]),
    ),
  };
}

/** An import's id may be a secret itself, as that of a generated password is. */
function shownChange(change: ResourceChange["change"], redaction: Redaction, secret: Marks = {}): unknown {
  const { actions, before, after, before_sensitive, after_sensitive, after_unknown, importing } = change;
  return {
    actions,
    before: redaction.data(before, both(before_sensitive, secret)),
    after: redaction.data(after, both(after_sensitive, secret)),
    after_unknown,
    ...(importing !== undefined && { importing: true }),
  };
}

interface StateModule {
  readonly resources?: readonly (Readonly<Record<string, unknown>> & {
    readonly type: string;
    readonly values?: unknown;
    readonly sensitive_values?: unknown;
  })[];
}

interface StateOfTerraform {
  readonly format_version?: string;
  readonly terraform_version?: string;
  readonly values?: {
    readonly outputs?: Readonly<Record<string, { readonly sensitive?: boolean; readonly value?: unknown }>>;
    readonly root_module?: StateModule;
  };
}

function shownState({ format_version, terraform_version, values }: StateOfTerraform, redaction: Redaction): unknown {
  const resources = (values?.root_module?.resources ?? []).map(({ values: found, sensitive_values, ...resource }) => ({
    ...resource,
    values: redaction.data(found, both(sensitive_values, secretAttributes(resource.type))),
  }));
  const outputs = Object.entries(values?.outputs ?? {}).map(([name, { value, sensitive }]) => [
    name,
    redaction.data(value, sensitive === true),
  ]);
  return { format_version, terraform_version, outputs: Object.fromEntries(outputs) as unknown, resources };
}

type Marks = Readonly<Record<string, unknown>>;

/** What of a Secret is secret, whether or not the program marks what the provider says of it. */
const secretAttributes = (type: string): Marks =>
  /^kubernetes_secret/.test(type) ? { data: true, binary_data: true, data_wo: true } : {};

const both = (marks: unknown, more: Marks): unknown => (isMapping(marks) ? { ...marks, ...more } : marks || more);
