import type { Machine } from "../../lab/machine";
import { findProblems } from "../../lab/preflight";

const machine: Machine = {
  root: true,
  apt: true,
  nodeVersion: "20.19.0",
  goVersion: "go1.25.1",
  terraformVersion: "1.5.0",
  freeMemoryMiB: 3584,
  freeSharedMemoryMiB: 1800,
  freeDiskMiB: 12288,
  networkNamespaces: true,
  tap: true,
  userModeLinux: true,
};
const needs = { nodeCount: 2, folder: "/lab", cold: true, up: false };

test("a machine that has just enough has no problem", () => {
  expect(findProblems(machine, needs)).toStrictEqual([]);
});

test("everything is reported at once, one line each, with the way to mend it", () => {
  const poor: Machine = {
    root: false,
    apt: false,
    nodeVersion: "18.20.1",
    goVersion: undefined,
    terraformVersion: "1.4.6",
    freeMemoryMiB: 2048,
    freeSharedMemoryMiB: 64,
    freeDiskMiB: 5120,
    networkNamespaces: false,
    tap: false,
    userModeLinux: false,
  };
  const problems = findProblems(poor, needs);
  expect(problems).toStrictEqual([
    "root: the lab makes network namespaces and disk images. Run it as root, such as with sudo -E.",
    "apt-get: not found. The lab's nodes are made of Debian packages: use a Debian machine or a virtual one.",
    "processor: the lab's kernel, User-mode Linux, runs on x86-64 only. Use such a machine.",
    "Node.js: 18.20.1 is older than 20.19. Install a newer one.",
    "Go: not found, 1.25 or later is needed. See https://go.dev/doc/install.",
    "Terraform: 1.4.6 found, 1.5 or later is needed. See https://developer.hashicorp.com/terraform/install.",
    "memory: 2.0 GiB free, 3.5 GiB needed for 2 nodes. End other programs, or use --nodes 1.",
    "/dev/shm: 0.1 GiB free, 1.8 GiB needed for the nodes' memory. Enlarge it: mount -o remount,size=3g /dev/shm.",
    "disk: 5.0 GiB free in /lab, 12.0 GiB needed. Make room, or set LAB_DIR to a folder on a larger disk.",
    "kernel: no network namespaces (/proc/self/ns/net). Use a kernel with CONFIG_NET_NS, outside of a restricted container.",
    "kernel: no tap devices (/dev/net/tun). Load the module: modprobe tun. In a container: pass the device.",
  ]);
});

test("with a cache less disk is needed, and a cluster that is up has its memory already", () => {
  const full = { ...machine, freeMemoryMiB: 100, freeSharedMemoryMiB: 0, freeDiskMiB: 3072 };
  expect(findProblems(full, { ...needs, cold: false, up: true })).toStrictEqual([]);
  expect(findProblems(full, { ...needs, cold: false, up: false })).toHaveLength(2);
});

test("versions are compared by number, with and without a patch; what is no version is too old", () => {
  const programs = { nodeVersion: "24.2.0", goVersion: "go1.100", terraformVersion: "1.14.0" };
  expect(findProblems({ ...machine, ...programs }, needs)).toStrictEqual([]);
  expect(findProblems({ ...machine, goVersion: "devel" }, needs)).toStrictEqual([
    "Go: devel found, 1.25 or later is needed. See https://go.dev/doc/install.",
  ]);
});
