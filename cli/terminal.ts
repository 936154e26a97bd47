import { createInterface } from "node:readline/promises";
import type { WriteStream } from "node:tty";
import isInteractive from "is-interactive";
import ora, { type Ora } from "ora";
import pc from "picocolors";
import { errorCode } from "../values/error-code";

/** Colours for words that say how something is; none where the output is no terminal (and with NO_COLOR). */
export const colours = pc.createColors(pc.isColorSupported && process.stdout.isTTY === true);

/**
 * Whether what stands on a stream can be drawn anew. Not on a terminal that can do nothing but print, and not where the
 * variable CI is set: some CI runners lend their jobs a terminal, and keep a log of it.
 */
export const isRedrawable = (stream: WriteStream): boolean => isInteractive({ stream });

/** Silence before progress is shown, in milliseconds: a command that takes less says nothing of itself. */
const quietMilliseconds = 2000;
/** How often it is said anew how long it has taken, in seconds: on a terminal, and where a log grows by it. */
const renewalSeconds = { terminal: 1, log: 60 };

/** What turns on the terminal at this moment. */
let shown: Ora | undefined;

/**
 * Says on the error stream what goes on, once that takes longer than two seconds, and for how long it has: on a terminal
 * until the function that it gives is called, elsewhere in a line, and another one each minute. Standard output is the
 * command's answer alone.
 */
export function startProgress(what: string): () => void {
  const begun = Date.now();
  const elapsed = () => elapsedText((Date.now() - begun) / 1000);
  let spinner: Ora | undefined;
  let renewal: NodeJS.Timeout | undefined;
  const quiet = setTimeout(() => {
    if (isRedrawable(process.stderr)) {
      const text = () => `${what} (${elapsed()})`;
      // Neither cursor nor input are touched: then no handler of a signal is needed, and Ctrl-C stays the command's own.
      const turning = ora({ text: text(), stream: process.stderr, hideCursor: false, discardStdin: false }).start();
      spinner = turning;
      shown = turning;
      renewal = setInterval(() => void (turning.text = text()), renewalSeconds.terminal * 1000);
    } else {
      process.stderr.write(`${what} …\n`);
      renewal = setInterval(() => void process.stderr.write(`${what} (${elapsed()}) …\n`), renewalSeconds.log * 1000);
    }
  }, quietMilliseconds);
  return () => {
    clearTimeout(quiet);
    clearInterval(renewal);
    spinner?.stop();
    if (shown === spinner) shown = undefined;
  };
}

/** Does work that may take long, and says so meanwhile. */
export async function withProgress<T>(what: string, work: () => Promise<T>): Promise<T> {
  const stop = startProgress(what);
  try {
    return await work();
  } finally {
    stop();
  }
}

/** Says something on the error stream, also while progress is shown. */
export function say(text: string): void {
  // It draws itself anew below.
  shown?.clear();
  process.stderr.write(text);
}

/** "12 s", "3 min 5 s" */
export function elapsedText(seconds: number): string {
  const [minutes, rest] = [Math.floor(seconds / 60), Math.floor(seconds % 60)];
  return minutes === 0 ? `${rest} s` : `${minutes} min ${rest} s`;
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
