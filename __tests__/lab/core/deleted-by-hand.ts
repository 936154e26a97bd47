/** What somebody deletes of MetalLB, as kubectl's words. */
export const deletedByHand: readonly { readonly what: string; readonly object: readonly string[] }[] = [
  { what: "the namespace metallb-system", object: ["namespace", "metallb-system"] },
  { what: "the DaemonSet speaker", object: ["-n", "metallb-system", "daemonset", "speaker"] },
];
