import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { TerraformStack } from "cdktf";
import type { ManagedConfig } from "../schema";
import { plainAddress } from "../../shared/constructs/plain-address";
import type { Configuration } from "./configuration";
import { proofConfigMap, restartIdKey } from "../names";
import type { Proof } from "./proof";

export interface ProofRecordProps {
  readonly kubeProxy: ManagedConfig;
  readonly configuration: Configuration;
  readonly proof: Proof;
}

/**
 * What was proven on every node, in the cluster, where the stack metallb finds it whatever backend keeps the states. A
 * new proof replaces it: Terraform first deletes what depends on a resource that it replaces, so that after a proof that
 * failed there is no record of an older one.
 */
export class ProofRecord extends ConfigMapV1 {
  constructor(stack: TerraformStack, { kubeProxy, configuration, proof }: ProofRecordProps) {
    super(stack, "proof", {
      metadata: {
        ...proofConfigMap,
        annotations: {
          "baremetal-lb/purpose":
            "what baremetal-lb has proven of kube-proxy on every node; metallb is deployed on top of it",
        },
      },
      data: {
        mode: kubeProxy.mode,
        // The only mode that it means anything in.
        ...(kubeProxy.mode === "ipvs" && { strictARP: String(kubeProxy.strictARP) }),
        [restartIdKey]: configuration.restartId,
      },
      dependsOn: proof.resources,
      lifecycle: { replaceTriggeredBy: proof.resources.map(plainAddress) },
    });
  }
}
