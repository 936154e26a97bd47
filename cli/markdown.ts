import { Option } from "commander";

/** The option of commands whose answer is published where Markdown is read. */
export const markdownOption = (where: string) =>
  new Option(
    "--markdown <file>",
    `also write the answer to a file, as the text of ${where}; also where it is an error`,
  );

/**
 * The first line of what a command writes for others to publish: a comment that nobody sees, by which the text of the same
 * command for the same configuration is found again.
 */
export const marker = (command: string, configuration: string): string =>
  // Two hyphens would end an HTML comment.
  `<!-- baremetal-lb ${command} ${configuration.replaceAll("--", "-")} -->`;

const longestError = 2000;

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
export const failureMarkdown = (title: string, message: string): string =>
  `### ${title}\n\n${block(cutError(message))}`;
