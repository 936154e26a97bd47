import { Argument, Command } from "commander";
import { bashCompletion } from "./completion/bash";
import { fishCompletion } from "./completion/fish";
import { type CompletedCommand, commandTree } from "./completion/tree";
import { zshCompletion } from "./completion/zsh";
import { examplesText } from "./examples";

type Shell = "bash" | "zsh" | "fish";

// A script that knows it all: to start the program for each press of a key would take a second.
const scripts: Readonly<Record<Shell, (tree: readonly CompletedCommand[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

export function completionCommand(): Command {
  return new Command("completion")
    .description(
      "Print a script by which a shell completes the commands, options and files of this program, also behind npx. Exit code: 0.",
    )
    .addArgument(new Argument("<shell>", "which shell is to read it").choices(Object.keys(scripts)))
    .addHelpText(
      "after",
      examplesText({
        "source <(npx baremetal-lb completion bash)": "in ~/.bashrc; zsh in ~/.zshrc, behind compinit",
        "npx baremetal-lb completion fish | source": "in ~/.config/fish/config.fish",
      }),
    )
    .action((shell: Shell, _options: unknown, command: Command) => {
      const { parent } = command;
      if (parent !== null) process.stdout.write(scripts[shell](commandTree(parent)));
    });
}
