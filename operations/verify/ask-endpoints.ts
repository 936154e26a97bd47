import { get } from "node:http";
import { parseMetrics, type Sample, valueOf } from "../metallb-metrics";
import { waitUntil } from "./wait";

/** What came of asking a Service that has speakers for endpoints. */
export interface Asked {
  /** The nodes whose speaker answered. */
  readonly answered: readonly string[];
  readonly requests: number;
  /** Why requests were not answered: the last reason. */
  readonly problem?: string;
}

const answerSeconds = 3;
/** Requests at the same time: with the schedulers nq and sed a second endpoint is used while the first one is busy. */
const atOnce = 4;

/** When a speaker started: no two processes that are asked have the same, so it tells them apart. */
export const startTimeOf = (samples: readonly Sample[]): number | undefined =>
  valueOf(samples, "process_start_time_seconds");

/**
 * Asks for the metrics again and again, each time over a new connection, until all endpoints have answered.
 * @param endpoints the nodes by their speaker's start time.
 * @param enough how many different endpoints are to answer.
 */
export async function askEndpoints(
  url: string,
  { endpoints, enough }: { readonly endpoints: ReadonlyMap<number, string>; readonly enough: number },
  { seconds, signal }: { readonly seconds: number; readonly signal?: AbortSignal },
): Promise<Asked> {
  const answered = new Set<string>();
  let [requests, problem]: [number, string | undefined] = [0, undefined];
  const one = async () => {
    requests += 1;
    try {
      const start = startTimeOf(parseMetrics(await request(url)));
      const node = start === undefined ? undefined : endpoints.get(start);
      if (node === undefined) problem = "the answer is none of the endpoints'";
      else answered.add(node);
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
  };
  await waitUntil(
    seconds,
    async () => {
      await Promise.all(Array.from({ length: atOnce }, one));
      return answered.size >= enough ? true : undefined;
    },
    signal,
  );
  const sorted = [...answered].sort();
  return problem === undefined ? { answered: sorted, requests } : { answered: sorted, requests, problem };
}

function request(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // Without an agent: a connection that is kept would reach the same endpoint each time.
    const asked = get(url, { agent: false, signal: AbortSignal.timeout(answerSeconds * 1000) }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("error", reject);
      response.on("end", () =>
        response.statusCode === 200 ? resolve(body) : reject(new Error(`HTTP status ${response.statusCode}`)),
      );
    });
    asked.on("error", (error: Error) =>
      reject(
        error.name === "AbortError" || error.name === "TimeoutError"
          ? new Error(`no answer within ${answerSeconds} s`)
          : error,
      ),
    );
  });
}
