import type { CloudApi } from "./cloud-api";

/** Statuses of a run that nothing works on yet (documented with the run's API). */
const waiting = ["pending", "fetching", "fetching_completed", "pre_plan_running", "queuing", "plan_queued"];

/** What a run waits as, or undefined where it has started. */
export async function waitsAs(api: CloudApi, run: string): Promise<string | undefined> {
  const status = (await api.get(`/runs/${run}`))?.attributes["status"];
  return typeof status === "string" && waiting.includes(status) ? status : undefined;
}

/**
 * Cancels a run that works or waits, and discards one that waits for an approval, so that it holds no workspace. One that
 * has ended stays as it is.
 */
export async function endRun(api: CloudApi, run: string): Promise<void> {
  const actions = (await api.get(`/runs/${run}`))?.attributes["actions"] as Record<string, boolean> | undefined;
  const action = actions?.["is-discardable"] ? "discard" : actions?.["is-cancelable"] ? "cancel" : undefined;
  if (action !== undefined) await api.change({ method: "POST", path: `/runs/${run}/actions/${action}`, body: {} });
}
