import { writeFileSync } from "node:fs";
import { InvalidArgumentError, Option } from "commander";
import { systemProblem } from "../values/user-error";
import { type ClusterContext, type ClusterOptions, configurationOf, onCluster } from "./cluster-command";

/** The option of commands whose answer is published where Markdown is read. */
export const markdownOption = (where: string) =>
  new Option(
    "--markdown <file>",
    `also write the answer to a file, as the text of ${where}; also where it is an error`,
  ).argParser(emptied);

/** A file that can be written, and has nothing of an answer before, whatever comes. */
function emptied(path: string): string {
  try {
    writeFileSync(path, "");
    return path;
  } catch (error) {
    throw new InvalidArgumentError(`${systemProblem("It cannot be written", error).message}.`);
  }
}

/**
 * The first line of what a command writes for others to publish: a comment that nobody sees, by which the text of the same
 * command for the same configuration is found again.
 */
const marker = (command: string, configuration: string): string =>
  // Two hyphens would end an HTML comment.
  `<!-- baremetal-lb ${command} ${configuration.replaceAll("--", "-")} -->`;

const longestError = 2000;

export interface MarkdownOptions extends ClusterOptions {
  readonly markdown?: string;
}

/** What a command's answers are called where others publish them. */
interface Published {
  readonly command: string;
  /** What is said of a failure: "it could not be planned". */
  readonly failure: string;
}

/**
 * Does a command's work as onCluster does, and writes its answer, or why there is none, as Markdown where --markdown says.
 * @param work is given the function that writes the answer.
 */
export function onClusterWithMarkdown(
  options: MarkdownOptions,
  { command, failure }: Published,
  work: (context: ClusterContext, write: (markdown: string) => void) => Promise<number>,
): Promise<void> {
  const file = configurationOf(options);
  const write = (text: string) => {
    if (options.markdown !== undefined) writeFileSync(options.markdown, `${marker(command, file)}\n${text}`);
  };
  const failed = (message: string) => write(failureMarkdown(`${file}: ${failure}`, message));
  // Whoever publishes it finds its place by the first line, also where this comes to no end.
  failed("The command ended before it had an answer. The job's log has more.");
  return onCluster(options, (context) => work(context, write), { failed });
}

/** Text as it is, in which nothing is a link, a mention or a tag; what is very long is cut. */
export function block(text: string): string {
  const longestRun = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longestRun + 1);
  return `${fence}text\n${text.trimEnd()}\n${fence}\n`;
}

/** An error message, of a length that people read. */
export const cutError = (message: string): string =>
  message.length > longestError ? `${message.slice(0, longestError)}…` : message;

/** What a command that could not begin its work has to say. */
const failureMarkdown = (title: string, message: string): string => `### ${title}\n\n${block(cutError(message))}`;
