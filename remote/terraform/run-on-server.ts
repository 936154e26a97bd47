import { stripVTControlCharacters } from "node:util";

/** A run of a server that has Terraform's cloud API. */
export interface ServerRun {
  readonly id: string;
  readonly hostname: string;
  /** Its page, where people look at it, apply and discard it. */
  readonly url: string;
}

/** The run whose address Terraform prints (runHeader in its internal/cloud); undefined where it ran by itself. */
export function serverRunIn(output: string): ServerRun | undefined {
  const found = /https:\/\/([^/\s]+)\/app\/\S+\/runs\/(run-\w+)/.exec(output);
  return found === null ? undefined : { url: found[0], hostname: found[1] ?? "", id: found[2] ?? "" };
}

/**
 * The file by which Terraform finds a run again (internal/cloud/cloudplan/saved_plan.go). It writes one for a plan that is
 * kept; `terraform show` takes one of a speculative plan as well.
 */
export const bookmark = ({ id, hostname }: ServerRun): string =>
  JSON.stringify({ remote_plan_format: 1, run_id: id, hostname });

/** An error of Terraform. */
export interface Diagnosis {
  readonly summary: string;
  readonly detail: string;
}

/** The errors in what Terraform prints for people, of which the lines are at most 78 characters long. */
export function diagnosesIn(output: string): Diagnosis[] {
  const blocks: string[][] = [];
  let block: { readonly lines: string[]; readonly isFramed: boolean } | undefined;
  for (const { text, isFramed } of linesOf(output)) {
    if (text.startsWith("Error: ")) {
      block = { lines: [text.slice("Error: ".length)], isFramed };
      blocks.push(block.lines);
    } else if (/^(╵|Warning: |Operation failed: )/.test(text)) block = undefined;
    // A server may write its two streams into each other: what has no frame is not of an error that has one.
    else if (block !== undefined && (isFramed || !block.isFramed)) block.lines.push(text);
  }
  const found = blocks.map((lines) => {
    const [summary = [], ...paragraphs] = paragraphsOf(lines);
    const detail = paragraphs.filter(([first = ""]) => !/^ +(on|with) /.test(first));
    return { summary: unwrapped(summary), detail: detail.map(unwrapped).join("\n") };
  });
  // Some servers say all of it once more, in one line, behind an "Error:" of their own.
  const repeats = ({ summary }: Diagnosis) => found.some((other) => summary.includes(`Error: ${other.summary}`));
  return found.filter((diagnosis) => !repeats(diagnosis));
}

/**
 * The last lines of an output in which nothing says what is wrong.
 * @param framed whether what stands in a frame is of it: if it is no error it is a warning. @default true
 */
export const endOf = (output: string, { framed = true }: { readonly framed?: boolean } = {}): string =>
  linesOf(output)
    .filter(({ isFramed }) => framed || !isFramed)
    .map(({ text }) => text)
    .filter((line) => framed || !line.startsWith("There are some problems with the CLI configuration"))
    .filter((line) => line.trim() !== "")
    .slice(-4)
    .join(" ");

interface OutputLine {
  /** Without colours and the frame that Terraform draws around an error. */
  readonly text: string;
  readonly isFramed: boolean;
}

const linesOf = (output: string): OutputLine[] =>
  stripVTControlCharacters(output)
    .split("\n")
    .map((line) => ({ text: line.replace(/^[│╷] ?/, "").trimEnd(), isFramed: /^[│╷╵]/.test(line) }));

function paragraphsOf(lines: readonly string[]): string[][] {
  const paragraphs: string[][] = [[]];
  for (const line of lines) {
    if (line === "") paragraphs.push([]);
    else paragraphs.at(-1)?.push(line);
  }
  return paragraphs.filter((paragraph) => paragraph.length > 0);
}

/** Lines of a sentence in one; indented ones stay, as Terraform does not break them either. */
function unwrapped(lines: readonly string[]): string {
  const isIndented = (line: string | undefined) => line?.startsWith(" ") === true;
  return lines.reduce((text, line, index) =>
    index === 0 ? line : text + (isIndented(line) || isIndented(lines[index - 1]) ? "\n" : " ") + line,
  );
}
