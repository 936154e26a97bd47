/**
 * The nodes' kernels: User-mode Linux as Debian 12 has it, and one that is built from a later release's sources. That has
 * nftables, and another way of trapping system calls, so that a node's processes start in a third of the time.
 */
export const kernels = ["6.1", "7.2"] as const;
export type Kernel = (typeof kernels)[number];
export type BuiltKernel = Exclude<Kernel, "6.1">;

export const isBuilt = (kernel: Kernel): kernel is BuiltKernel => kernel !== "6.1";

/** Where Debian has the sources of the kernels that are built. */
export const kernelSources: Readonly<Record<BuiltKernel, { readonly suite: string; readonly package: string }>> = {
  "7.2": { suite: "trixie-backports", package: "linux-source-7.2" },
};
