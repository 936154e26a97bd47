import { cpus, totalmem } from "node:os";
import { spawnSync } from "node:child_process";
import * as lab from "../lab/lab";
import type { Circumstances } from "./figures";

/** Today, on this machine, with the lab that is up. `programs`: more versions, by program. */
export function circumstances(programs: Readonly<Record<string, string>> = {}): Circumstances {
  const { kubernetes, metallb, kernel } = lab.runningLab().ready.versions;
  const processors = cpus();
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${processors.length} processors (${processors[0]?.model ?? "unknown"}), ${gibibytes} GiB`,
    versions: {
      Kubernetes: kubernetes,
      MetalLB: metallb,
      "the nodes' Linux": kernel,
      "Node.js": process.versions.node,
      Terraform: firstLine(["terraform", "version"]).replace(/^Terraform v/, ""),
      ...programs,
    },
  };
}

/** What a program says of itself first. @throws Error where it is not to be had. */
export function firstLine([program = "", ...args]: readonly string[]): string {
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8", timeout: 60_000 });
  if (status !== 0) throw new Error(`${program} is not in PATH, or does not run`);
  return stdout.split("\n")[0] ?? "";
}
