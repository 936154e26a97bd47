import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { type BgpTypes, chooseBgpTypes } from "./bgp-types";
import type { IpFamilies } from "./network-plan";
import { chooseVersions, metallbOnNodes, type AskedVersions, type Versions } from "./versions";

/** One lab: where its files are and what it consists of. */
export interface Lab {
  /** What may be kept between runs: binaries, disks, images. */
  readonly cache: string;
  /** What belongs to one run: processes, keys, certificates, disks of the nodes. `down` deletes it. */
  readonly run: string;
  /** The output of long steps. */
  readonly logs: string;
  readonly folder: string;
  readonly nodeCount: number;
  /** Those of nodes, pods and Services, the first one first. */
  readonly ipFamilies: IpFamilies;
  /** MetalLB's: the nodes have the images of each, and cluster.yaml the first one. */
  readonly bgpTypes: BgpTypes;
  readonly versions: Versions;
  /** A folder of ready Kubernetes binaries. Default: built from their Go modules, or from Debian's source package. */
  readonly binaries?: string;
}

export interface LabOptions extends AskedVersions {
  readonly nodes?: number;
  /** @default IPv4 alone */
  readonly ipFamilies?: IpFamilies;
  /** @default native */
  readonly bgpTypes?: readonly string[];
  readonly binaries?: string;
}

export const repository = resolve(__dirname, "..");
export const clusterName = "lab";
export const nodeMemoryMiB = 900;
export const defaultNodeCount = 2;
export const maximumNodeCount = 20;

export function openLab(options: LabOptions = {}, environment: NodeJS.ProcessEnv = process.env): Lab {
  const folder = resolve(
    environment.LAB_DIR || join(environment.XDG_CACHE_HOME || join(homedir(), ".cache"), "baremetal-lb-lab"),
  );
  const versions = chooseVersions({ ...options, kernel: options.kernel ?? (environment.LAB_KERNEL || undefined) });
  return {
    folder,
    cache: join(folder, "cache"),
    run: join(folder, "run"),
    logs: join(folder, "logs"),
    nodeCount: options.nodes ?? defaultNodeCount,
    ipFamilies: options.ipFamilies ?? ["IPv4"],
    bgpTypes: chooseBgpTypes(options.bgpTypes, metallbOnNodes(versions)),
    versions,
    binaries: options.binaries === undefined ? undefined : resolve(options.binaries),
  };
}
