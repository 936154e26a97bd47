import { DataKubernetesConfigMapV1 } from "@cdktf/provider-kubernetes/lib/data-kubernetes-config-map-v1";
import { Resource } from "@cdktf/provider-null/lib/resource";
import { TerraformStack } from "cdktf";
import type { NodeConfig } from "../../shared/schema/nodes";
import { nodeProof } from "../addresses";
import { NodeResource } from "../../shared/constructs/node-resource";
import { RemoteScript } from "../../shared/constructs/remote-script";
import type { SshAccess } from "../../shared/constructs/ssh-access";
import { originalConfigMap } from "../names";
import { restoreId } from "./configuration-restore";
import { ProofRecord } from "./proof-record";

const refusal =
  "kube-proxy of this cluster was changed by this project, which has to put it back before it lets go of it: write" +
  " kubeProxy in cluster.yaml as it was, run cdktf destroy kube-proxy --ignore-missing-stack-dependencies, and only then set kubeProxy: unmanaged." +
  " Nothing was changed.";

/**
 * A kube-proxy, or what stands in its place, that this project leaves alone: a proof on every node instead of a change,
 * and the record of it that the stack metallb asks for.
 */
export class UnmanagedProxy {
  constructor(
    stack: TerraformStack,
    { ssh, nodes }: { readonly ssh: SshAccess; readonly nodes: readonly NodeConfig[] },
  ) {
    new DataKubernetesConfigMapV1(stack, "kept-original", {
      metadata: originalConfigMap,
      lifecycle: { postcondition: [{ condition: "${self.data == null}", errorMessage: refusal }] },
    });
    // Conditions are left out of a destroy, and Terraform would delete config.conf, with no step before it, since the
    // step is declared no more. Declared with no instance, it runs for one that the state has from before.
    new Resource(stack, restoreId, {
      count: 0,
      provisioners: [{ type: "local-exec", when: "destroy", command: `echo '${refusal}' >&2; exit 1` }],
    });
    const prove = new RemoteScript(stack, ssh, "kube-proxy/prove-unmanaged");
    const proofs = nodes.map(
      (node) =>
        new NodeResource(stack, nodeProof(node.name).id, {
          triggers: {
            script: prove.hash,
            address: node.address,
            ...(node.hostKey && { host_key: node.hostKey }),
          },
          provisioners: [prove.onCreate(node)],
        }),
    );
    new ProofRecord(stack, {
      purpose:
        "what baremetal-lb has found on every node of a kube-proxy that it does not manage; metallb is deployed on top of it",
      data: { mode: "unmanaged" },
      nodes,
      proofs,
    });
  }
}
