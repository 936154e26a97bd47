import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { clusterName, repository, type Lab } from "./lab-settings";
import { checkClaim, releaseMachine } from "./machine-lock";
import { removeNetwork } from "./namespaces";
import { endProcess, isRunning, readRecords } from "./process-record";
import { runFiles } from "./run-files";
import { waitFor } from "./wait";

/** Ends all that a run started and removes all that it made; the cache and the logs of the build stay. */
export async function down(lab: Lab): Promise<void> {
  checkClaim(lab); // The namespaces would be another lab's.
  const records = readRecords(runFiles(lab).processes);
  for (const record of records) endProcess(record);
  await waitFor({ what: "the lab's processes to end", timeoutSeconds: 30 }, () =>
    records.some(isRunning) ? undefined : true,
  );
  await removeNetwork();
  rmSync(lab.run, { recursive: true, force: true });
  const state = join(repository, ".state", clusterName);
  if (existsSync(state)) rmSync(state, { recursive: true });
  releaseMachine();
}
