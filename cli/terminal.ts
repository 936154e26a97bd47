import { createInterface } from "node:readline/promises";
import ora, { type Ora } from "ora";
import pc from "picocolors";
import { errorCode } from "../values/error-code";

/** Colours for words that say how something is; none where the output is no terminal (and with NO_COLOR). */
export const colours = pc.createColors(pc.isColorSupported && process.stdout.isTTY === true);

/** Silence before progress is shown, in milliseconds: a command that takes less says nothing of itself. */
const quietMilliseconds = 2000;

/**
 * Does work that may take long: after two seconds it is said on the error stream what goes on, once where that is no
 * terminal. Standard output is the command's answer alone.
 */
export async function withProgress<T>(what: string, work: () => Promise<T>): Promise<T> {
  let spinner: Ora | undefined;
  const timer = setTimeout(() => {
    if (!process.stderr.isTTY) process.stderr.write(`${what} …\n`);
    // Neither cursor nor input are touched: then no handler of a signal is needed, and Ctrl-C stays the command's own.
    else spinner = ora({ text: what, stream: process.stderr, hideCursor: false, discardStdin: false }).start();
  }, quietMilliseconds);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    spinner?.stop();
  }
}

/**
 * Asks a question that only one answer answers with yes. Where nobody can answer, the answer is no; so it is with Ctrl-C.
 * @param answer what is accepted. Default: yes
 * @param otherwise the option that answers it without a terminal. Default: --yes
 */
export async function confirmed(question: string, answer = "yes", otherwise = "--yes"): Promise<boolean> {
  if (!process.stdin.isTTY) {
    process.stderr.write(`${question} There is nobody to ask: run it in a terminal, or with ${otherwise}.\n`);
    return false;
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(`${question} Only '${answer}' is accepted: `)).trim() === answer;
  } catch (error) {
    // Ctrl-C, or Ctrl-D, in the place of an answer.
    if (errorCode(error) !== "ABORT_ERR") throw error;
    process.stderr.write("\n");
    return false;
  } finally {
    lines.close();
  }
}
