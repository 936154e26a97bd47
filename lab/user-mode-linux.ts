import { join } from "node:path";
import { nodeMemoryMiB } from "./lab-settings";
import type { NodePlan } from "./network-plan";

export interface NodeDisks {
  readonly base: string;
  /** The node's own changes to the base. */
  readonly changes: string;
  /** The archive of the node's own files, read as a disk. */
  readonly files: string;
  /** Archives of images that the node imports when it starts for the first time, read as disks. */
  readonly images: readonly string[];
}

/** The kernel's command line for one node. */
export function nodeArguments(node: NodePlan, disks: NodeDisks, umlFolder: string): string[] {
  return [
    `mem=${nodeMemoryMiB}M`,
    `umid=${node.name}`,
    `uml_dir=${umlFolder}`,
    `ubd0=${disks.changes},${disks.base}`,
    `ubd1r=${disks.files}`,
    ...disks.images.map((archive, index) => `ubd${index + 2}r=${archive}`),
    "root=/dev/ubda",
    // A node that is cut off loses the last second, not the last minute.
    "rootflags=nodelalloc,commit=1",
    "rw",
    `vec0:transport=tap,ifname=${node.tap},mac=${node.mac},depth=128,gro=1`,
    "con=null",
    "con0=null,fd:2",
    "con1=fd:0,fd:1",
    `systemd.hostname=${node.name}`,
    // One hierarchy of control groups, whatever the system's own default is: the other kind would lack a cpuset.
    "systemd.unified_cgroup_hierarchy=1",
    // From 6.16 on: processes that are stopped by a filter of their own system calls, and not by ptrace, where that works.
    "seccomp=auto",
    "quiet",
  ];
}

/** What a node's disks are made of. */
export interface NodeImage {
  readonly baseImage: string;
  /** The archives of MetalLB's images, and of FRR's. */
  readonly metallbImages: readonly string[];
}

export function nodeDisks(runFolder: string, { baseImage, metallbImages }: NodeImage, node: NodePlan): NodeDisks {
  return {
    base: baseImage,
    changes: join(runFolder, `${node.name}.changes`),
    files: join(runFolder, `${node.name}.files.tar`),
    images: metallbImages,
  };
}

/** Without these variables User-mode Linux keeps the nodes' memory in /dev/shm, which is memory; with them, maybe on a disk. */
export function userModeLinuxEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { ...environment, TMPDIR: undefined, TMP: undefined, TEMP: undefined };
}
