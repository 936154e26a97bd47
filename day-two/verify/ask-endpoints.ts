import { get, type IncomingMessage } from "node:http";
import { get as getSecurely } from "node:https";
import type { TLSSocket } from "node:tls";
import { parseMetrics, type Sample, sampleValue } from "../metallb/metrics";
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

/** What tells one endpoint from another: when its process started, or its certificate's SHA-256. */
export type Identity = number | string;

/** When a speaker started: no two processes that are asked have the same, so it tells them apart. */
export const startTimeOf = (samples: readonly Sample[]): number | undefined =>
  sampleValue(samples, "process_start_time_seconds");

/**
 * Asks for the metrics again and again, each time over a new connection, until all endpoints have answered.
 * @param url by HTTP it is the metrics that tell who answers, by HTTPS the certificate.
 * @param endpoints the nodes by their speaker's identity.
 * @param enough how many different endpoints are to answer.
 */
export async function askEndpoints(
  url: string,
  { endpoints, enough }: { readonly endpoints: ReadonlyMap<Identity, string>; readonly enough: number },
  { seconds, signal }: { readonly seconds: number; readonly signal?: AbortSignal },
): Promise<Asked> {
  const answered = new Set<string>();
  let [requests, problem]: [number, string | undefined] = [0, undefined];
  const one = async () => {
    requests += 1;
    try {
      const identity = await identityAt(url);
      const node = identity === undefined ? undefined : endpoints.get(identity);
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

/** Who answers, over a new connection. @throws Error that says why nobody did. */
export async function identityAt(url: string): Promise<Identity | undefined> {
  const { body, certificate } = await request(url);
  return certificate ?? startTimeOf(parseMetrics(body));
}

interface Answer {
  readonly body: string;
  /** SHA-256 of the certificate, by HTTPS. */
  readonly certificate?: string;
}

function request(url: string): Promise<Answer> {
  const secure = url.startsWith("https:");
  // Nobody has signed the certificate; without a token the answer is 401, which is one.
  const accepted = secure ? [200, 401] : [200];
  return new Promise((resolve, reject) => {
    // Without an agent: a connection that is kept would reach the same endpoint each time.
    const options = { agent: false, signal: AbortSignal.timeout(answerSeconds * 1000) } as const;
    const read = (response: IncomingMessage) => {
      // Asked for at once: a connection that has ended has none.
      const certificate = secure ? (response.socket as TLSSocket).getPeerCertificate().fingerprint256 : undefined;
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("error", reject);
      response.on("end", () =>
        accepted.includes(response.statusCode ?? 0)
          ? resolve({ body, certificate })
          : reject(new Error(`HTTP status ${response.statusCode}`)),
      );
    };
    const asked = secure ? getSecurely(url, { ...options, rejectUnauthorized: false }, read) : get(url, options, read);
    asked.on("error", (error: Error) =>
      reject(
        error.name === "AbortError" || error.name === "TimeoutError"
          ? new Error(`no answer within ${answerSeconds} s`)
          : error,
      ),
    );
  });
}
