import { type ChildProcess, execFile } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import type { Environment } from "../../values/environment";
import { errorCode } from "../../values/error-code";
import type { CloudApi } from "../cloud/cloud-api";
import { endedWithUs } from "../interruption";
import { saysText } from "./failure-text";
import { inOurWords } from "./known-errors";
import type { Stack } from "./stack";
import { diagnosesIn } from "./run-on-server";
import { type TerraformProgram, terraformProgram } from "../../stacks/shared/terraform-program";
import { oldestOf } from "../../stacks/shared/terraform-versions";
import { UserError } from "../../values/user-error";

/** How a run of Terraform ended. */
export interface TerraformRun {
  readonly code: number;
  readonly stdout: string;
  /** Both streams. */
  readonly output: string;
}

/** Shortest of the wordings with which Terraform and OpenTofu ask to be initialised. */
const wantsInit = /(terraform|tofu) init|Missing required provider|Required plugins are not installed/;

/** Of another pin than when the folder was made. */
const wantsUpgrade = /(terraform|tofu) init -upgrade/;

const initSeconds = 300;
const megabyte = 1024 * 1024;

export interface TerraformOptions {
  /** The server that runs Terraform for this. @default it runs here */
  readonly server?: string | undefined;
  /** The API of the server that has the state. @default it is not asked */
  readonly cloud?: CloudApi | undefined;
  /** Says something to the user meanwhile. @default nothing is said */
  readonly say?: (text: string) => void;
  /** How long a run may wait on a server before it is said. @default 20 */
  readonly patienceSeconds?: number;
  /** How long Terraform may take to end, once it was told to, before it is told again, and then killed. @default 30 */
  readonly graceSeconds?: number;
  /** Ends early whatever runs, as the clock does. @default nothing does */
  readonly signal?: AbortSignal;
}

/** Terraform in the folders of the stacks. */
export class Terraform {
  /** The server that runs Terraform for this; undefined where it runs here. */
  readonly server: string | undefined;
  readonly program: TerraformProgram;
  /** The API of the server that has the state; undefined where there is none, or where its token is Terraform's alone. */
  readonly cloud: CloudApi | undefined;
  readonly say: (text: string) => void;
  readonly patienceSeconds: number;
  private readonly graceSeconds: number;
  private readonly signal: AbortSignal | undefined;

  constructor(
    private readonly environment: Environment,
    { server, cloud, say = () => undefined, patienceSeconds = 20, graceSeconds = 30, signal }: TerraformOptions = {},
  ) {
    this.server = server;
    this.cloud = cloud;
    this.say = say;
    this.patienceSeconds = patienceSeconds;
    this.graceSeconds = graceSeconds;
    this.signal = signal;
    this.program = terraformProgram(environment);
  }

  /**
   * Runs Terraform in a stack's folder, initialised first if it asks for that.
   * @param listen is given what it prints, as it does.
   * @throws UserError where Terraform is missing or cannot be initialised; how the command ended is its caller's.
   */
  async run(
    stack: Stack,
    args: readonly string[],
    timeoutSeconds: number,
    listen?: (text: string) => void,
  ): Promise<TerraformRun> {
    const first = await this.once(stack, args, timeoutSeconds, listen);
    if (first.code !== 1 || !wantsInit.test(first.output)) return first;
    await this.initialise(stack);
    return this.once(stack, args, timeoutSeconds, listen);
  }

  /** The names of the variables that Terraform would send to a server. */
  get sent(): string[] {
    return Object.keys(this.environment).filter((name) => name.startsWith("TF_VAR_") && this.environment[name]);
  }

  private initialised: Promise<unknown> = Promise.resolve();

  /** One stack after the other: a shared plugin cache is not made for more. */
  private initialise(stack: Stack): Promise<unknown> {
    this.initialised = this.initialised
      .catch(() => undefined)
      .then(async () => {
        const init = ["init", "-input=false", "-no-color"];
        let { code, output } = await this.once(stack, init, initSeconds);
        // The stacks pin exact versions: there is nothing to choose.
        if (code !== 0 && wantsUpgrade.test(output)) {
          ({ code, output } = await this.once(stack, [...init, "-upgrade"], initSeconds));
        }
        if (code !== 0) throw new UserError(initFailure(this.program, stack, output));
      });
    return this.initialised;
  }

  private once(
    stack: Stack,
    args: readonly string[],
    timeoutSeconds: number,
    listen: (text: string) => void = () => undefined,
  ): Promise<TerraformRun> {
    const options = {
      cwd: stack.folder,
      // Nobody is asked: what is missing is an error.
      env: { ...this.environment, TF_INPUT: "0", TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" },
      maxBuffer: 512 * megabyte,
    };
    return new Promise((resolve, reject) => {
      const early = () => new UserError(endedEarly(this.program, stack.name, args));
      if (this.signal?.aborted) {
        reject(early());
        return;
      }
      const child = execFile(this.program.file, args, options, (error, stdout, stderr) => {
        const isLate = bound.ended();
        if (errorCode(error) === "ENOENT") reject(new UserError(missing(this.program)));
        else if (this.signal?.aborted) reject(early());
        else if (isLate) reject(new UserError(tooSlow(this.program, stack.name, args, timeoutSeconds)));
        else
          resolve({
            code: typeof error?.code === "number" ? error.code : error ? 1 : 0,
            stdout,
            output: stdout + stderr,
          });
      });
      // It asks whether to cancel a run when it is interrupted, whatever TF_INPUT says, and would wait for the answer.
      child.stdin?.end();
      child.stdout?.on("data", (data: string) => listen(data));
      endedWithUs(child);
      const bound = boundedBy(child, { seconds: timeoutSeconds, graceSeconds: this.graceSeconds, signal: this.signal });
    });
  }
}

interface Bound {
  readonly seconds: number;
  readonly graceSeconds: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Ends a program by the clock, or by a signal, whatever it waits for: at first as Terraform lets go of the state's lock, then as it ends at
 * once, then killed, and no longer waited for, though something that it started may hold its output open.
 */
function boundedBy(child: ChildProcess, { seconds, graceSeconds, signal }: Bound): { ended(): boolean } {
  const steps = [
    () => child.kill("SIGINT"),
    () => child.kill("SIGINT"),
    () => {
      child.kill("SIGKILL");
      child.stdout?.destroy();
      child.stderr?.destroy();
    },
  ];
  let isLate = false;
  const timersFrom = (first: number) =>
    steps.map((step, index) =>
      setTimeout(
        () => {
          isLate = true;
          step();
        },
        (first + index * graceSeconds) * 1000,
      ),
    );
  let timers = timersFrom(seconds);
  const endNow = () => {
    timers.forEach(clearTimeout);
    timers = timersFrom(0);
  };
  signal?.addEventListener("abort", endNow, { once: true });
  return {
    ended: () => {
      signal?.removeEventListener("abort", endNow);
      timers.forEach(clearTimeout);
      return isLate;
    },
  };
}

const missing = ({ file, product }: TerraformProgram) =>
  `${file} is not installed, or not in PATH: install ${product} ${oldestOf(product)} or later, or name another program in TERRAFORM_BINARY_NAME`;

const tooSlow = ({ command }: TerraformProgram, stack: string, args: readonly string[], seconds: number) =>
  `${command} ${args[0]} of the stack ${stack} did not end within ${seconds} s and was interrupted`;

const endedEarly = ({ command }: TerraformProgram, stack: string, args: readonly string[]) =>
  `${command} ${args[0]} of the stack ${stack} was interrupted before it had ended`;

function initFailure(program: TerraformProgram, stack: Stack, output: string): string {
  const head = `${program.command} init of the stack ${stack.name} failed`;
  // One for each provider says the same of each.
  const bySummary = new Map<string, string[]>();
  for (const { summary, detail } of diagnosesIn(output)) {
    bySummary.set(summary, [...(bySummary.get(summary) ?? []), detail]);
  }
  const diagnoses = [...bySummary].map(([summary, details]) => ({ summary, detail: details.join("\n") }));
  const { words, others } = inOurWords({ program, stack }, diagnoses);
  if (words.length === 0) return `${head}:\n${plain(output)}`;
  return `${head}: ${[...words, saysText(program), ...others].join("\n")}`;
}

/** Terraform's output without colours and the frame that it draws around errors. */
export function plain(output: string): string {
  return stripVTControlCharacters(output)
    .split("\n")
    .map((line) => line.replace(/^[│╷╵]\s?/, "").trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}
