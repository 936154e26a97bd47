import { Command } from "commander";
import packageJson from "../package.json";
import { adoptCommand } from "./adopt";
import { applyCommand } from "./apply";
import { checkCommand } from "./check";
import { cloudCommand } from "./cloud";
import { completionCommand } from "./completion";
import { diffCommand } from "./diff";
import { driftCommand } from "./drift";
import { examplesText } from "./examples";
import { explainCommand } from "./explain";
import { healCommand } from "./heal";
import { initCommand } from "./init";
import { manifestCommand } from "./manifest";
import { newCommand } from "./new";
import { rbacCommand } from "./rbac";
import { reportCommand } from "./report";
import { stateCommand } from "./state";
import { statusCommand } from "./status";
import { trustCommand } from "./trust";
import { upgradeCommand } from "./upgrade";
import { verifyCommand } from "./verify";

/** The command baremetal-lb. Each subcommand is a file of its own beside this one. */
export function program(): Command {
  const command = new Command("baremetal-lb")
    .description("LoadBalancer Services for bare-metal Kubernetes: the commands beside cdktf's own.")
    .version(packageJson.version)
    .helpCommand(false)
    .showHelpAfterError("(run it with --help to see what it takes)")
    .addHelpText(
      "after",
      examplesText({
        "npx baremetal-lb check": "what is wrong with cluster.yaml, or what it would build",
        "npx baremetal-lb explain default/web": "why a Service does not answer; --help of a command has more",
      }),
    );
  const subcommands = [
    newCommand(),
    initCommand(),
    checkCommand(),
    trustCommand(),
    manifestCommand(),
    diffCommand(),
    applyCommand(),
    driftCommand(),
    healCommand(),
    verifyCommand(),
    statusCommand(),
    explainCommand(),
    reportCommand(),
    adoptCommand(),
    upgradeCommand(),
    stateCommand(),
    rbacCommand(),
    cloudCommand(),
    completionCommand(),
  ];
  for (const subcommand of subcommands) command.addCommand(subcommand.copyInheritedSettings(command));
  return command;
}
