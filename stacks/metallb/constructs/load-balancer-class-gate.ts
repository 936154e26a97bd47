import { TerraformLocal, type TerraformResourceLifecycle, type TerraformStack } from "cdktf";
import { allPools } from "../resources/as-sections";
import { allNamespaces, ResourcesInNamespaces } from "../../shared/constructs/resources-in-namespaces";
import type { NodeConfig } from "../../shared/schema/nodes";
import { quoted } from "../../shared/terraform-text";
import { runningOf } from "../release/running";
import type { MetallbConfig } from "../schema/metallb";
import {
  assignedAddresses,
  classOfService,
  hasClass,
  isStranded,
  nodeAddresses,
  poolRanges,
  serviceTexts,
  strandedAddresses,
} from "./address-expressions";
import { readsConfigMap, runningControllers } from "./running-controller";

export interface LoadBalancerClassGateProps {
  readonly nodes: readonly Pick<NodeConfig, "address">[];
  readonly metallb: Pick<MetallbConfig, "pools" | "resourceObjects" | "version" | "loadBalancerClass">;
  /** Expression: all Services. @default they are asked for where the class that runs is another one */
  readonly services?: string;
}

/** In place of a class: MetalLB 0.9 to 0.12 looks after Services of every class. No class has such a name. */
const every = "*";

/**
 * Refuses another loadBalancerClass than that of the MetalLB which runs, while there are Services with addresses that it
 * would leave to nobody, or take from another program. MetalLB says nothing of either: a Service of another class is as good
 * as none to it, its status stays as it is, and the address is free for others.
 *
 * A condition of a resource is checked by every plan, also by one that changes nothing, and not when it is destroyed.
 */
export class LoadBalancerClassGate {
  readonly precondition: NonNullable<TerraformResourceLifecycle["precondition"]>;

  constructor(stack: TerraformStack, { nodes, metallb, services: given }: LoadBalancerClassGateProps) {
    const local = (id: string, expression: string): string =>
      `local.${new TerraformLocal(stack, id, `\${${expression}}`).friendlyUniqueId}`;
    const declared = metallb.loadBalancerClass;
    const runs = local("running-class", runningClass(stack));
    const differs = `${runs} != null && ${runs} != ${quoted(declared ?? "")}`;
    const services =
      given ??
      new ResourcesInNamespaces(stack, "services", {
        apiVersion: "v1",
        kind: "Service",
        // To look at those of every namespace takes a minute in a large cluster.
        namespaces: `${differs} ? ${allNamespaces(stack)} : toset([])`,
      }).everywhere;

    const ranges = poolRanges(allPools(metallb));
    const looksAfterNow = `(${runs} == ${quoted(every)} || ${classOfService} == ${runs})`;
    const left = assignedAddresses(services, `${looksAfterNow} && !(${hasClass(declared)})`);
    // Not what another program gave: nodes' own addresses, as k3s' ServiceLB does, and beside a MetalLB that knows no class
    // whatever no pool holds.
    const isMetallbs =
      `!contains(${nodeAddresses(nodes)}, each.address)` +
      ` && !(${runs} == ${quoted(every)} && ${isStranded(ranges)})`;
    const silenced = local("silenced-services", serviceTexts(left, isMetallbs));
    const others = assignedAddresses(services, `${differs} && !${looksAfterNow} && ${hasClass(declared)}`);
    // Those with an address of a pool are MetalLB's already, of a time when it ran with this class.
    const takenOver = local("taken-over-services", strandedAddresses(others, ranges));

    // Terraform looks at messages whether they are needed or not.
    const named = `"with the loadBalancerClass \${${runs} == null ? "" : ${runs}}"`;
    const now = `\${${runs} == ${quoted(every)} ? "looking after Services of every class" : ${runs} == "" ? "with no loadBalancerClass" : ${named}}`;
    const both = `MetalLB runs ${now}, and cluster.yaml declares ${declared ?? "none"}:`;
    const refusal = (list: string, what: string, why: string) => ({
      condition: `\${length(${list}) == 0}`,
      errorMessage: `${what}: \${join(", ", ${list})}. ${both} ${why} Nothing was changed.`,
    });
    const made =
      declared === undefined ? "without spec.loadBalancerClass," : `with spec.loadBalancerClass: ${declared}`;
    const annotation = `${runningOf(metallb.version).annotationPrefix}/loadBalancerIPs`;
    const meant = "set metallb.allowAddressLoss: true for this one deploy";
    this.precondition = [
      refusal(
        silenced,
        "Services would fall silent",
        "no node would announce their addresses, which stay in their status, and MetalLB may give them to other Services. " +
          `The safe way: delete each of these Services and create it ${made} and with the annotation ${annotation}: its address, ` +
          "since the class of a Service cannot be changed; then deploy, which gives it that address again. It is silent from the one to the other. " +
          `Or ${meant} if it is meant.`,
      ),
      refusal(
        takenOver,
        "Services would be taken from another program",
        "MetalLB would give them addresses of metallb.pools in place of theirs. " +
          `Declare a class that none of them has, or ${meant} if MetalLB is to have them.`,
      ),
    ];
  }
}

/** Expression: the class that the running controller looks after, "" for Services without one; null where none runs. */
function runningClass(stack: TerraformStack): string {
  const args = `flatten([for each in one.spec.template.spec.containers : try(each.args, []) if each.name == "controller"])`;
  // As Go's flags may be written: --lb-class=NAME, -lb-class=NAME, or the name as an argument of its own.
  const flag = quoted("(?:^|\n)--?lb-class[=\n]([^\n]*)");
  const named = `try(regex(${flag}, join("\\n", ${args}))[0], "")`;
  return `one([for one in ${runningControllers(stack)} : ${readsConfigMap} ? ${quoted(every)} : ${named}])`;
}
