import { readFileSync } from "node:fs";
import { Command } from "commander";
import { readCluster } from "../cluster/read";
import { type PlannedMove, type StateMove, withStateMove } from "../day-two/state/move";
import type { ClusterState } from "../stacks/shared/state-block";
import { ConfigurationError, isError } from "../values/problem";
import { systemProblem, UserError } from "../values/user-error";
import { type ClusterOptions, clusterCommand, onCluster, printJson } from "./cluster-command";
import { examplesText } from "./examples";
import { exitCodes } from "./exit-codes";
import { confirmed, startProgress, withProgress } from "./terminal";

interface MoveCommandOptions extends ClusterOptions {
  readonly from?: string;
  readonly yes?: boolean;
}

export function stateCommand(): Command {
  const command = new Command("state")
    .description("Where Terraform keeps its state.")
    .helpCommand(false)
    .addHelpText("after", examplesText({ "npx baremetal-lb state move --from old.yaml": "from where old.yaml says" }));
  return command.addCommand(moveCommand().copyInheritedSettings(command));
}

function moveCommand(): Command {
  return clusterCommand(
    "move",
    "Move the states of all stacks to where the configuration says, from where they were: copies each, compares it, and " +
      "leaves an empty one that says where it went. Keeps a copy of each. Can be ended and run again at any moment. Shows " +
      "what it will do and asks first. Exit code: 0 they are there; 1 an error; 2 the answer was no.",
  )
    .option("--from <file>", "the configuration as it was, of which name and state are read (default: local states)")
    .option("-y, --yes", "do not ask, as in CI")
    .addHelpText(
      "after",
      examplesText({
        "npx baremetal-lb state move": "from local states to where cluster.yaml says",
        "npx baremetal-lb state move --from old.yaml": "from where old.yaml says",
      }),
    )
    .action((options: MoveCommandOptions) =>
      onCluster(options, ({ config, project }) => {
        const from = formerPlace(options.from, config);
        const stop = startProgress("reading the states at both places");
        return withStateMove({ from, config, project, now: new Date() }, (planned) => {
          stop();
          return move(planned, options);
        }).finally(stop);
      }),
    );
}

/** @throws UserError where it is another cluster's, or not told. */
function formerPlace(file: string | undefined, { name, state }: ClusterState): ClusterState {
  if (file === undefined) {
    if (state.backend !== "local") return { name, state: { backend: "local" } };
    throw new UserError(
      "state.backend is local: name the configuration as it was, which says where the states are, with --from, such as of git show HEAD~1:cluster.yaml >old.yaml",
    );
  }
  const { config, problems } = readCluster(textOf(file), file);
  if (config === undefined) throw new ConfigurationError(problems.filter(isError));
  if (config.name === name) return config;
  throw new UserError(`${file} is of the cluster ${config.name}, and not of ${name}, whose states are to be moved`);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw systemProblem(`${file} cannot be read`, error);
  }
}

async function move({ moves, backup, move }: PlannedMove, options: MoveCommandOptions): Promise<number> {
  const say = (text: string) => process.stderr.write(text);
  const toMove = moves.filter(({ step }) => step !== "nothing");
  say(moves.map((one) => `${moveText(one)}\n`).join(""));
  if (moves.every(({ step, resources }) => step === "nothing" && resources === 0)) {
    throw new UserError("there is nothing at either place: is it the configuration as it was that --from names?");
  }
  const ask = "Nobody may deploy meanwhile. Move them?";
  if (toMove.length > 0 && !options.yes && !(await confirmed(ask))) return exitCodes.drifted;
  for (const one of toMove) {
    await withProgress(`moving the state of ${one.stack}`, () => move(one));
    say(`${one.stack}: moved\n`);
  }
  if (options.json) printJson({ moved: toMove, backup: toMove.length === 0 ? null : backup });
  else if (toMove.length > 0) process.stdout.write(afterwards(backup));
  return exitCodes.ok;
}

function moveText({ stack, from, to, resources, step }: StateMove): string {
  const size = `${resources} ${resources === 1 ? "resource" : "resources"}`;
  switch (step) {
    case "nothing":
      return resources === 0 ? `${stack}: not deployed` : `${stack}: ${size}, in ${to} already`;
    case "empty":
      return `${stack}: ${size}, in ${to} already, to be emptied in ${from}`;
    case "copy":
      return `${stack}: ${size}, from ${from} to ${to}`;
  }
}

const afterwards = (backup: string): string =>
  `Moved. The states as they were are in ${backup}: they hold secrets, remove them once all is well.
That nothing changes by it is said by: npx baremetal-lb drift
`;
