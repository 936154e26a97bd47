import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statfsSync } from "node:fs";
import { freemem } from "node:os";
import { dirname } from "node:path";
import { terraformProgram } from "../stacks/shared/terraform-program";

/** What the machine is like, as far as the lab cares. */
export interface Machine {
  readonly root: boolean;
  readonly apt: boolean;
  readonly nodeVersion: string;
  /** go1.26.8, or undefined where there is no Go. */
  readonly goVersion: string | undefined;
  /** 1.11.4, or undefined where there is no Terraform. */
  readonly terraformVersion: string | undefined;
  readonly freeMemoryMiB: number;
  readonly freeSharedMemoryMiB: number;
  readonly freeDiskMiB: number;
  readonly networkNamespaces: boolean;
  readonly tap: boolean;
  readonly userModeLinux: boolean;
}

export function inspectMachine(folder: string): Machine {
  const says = (command: string, ...args: string[]) => {
    const result = spawnSync(command, args, { encoding: "utf8", timeout: 20_000 });
    return result.status === 0 ? result.stdout : undefined;
  };
  const terraform = says(terraformProgram(process.env).file, "version", "-json");
  return {
    root: process.getuid?.() === 0,
    apt: says("apt-get", "--version") !== undefined,
    nodeVersion: process.versions.node,
    goVersion: says("go", "env", "GOVERSION")?.trim(),
    terraformVersion: terraform === undefined ? undefined : /"terraform_version": "([^"]+)"/.exec(terraform)?.[1],
    freeMemoryMiB: availableMemoryMiB(),
    freeSharedMemoryMiB: freeMiB("/dev/shm"),
    freeDiskMiB: freeMiB(existingParent(folder)),
    networkNamespaces: existsSync("/proc/self/ns/net"),
    tap: existsSync("/dev/net/tun"),
    userModeLinux: process.arch === "x64",
  };
}

/** Free memory as the kernel estimates it: its caches count as free. */
function availableMemoryMiB(): number {
  const line = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8"));
  return line === null ? freemem() / 2 ** 20 : Number(line[1]) / 1024;
}

function freeMiB(folder: string): number {
  if (!existsSync(folder)) return 0;
  const { bavail, bsize } = statfsSync(folder);
  return (bavail * bsize) / 2 ** 20;
}

function existingParent(folder: string): string {
  return existsSync(folder) ? folder : existingParent(dirname(folder));
}
