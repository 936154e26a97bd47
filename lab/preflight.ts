import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { artefactFolder, provide } from "./artefact";
import { debianProgramsArtefact } from "./build/debian-programs";
import { readDebianRelease } from "./build/debian-release";
import { debianKubernetesArtefact, debianSourceAvailability } from "./build/debian-kubernetes";
import { kernelArtefact, kernelSourceAvailability } from "./build/kernel";
import { isBuilt } from "./kernel-release";
import { requireKubernetesRelease } from "./kubernetes-release";
import { LabError } from "./lab-error";
import { nodeMemoryMiB, openLab, type Lab } from "./lab-settings";
import { inspectMachine, type Machine } from "./machine";
import type { Progress } from "./progress";
import { providersArtefact, providersAvailability } from "./providers";
import { allRun, readReady } from "./ready";
import { isSince } from "../values/versions";

export interface Needs {
  readonly nodeCount: number;
  readonly folder: string;
  /** Nothing is built yet. */
  readonly cold: boolean;
  /** The nodes have their memory already. */
  readonly up: boolean;
}

const oldest = { node: "20.19", go: "1.25", terraform: "1.5" };

/** Every reason why the lab cannot run here, one line each, with the way to mend it. */
export function findProblems(machine: Machine, needs: Needs): string[] {
  const problems: string[] = [];
  const expect = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem);
  };
  expect(machine.root, "root: the lab makes network namespaces and disk images. Run it as root, such as with sudo -E.");
  expect(
    machine.apt,
    "apt-get: not found. The lab's nodes are made of Debian packages: use a Debian machine or a virtual one.",
  );
  expect(
    machine.userModeLinux,
    "processor: the lab's kernel, User-mode Linux, runs on x86-64 only. Use such a machine.",
  );
  expect(
    isSince(machine.nodeVersion, oldest.node),
    `Node.js: ${machine.nodeVersion} is older than ${oldest.node}. Install a newer one.`,
  );
  expect(
    machine.goVersion !== undefined && isSince(machine.goVersion, oldest.go),
    `Go: ${found(machine.goVersion)}, ${oldest.go} or later is needed. See https://go.dev/doc/install.`,
  );
  expect(
    machine.terraformVersion !== undefined && isSince(machine.terraformVersion, oldest.terraform),
    `Terraform: ${found(machine.terraformVersion)}, ${oldest.terraform} or later is needed. See https://developer.hashicorp.com/terraform/install.`,
  );
  const memory = needs.up ? 0 : needs.nodeCount * 1024 + 1536;
  expect(
    machine.freeMemoryMiB >= memory,
    `memory: ${gib(machine.freeMemoryMiB)} free, ${gib(memory)} needed for ${needs.nodeCount} nodes. End other programs, or use --nodes ${Math.max(1, needs.nodeCount - 1)}.`,
  );
  const shared = needs.up ? 0 : needs.nodeCount * nodeMemoryMiB;
  expect(
    machine.freeSharedMemoryMiB >= shared,
    `/dev/shm: ${gib(machine.freeSharedMemoryMiB)} free, ${gib(shared)} needed for the nodes' memory. Enlarge it: mount -o remount,size=${Math.ceil(shared / 1024) + 1}g /dev/shm.`,
  );
  const disk = needs.cold ? 12 * 1024 : 3 * 1024;
  expect(
    machine.freeDiskMiB >= disk,
    `disk: ${gib(machine.freeDiskMiB)} free in ${needs.folder}, ${gib(disk)} needed. Make room, or set LAB_DIR to a folder on a larger disk.`,
  );
  expect(
    machine.networkNamespaces,
    "kernel: no network namespaces (/proc/self/ns/net). Use a kernel with CONFIG_NET_NS, outside of a restricted container.",
  );
  expect(
    machine.tap,
    "kernel: no tap devices (/dev/net/tun). Load the module: modprobe tun. In a container: pass the device.",
  );
  return problems;
}

function found(version: string | undefined): string {
  return version === undefined ? "not found" : `${version} found`;
}

function gib(mib: number): string {
  return `${(mib / 1024).toFixed(1)} GiB`;
}

function machineProblems(lab: Lab): string[] {
  const ready = readReady(lab);
  return findProblems(inspectMachine(lab.folder), {
    nodeCount: lab.nodeCount,
    folder: lab.folder,
    cold: !existsSync(lab.cache) || !readdirSync(lab.cache).some((name) => name.startsWith("base-image-")),
    up: ready !== undefined && allRun(lab, ready.nodeCount),
  });
}

const providersThere = (lab: Lab) => existsSync(artefactFolder(lab, providersArtefact()));

const withoutTerraform = (problems: readonly string[]) => problems.some((line) => line.startsWith("Terraform:"));

function providersProblem(reason: string): string {
  return `Terraform's providers: ${reason}\n    Allow access to Terraform's registry, or set up a mirror: https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation`;
}

/** Why the source package that the Kubernetes version is built from cannot be had; undefined where it can, or is not needed. */
function kubernetesSourceProblem(lab: Lab, problems: readonly string[]): string | undefined {
  const version = lab.versions.kubernetes;
  if (lab.binaries !== undefined || requireKubernetesRelease(version).source !== "debianSource") return undefined;
  if (existsSync(artefactFolder(lab, debianKubernetesArtefact(version)))) return undefined;
  if (problems.some((line) => line.startsWith("apt-get:"))) return undefined;
  const source = debianSourceAvailability(version);
  if (source.available) return undefined;
  return `Kubernetes ${version}: ${source.reason}\n    Allow access to a mirror of Debian, or give its programs with --binaries DIR.`;
}

/** The same for the nodes' kernel. */
function kernelSourceProblem(lab: Lab, problems: readonly string[]): string | undefined {
  const { kernel } = lab.versions;
  if (!isBuilt(kernel)) return undefined;
  const debianPrograms = artefactFolder(lab, debianProgramsArtefact(readDebianRelease()));
  if (existsSync(artefactFolder(lab, kernelArtefact(kernel, debianPrograms)))) return undefined;
  if (problems.some((line) => line.startsWith("apt-get:"))) return undefined;
  const source = kernelSourceAvailability(kernel);
  if (source.available) return undefined;
  return `Linux ${kernel}: ${source.reason}\n    Allow access to a mirror of Debian, or take Debian's own kernel: --kernel 6.1.`;
}

/** All reasons but those of Terraform's providers. */
function checkedProblems(lab: Lab): string[] {
  const problems = machineProblems(lab);
  const sources = [kubernetesSourceProblem, kernelSourceProblem].map((find) => find(lab, problems));
  return [...problems, ...sources.filter((line) => line !== undefined)];
}

/** Every reason why the lab cannot run on this machine; changes nothing here. For tests that need the lab. */
export function preflightProblems(lab: Lab = openLab()): string[] {
  const problems = checkedProblems(lab);
  if (providersThere(lab) || withoutTerraform(problems)) return problems;
  const providers = providersAvailability();
  return providers.available ? problems : [...problems, providersProblem(providers.reason)];
}

/** Checks all that the lab needs of the machine before anything is built, and gets Terraform's providers. */
export async function preflight(lab: Lab, progress: Progress): Promise<void> {
  const problems = checkedProblems(lab);
  if (!providersThere(lab) && !withoutTerraform(problems)) {
    mkdirSync(lab.cache, { recursive: true, mode: 0o700 });
    await provide(lab, providersArtefact(), progress).catch((error: unknown) => {
      problems.push(providersProblem(error instanceof Error ? error.message : String(error)));
    });
  }
  if (problems.length > 0) {
    throw new LabError(["the lab cannot run on this machine:", ...problems.map((line) => `  - ${line}`)].join("\n"));
  }
}
