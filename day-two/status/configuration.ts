import type { Installation } from "../metallb/installation";
import type { ConfigurationPart } from "../metallb/configuration";

/** What is to be said of MetalLB's configuration, where it is not the declared one. */
export function configurationNotes(parts: readonly ConfigurationPart[], { own, mend }: Installation): string[] {
  // One deploy brings all kinds.
  if (parts.some(({ problem }) => problem?.is === "unknown kind")) {
    return [`the cluster does not know the kinds of MetalLB's address pools: ${own ? "npx cdktf deploy '*'" : mend}`];
  }
  return parts.flatMap(({ subject, problem, differences, undeclared }) => [
    ...(problem === undefined ? [] : [`${problem.text}: ${mend}`]),
    ...differences.map((one) => `${subject.includes(" ") ? `${subject}: ` : ""}${one}: ${mend}`),
    ...undeclared.map((name) => `${subject} ${name} is in the cluster, and not declared`),
  ]);
}
