import { spawn } from "node:child_process";
import { inNamespace } from "../../../lab/namespaces";
import { clientNamespace } from "../../../lab/network-plan";
import { workload } from "../../../lab/workload";

/** What a client of the Service saw while something went on. */
export interface PollResult {
  readonly requests: number;
  readonly failed: number;
  /** The longest time between two requests that were answered, in seconds. */
  readonly longestSilenceSeconds: number;
}

export interface PollOptions {
  /** The host that asks. @default the one on the nodes' network */
  readonly namespace?: string;
  /**
   * Whether each request asks anew whose the address is. A client that asks all the time does not: while nobody announces the
   * address, what it sends still comes to the node that did, whose kube-proxy answers. @default false
   */
  readonly asStranger?: boolean;
}

/**
 * Asks the address from a host outside of the cluster five times a second while work goes on. Each request is started
 * whatever became of the one before, and has a second to be answered.
 */
export async function polling(
  address: string,
  work: () => Promise<unknown>,
  { namespace = clientNamespace, asStranger = false }: PollOptions = {},
): Promise<PollResult> {
  const forget = asStranger ? `ip neigh del ${address} dev eth0 2>/dev/null; ` : "";
  const url = `http://${address}:${workload.port}/`;
  // Its times are when a request was started: what counts is when the address was silent, not how long an answer took.
  const loop =
    `while :; do ${forget}{ s=$(date +%s.%N); curl -so /dev/null --max-time 1 ${url} && echo "ok $s" || echo "failed $s"; } &` +
    " sleep 0.2; done";
  const [program = "", ...args] = inNamespace(namespace, ["bash", "-c", loop]);
  const client = spawn(program, args, { detached: true, stdio: ["ignore", "pipe", "ignore"] });
  let output = "";
  client.stdout.on("data", (text) => (output += String(text)));
  try {
    await work();
    await new Promise((resolve) => setTimeout(resolve, 1500));
  } finally {
    if (client.pid !== undefined) process.kill(-client.pid, "SIGKILL");
  }
  return pollResult(output);
}

/** Out of lines "ok 1700000000.25" and "failed 1700000000.45", in any order. */
export function pollResult(output: string): PollResult {
  const lines = output.split("\n").filter((line) => /^(ok|failed) \d+\.\d+$/.test(line));
  const answered = lines
    .filter((line) => line.startsWith("ok"))
    .map((line) => Number(line.split(" ")[1]))
    .sort((a, b) => a - b);
  const silences = answered.slice(1).map((time, index) => time - (answered[index] ?? time));
  return {
    requests: lines.length,
    failed: lines.length - answered.length,
    longestSilenceSeconds: Math.max(0, ...silences),
  };
}
