import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DataResource, type TerraformStack } from "cdktf";
import type { NodeConfig } from "../../shared/schema/nodes";
import type { NodeResource } from "../../shared/constructs/node-resource";
import { plainAddress } from "../../shared/constructs/plain-address";
import { proofConfigMap } from "../names";

export interface ProofRecordProps {
  /** What it is for, for those who find it in the cluster. */
  readonly purpose: string;
  /** What was proven. */
  readonly data: Readonly<Record<string, string>>;
  readonly nodes: readonly NodeConfig[];
  /** The proof on each node. */
  readonly proofs: readonly NodeResource[];
}

/**
 * What was proven on every node, in the cluster, where the stack metallb finds it whatever backend keeps the states. A
 * new proof replaces it: Terraform first deletes what depends on a resource that it replaces, so that after a proof that
 * failed there is no record of an older one. A node that joins has a proof that replaces none, so the list of nodes does
 * the same.
 */
export class ProofRecord extends ConfigMapV1 {
  constructor(stack: TerraformStack, { purpose, data, nodes, proofs }: ProofRecordProps) {
    const proven = new DataResource(stack, "proven-nodes", { input: nodes.map(({ name }) => name).sort() });
    super(stack, "proof", {
      metadata: { ...proofConfigMap, annotations: { "baremetal-lb/purpose": purpose } },
      data: { ...data },
      dependsOn: [...proofs],
      lifecycle: { replaceTriggeredBy: [...proofs, proven].map(plainAddress) },
    });
  }
}
