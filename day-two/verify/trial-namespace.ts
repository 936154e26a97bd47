import type { V1Namespace } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { hostname } from "node:os";
import { apiProblem, type KubernetesApi } from "../../remote/kubernetes/connect";
import { type Check, failed, ifExists, passed, skipped } from "./check";
import { waitUntil } from "./wait";

/** What the names of the trials' namespaces begin with. */
export const trialPrefix = "baremetal-lb-verify-";

const label = { "app.kubernetes.io/managed-by": "baremetal-lb" };
/** "host pid" of the run that made a namespace. */
const runAnnotation = "baremetal-lb/run";

/** Longer than a run can take: the waits of a trial have bounds of their own. */
const longestRunMinutes = 10;
const removeSeconds = 60;

/** Makes a namespace that nobody else has; gives its name. */
export async function createTrialNamespace({ core }: KubernetesApi): Promise<string> {
  const body = {
    metadata: {
      generateName: trialPrefix,
      labels: label,
      annotations: { [runAnnotation]: `${hostname()} ${process.pid}` },
    },
  };
  return (await core.createNamespace({ body })).metadata?.name ?? "";
}

/** Removes a trial's namespace with all that is in it, and waits until it is gone. */
export async function removeTrialNamespace({ core }: KubernetesApi, name: string, id: string): Promise<Check> {
  try {
    await ifExists(core.deleteNamespace({ name }));
    const gone = await waitUntil(removeSeconds, async () =>
      (await ifExists(core.readNamespace({ name }))) === undefined ? true : undefined,
    );
    if (gone) return passed(id, name, `namespace ${name} was removed with all that was in it`);
    return failed(
      id,
      name,
      `namespace ${name} is still terminating after ${removeSeconds} s`,
      `kubectl describe namespace ${name}`,
    );
  } catch (error) {
    return failed(
      id,
      name,
      `namespace ${name} was not removed: ${apiProblem(error)}`,
      `kubectl delete namespace ${name}`,
    );
  }
}

/** Removes what runs that were killed have left; what another run is using is named and left alone. */
export async function removeLeftovers(api: KubernetesApi): Promise<Check[]> {
  const id = "trial.leftover";
  const [[key, value]] = Object.entries(label) as [[string, string]];
  const { items } = await api.core.listNamespace({ labelSelector: `${key}=${value}` });
  const found = items.filter(({ metadata }) => metadata?.name?.startsWith(trialPrefix));
  return Promise.all(
    found.map(async (namespace) => {
      const name = namespace.metadata?.name ?? "";
      if (!isLeftover(namespace)) return skipped(id, name, `namespace ${name} is another run's, which may still go on`);
      const check = await removeTrialNamespace(api, name, id);
      return check.status === "failed"
        ? check
        : passed(id, name, `namespace ${name}, left by a killed run, was removed`);
    }),
  );
}

/** Whether the run that made a namespace has ended: its process is gone from this host, or it is too long ago. */
export function isLeftover({ metadata }: V1Namespace, now: Date = new Date()): boolean {
  const [host, pid] = (metadata?.annotations?.[runAnnotation] ?? "").split(" ");
  if (host === hostname() && !isAlive(Number(pid))) return true;
  const minutes = (now.getTime() - new Date(metadata?.creationTimestamp ?? 0).getTime()) / 60_000;
  return minutes > longestRunMinutes;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and another user's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
