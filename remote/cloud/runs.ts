import { type CloudApi, reference } from "./cloud-api";

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

/** How the plan of a run ended, and what it would do; `json` is undefined unless it is finished. */
export interface RunPlan {
  readonly status: string;
  readonly json?: unknown;
}

/**
 * The plan of a run, as `terraform show -json` has it. Terraform itself asks for the plan together with its run, which not
 * every server gives. @throws CloudRefusal where this token may not read it.
 */
export async function readPlan(api: CloudApi, run: string): Promise<RunPlan> {
  const plan = reference(await api.get(`/runs/${run}`), "plan");
  const found = plan === undefined ? undefined : await api.get(`/plans/${plan}`);
  const status = String(found?.attributes["status"] ?? "not there");
  if (plan === undefined || status !== "finished") return { status };
  return { status, json: await api.json(`/plans/${plan}/json-output`) };
}
