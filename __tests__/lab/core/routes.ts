import * as lab from "../../../lab/lab";
import { waitFor } from "../../../lab/wait";

/** Waits until the router has learnt these routes and no others: each prefix with its next hops, in order. */
export function routesBecome(expected: Readonly<Record<string, readonly string[]>>, timeoutSeconds = 60) {
  let seen = "";
  return waitFor({ what: "the router's routes", timeoutSeconds, intervalSeconds: 1, seen: () => seen }, async () => {
    seen = JSON.stringify(await lab.routes());
    return seen === JSON.stringify(expected) ? true : undefined;
  });
}

/** Asks for an address from behind the router until each of the workload's replicas has answered there. */
export async function allAnswerBehindRouter(address: string, replicas: readonly string[]): Promise<void> {
  const answered = new Set<string>();
  const what = `answers of ${replicas.join(" and ")}`;
  await waitFor({ what, timeoutSeconds: 60, seen: () => [...answered].join(" ") }, async () => {
    const { body } = await lab.requestFromBehindRouter(address);
    if (body !== undefined) answered.add(body);
    return replicas.every((replica) => answered.has(replica)) ? true : undefined;
  });
}
