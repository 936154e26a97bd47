import { setTimeout as sleep } from "node:timers/promises";
import { endRun, waitsAs } from "../cloud/runs";
import { undoneWithUs } from "../interruption";
import type { Stack } from "./stack";
import { type ServerRun, serverRunIn } from "./run-on-server";
import type { Terraform } from "./terraform";

/**
 * The run that a plan makes on a server, from the moment that Terraform names it: it is said when nothing takes it, and it
 * is ended when this program is.
 */
export class RunWatch {
  private heard = "";
  private run: ServerRun | undefined;
  private forget: () => void = () => undefined;

  constructor(
    private readonly terraform: Terraform,
    private readonly stack: Stack,
  ) {}

  /** What Terraform prints. */
  hear(text: string): void {
    if (this.run !== undefined) return;
    this.heard += text;
    // A line that has come whole.
    this.run = serverRunIn(this.heard.slice(0, this.heard.lastIndexOf("\n") + 1));
    if (this.run === undefined || this.terraform.cloud === undefined) return;
    this.forget = undoneWithUs(() => this.discard());
    void this.tellOfWaiting(this.run);
  }

  /** Ends the run on the server, as far as that goes. */
  async discard(): Promise<void> {
    this.end();
    const { cloud } = this.terraform;
    // What matters to the user is why the plan failed; a run that stays is seen on its page.
    if (this.run !== undefined && cloud !== undefined) await endRun(cloud, this.run.id).catch(() => undefined);
  }

  /** The run is nobody's matter any more. */
  end(): void {
    this.stopped.abort();
    this.forget();
  }

  private readonly stopped = new AbortController();

  private async tellOfWaiting(run: ServerRun): Promise<void> {
    const { cloud, say, patienceSeconds } = this.terraform;
    try {
      await sleep(patienceSeconds * 1000, undefined, { signal: this.stopped.signal, ref: false });
      const status = cloud === undefined ? undefined : await waitsAs(cloud, run.id);
      if (status !== undefined && !this.stopped.signal.aborted) {
        say(
          `the run of the stack ${this.stack.name} waits on the server (${status}): an agent of its pool has to be online, and other runs of the workspace come first: ${run.url}`,
        );
      }
    } catch {
      // Stopped, or the server does not tell: the plan itself says how it ends.
    }
  }
}
