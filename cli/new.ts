import { relative } from "node:path";
import { Command, Option } from "commander";
import { type NewOptions, newRepository, platforms } from "../day-two/new/new-repository";
import { userMessage } from "../values/user-error";
import { examplesText } from "./examples";
import { exitCodes } from "./exit-codes";

export function newCommand(): Command {
  return new Command("new")
    .description(
      "Make a repository of your own, with this project as a dependency: package.json, cdktf.json, README.md and " +
        ".gitignore. Overwrites nothing, and contacts nothing. Exit code: 0 written, 1 an error.",
    )
    .argument("<folder>", "one that is empty, or is not there yet")
    .addOption(new Option("--ci <platform>", "also write the workflows of docs/ci").choices(platforms))
    .option("--example", "also write cluster.yaml, as the example to edit (default: init writes it)")
    .option(
      "--package <tarball or version>",
      "where npm gets this project from: a tarball, which is copied into the folder, or what package.json may say " +
        "(default: this version)",
    )
    .addHelpText(
      "after",
      examplesText({
        "npx baremetal-lb new search": "a folder whose cluster.yaml init is to write",
        "npx baremetal-lb new search --ci github --example": "with workflows, and a cluster.yaml to edit",
      }),
    )
    .action((folder: string, options: NewOptions) => {
      try {
        const files = newRepository(folder, options);
        process.stdout.write(`${folder} is made: ${files.join(", ")}.\n\nNext:\n${nextCommands(folder, options)}`);
      } catch (error) {
        process.stderr.write(`${userMessage(error)}\n`);
        process.exitCode = exitCodes.failed;
      }
    });
}

function nextCommands(folder: string, { example }: NewOptions): string {
  const isHere = relative(process.cwd(), folder) === "";
  const words = [...(isHere ? [] : [`cd ${folder}`]), "npm install", `npx baremetal-lb ${example ? "check" : "init"}`];
  return words.map((line) => `  ${line}\n`).join("");
}
