import { existsSync, readFileSync } from "node:fs";
import type { BgpTypes } from "./bgp-types";
import { LabError } from "./lab-error";
import type { Lab } from "./lab-settings";
import { type IpFamilies, planNodes } from "./network-plan";
import { isRunning, readRecords } from "./process-record";
import { runFiles } from "./run-files";
import type { Versions } from "./versions";

const controlPlane = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "package-server"];

/** Whether every process of a cluster of so many nodes runs. */
export function allRun(lab: Lab, nodeCount: number): boolean {
  const running = new Set(
    readRecords(runFiles(lab).processes)
      .filter(isRunning)
      .map((record) => record.name),
  );
  return [...controlPlane, ...planNodes(nodeCount).map((node) => node.name)].every((name) => running.has(name));
}

/** What ready.json holds. */
export interface ReadyFile {
  readonly nodeCount: number;
  readonly ipFamilies: IpFamilies;
  readonly bgpTypes: BgpTypes;
  readonly versions: Versions;
  /** Folder of the Kubernetes programs. */
  readonly binaries: string;
  readonly baseImage: string;
  /** The archives of MetalLB's images, and of FRR's. */
  readonly metallbImages: readonly string[];
  readonly linux: string;
}

/** What is up, as it was started; undefined when nothing is, or when a start was interrupted. */
export function readReady(lab: Lab): ReadyFile | undefined {
  const { ready } = runFiles(lab);
  return existsSync(ready) ? (JSON.parse(readFileSync(ready, "utf8")) as ReadyFile) : undefined;
}

/** The ready file of a lab that is up, for whatever needs one. */
export function requireReady(lab: Lab): ReadyFile {
  const ready = readReady(lab);
  if (ready === undefined) throw new LabError("no lab is up. Start it: npm run lab -- up");
  return ready;
}
