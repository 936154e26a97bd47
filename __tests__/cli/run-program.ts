import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { bundleOf, type entryPoints, withoutProgress } from "../programs";

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What stands behind what a run printed. */
const end = "\u0004the run has ended\u0004";

type Program = keyof typeof entryPoints;

/** A process in which a program runs, one run after the other. */
class Server {
  private readonly child: ChildProcess;
  private readonly printed = { stdout: "", stderr: "" };
  private status: number | undefined;
  private ended: ((ended: Ended) => void) | undefined;

  constructor(readonly program: Program) {
    const words = [join(__dirname, "program-server.js"), bundleOf(program), end];
    this.child = spawn(process.execPath, words, { stdio: ["pipe", "pipe", "pipe", "ipc"] });
    this.child.stdin?.end();
    for (const name of ["stdout", "stderr"] as const) {
      this.child[name]?.setEncoding("utf8").on("data", (text: string) => {
        this.printed[name] += text;
        this.look();
      });
    }
    this.child.on("message", ({ status }: { status: number }) => {
      this.status = status;
      this.look();
    });
    // By process.exit, or an error that nobody caught.
    this.child.on("close", (status) => {
      servers.splice(servers.indexOf(this), 1);
      this.status = status ?? -1;
      for (const name of ["stdout", "stderr"] as const) this.printed[name] += end;
      this.look();
    });
    this.wait(false);
  }

  get isBusy(): boolean {
    return this.ended !== undefined;
  }

  run(run: { readonly words: readonly string[]; readonly folder: string; readonly environment: object }) {
    return new Promise<Ended>((done) => {
      this.ended = done;
      this.wait(true);
      this.child.send(run);
    });
  }

  /** Whether this process waits for it before it ends. */
  private wait(does: boolean): void {
    const handles = [
      this.child,
      this.child.channel,
      this.child.stdout,
      this.child.stderr,
    ] as (NodeJS.RefCounted | null)[];
    for (const handle of handles) handle?.[does ? "ref" : "unref"]();
  }

  /** All three of them come by ways of their own. */
  private look(): void {
    const { ended, status, printed } = this;
    if (ended === undefined || status === undefined || !printed.stdout.endsWith(end) || !printed.stderr.endsWith(end))
      return;
    const [stdout, stderr] = [printed.stdout, printed.stderr].map((text) => text.slice(0, -end.length)) as [
      string,
      string,
    ];
    [this.ended, this.status, printed.stdout, printed.stderr] = [undefined, undefined, "", ""];
    this.wait(false);
    ended({ status, stdout, stderr });
  }
}

const servers: Server[] = [];

function idleServer(program: Program): Server {
  const idle = servers.find((server) => server.program === program && !server.isBusy);
  if (idle !== undefined) return idle;
  const server = new Server(program);
  servers.push(server);
  return server;
}

/** Runs a program as a shell would: in a folder, with no other environment than this, while servers of the test go on. */
export function runIn(
  folder: string,
  program: Program,
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Ended> {
  return idleServer(program).run({ words, folder, environment });
}

/** Runs the program `baremetal-lb`. A folder stands for the home directory. */
export async function runProgram(
  folder: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const variables = { PATH: process.env["PATH"], HOME: folder, CDKTF_OUTDIR: folder, ...environment };
  const { status, stdout, stderr } = await runIn(folder, "cli", words, variables);
  return { status, stdout, stderr: withoutProgress(stderr) };
}
