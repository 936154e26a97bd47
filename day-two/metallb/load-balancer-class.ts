import type { MetallbConfig } from "../../stacks/metallb/schema/metallb";
import type { Installation } from "./installation";

/** "of the loadBalancerClass example.org/lb", "without a loadBalancerClass" */
export const classText = (loadBalancerClass: string | undefined): string =>
  loadBalancerClass === undefined ? "without a loadBalancerClass" : `of the loadBalancerClass ${loadBalancerClass}`;

/** A workload, and which Services it looks after where those are others than the declared ones. */
export interface LookedAfter {
  /** "Deployment metallb-system/controller" */
  readonly workload: string;
  readonly problem?: string;
}

/** Which Services the controller and the speakers look after, beside which they are to. */
export const lookedAfter = (
  { workloads }: Pick<Installation, "workloads">,
  { loadBalancerClass: declared }: Pick<MetallbConfig, "loadBalancerClass">,
): LookedAfter[] =>
  workloads.map(({ text: workload, loadBalancerClass: found }) => ({
    workload,
    ...(found !== declared && {
      problem: `${workload} looks after Services ${classText(found)}, declared are those ${classText(declared)}`,
    }),
  }));
