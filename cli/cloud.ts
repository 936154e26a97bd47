import { Command, Option } from "commander";
import { findCloud, nothingFound } from "../day-two/cloud-setup/found";
import { planSetup, printedCalls, type SetupPlan, setUp } from "../day-two/cloud-setup/steps";
import { wantedCloud, type WantedCloud } from "../day-two/cloud-setup/wanted";
import { CloudApi } from "../remote/cloud/cloud-api";
import { tokenFor } from "../remote/cloud/token";
import { terraformVersion } from "../remote/terraform/version";
import { mistakeIn, ownName, type SensitiveVariable } from "../stacks/shared/sensitive-variables";
import type { Environment } from "../values/environment";
import { UserError } from "../values/user-error";
import { type ClusterContext, type ClusterOptions, clusterCommand, onCluster, printJson } from "./cluster-command";
import { examplesText } from "./examples";
import { exitCodes } from "./exit-codes";
import { confirmed, say, withProgress } from "./terminal";

interface SetupOptions extends ClusterOptions {
  readonly yes?: boolean;
  readonly print?: boolean;
  readonly renewVariables?: boolean;
  readonly runTriggers?: boolean;
  readonly terraformVersion?: string;
}

export function cloudCommand(): Command {
  const command = new Command("cloud")
    .description("What belongs to state.backend: cloud, on HCP Terraform or Terraform Enterprise.")
    .helpCommand(false)
    .addHelpText(
      "after",
      examplesText({ "npx baremetal-lb cloud setup --print": "the API calls, without asking the server" }),
    );
  return command.addCommand(setupCommand().copyInheritedSettings(command));
}

function setupCommand(): Command {
  return clusterCommand(
    "setup",
    "Make the workspaces of the stacks, or bring them to what the configuration says: project, tags, execution mode, " +
      "agent pool, Terraform version, one variable set for the sensitive variables, and if told to run triggers in " +
      "the order of the stacks. Shows what it will do and asks first; deletes nothing. Exit code: 0 it is so, 1 an error, 2 the answer was no.",
  )
    .option("-y, --yes", "do not ask, as in CI")
    .option("--print", "only print the API calls that make all of it from nothing, without asking the server")
    .option("--renew-variables", "set variables that are there already anew, too")
    .option(
      "--run-triggers",
      "have each apply of a stack trigger a run of the next one, where cdktf does not deploy them",
    )
    .addOption(new Option("--terraform-version <version>", "the workspaces' Terraform (default: that on this machine)"))
    .addHelpText(
      "after",
      examplesText({
        "npx baremetal-lb cloud setup": "shows what it would do, and asks",
        "npx baremetal-lb cloud setup --print": "the API calls, for those who make them themselves",
      }),
    )
    .action((options: SetupOptions) => onCluster(options, (context) => setup(context, options)));
}

async function setup({ config, project, home }: ClusterContext, options: SetupOptions): Promise<number> {
  const { environment } = project;
  const triggers = options.runTriggers;
  const version =
    options.terraformVersion ??
    (await withProgress("asking Terraform for its version", () => terraformVersion(environment)));
  const wanted = wantedCloud(config, version);
  if (options.print) {
    process.stdout.write(printedCalls(planSetup(wanted, nothingFound, { triggers })));
    return exitCodes.ok;
  }
  const token = tokenFor(wanted.hostname, { environment, home });
  if (token === undefined) {
    throw new UserError(
      `only Terraform can get the token for ${wanted.hostname}, from its credentials helper: export it as TF_TOKEN_…, or take the calls of --print`,
    );
  }
  const api = new CloudApi({ hostname: wanted.hostname, token, environment });
  const found = await withProgress(`asking ${wanted.hostname}`, () => findCloud(api, wanted));
  const plan = planSetup(wanted, found, { renew: options.renewVariables, triggers });
  if (options.json) printJson({ steps: plan.steps.map(({ says }) => says), notes: plan.notes });
  else process.stdout.write(planText(wanted, plan));
  if (plan.steps.length === 0) return exitCodes.ok;
  const values = secretsFor(plan, environment);
  if (!options.yes && !(await confirmed("Do this?"))) return exitCodes.drifted;
  await withProgress("setting it up", () =>
    setUp(api, plan, {
      secret: (variable) => values.get(variable) ?? "",
      done: (says) => say(`done: ${says}\n`),
    }),
  );
  return exitCodes.ok;
}

function planText({ organization, hostname }: WantedCloud, { steps, notes }: SetupPlan): string {
  const head =
    steps.length === 0
      ? `Everything in ${organization} on ${hostname} is as the configuration says.`
      : `In ${organization} on ${hostname} (${steps.length}):`;
  return [head, ...steps.map(({ says }) => `  ${says}`), ...notes].map((line) => `${line}\n`).join("");
}

/** The values of the variables that a plan sets. @throws UserError with each that is missing or of another form. */
function secretsFor({ steps }: SetupPlan, environment: Environment): Map<SensitiveVariable, string> {
  const values = new Map<SensitiveVariable, string>();
  const problems: string[] = [];
  const secret = (variable: SensitiveVariable) => {
    const value = environment[ownName(variable)] ?? "";
    const mistake = mistakeIn(variable, value);
    if (mistake === undefined) values.set(variable, value);
    else problems.push(mistake.message);
    return value;
  };
  for (const { change } of steps) change({ id: () => "", secret });
  if (problems.length > 0) throw new UserError(problems.join("\n"));
  return values;
}
