import { namespaceName as namespace } from "../../stacks/metallb/release/component";
import type { ConfigurationPart } from "../metallb/configuration";

/** What is to be said of MetalLB's configuration, where it is not the declared one. */
export function configurationNotes(parts: readonly ConfigurationPart[]): string[] {
  // One deploy brings all kinds.
  if (parts.some(({ problem }) => problem?.is === "unknown kind")) {
    return ["the cluster does not know the kinds of MetalLB's address pools: npx cdktf deploy '*'"];
  }
  return parts.flatMap(({ subject, problem, differences, undeclared }) => [
    ...(problem === undefined ? [] : [`${problem.text}: npx baremetal-lb heal`]),
    ...differences.map((one) => `${subject.includes(namespace) ? `${subject}: ` : ""}${one}: npx baremetal-lb heal`),
    ...undeclared.map((name) => `${subject} ${name} is in the cluster, and not declared`),
  ]);
}
