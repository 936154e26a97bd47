import { DataKubernetesResources } from "@cdktf/provider-kubernetes/lib/data-kubernetes-resources";
import type { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import type { ITerraformDependable, TerraformStack } from "cdktf";
import { allPools } from "../resources/as-sections";
import { isComponent, namespaceName } from "../release/component";
import { declaredImage } from "../release/images";
import type { Manifest, ManifestObject } from "../release/manifest-objects";
import type { NodeConfig } from "../../shared/schema/nodes";
import type { MetallbConfig } from "../schema/metallb";
import { deployFirstSentence } from "../../shared/deploy-first";
import { quoted } from "../../shared/terraform-text";
import type { TerraformAddress } from "../../shared/constructs/plain-address";
import { LoadBalancerClassGate } from "./load-balancer-class-gate";
import { isTyped, manifestResource } from "./manifest-object";
import { monitoring } from "./monitoring";
import { poolDefinition, poolDefinitions } from "./pool-definitions";
import type { Memberlist } from "./memberlist";
import { RolloutProof, type RolloutProofProps } from "./rollout-proof";
import { frrK8sReady } from "../addresses";

export interface CustomResourcesProps {
  readonly nodes: readonly NodeConfig[];
  readonly metallb: MetallbConfig;
  readonly manifest: Manifest;
  readonly namespace: NamespaceV1;
  readonly memberlist: Memberlist;
  /** Whether the controller may run on control-plane nodes. */
  readonly onControlPlane: boolean;
  /** Whether the API server fills in the host's ports of pods on its network: below Kubernetes 1.28. */
  readonly hostPorts: boolean;
  /** Where and how long the rollout of frr-k8s is waited for. */
  readonly proof: Omit<RolloutProofProps, "script" | "of" | "after">;
}

const workloads = ["Deployment", "DaemonSet"];
const webhooks = ["ValidatingWebhookConfiguration"];

/** MetalLB 0.13 or later, out of upstream's manifest. Gives what the rollout is to be proven for. */
export function configuredByCustomResources(
  stack: TerraformStack,
  { nodes, metallb, manifest, namespace, memberlist, onControlPlane, hostPorts, proof }: CustomResourcesProps,
): readonly TerraformAddress[] {
  requirePools(stack, metallb);
  const of = (kinds: (object: ManifestObject) => boolean) =>
    manifest.filter((object) => isTyped(object) && kinds(object));
  const isWorkload = ({ kind }: ManifestObject) => workloads.includes(kind);
  const isWebhook = ({ kind }: ManifestObject) => webhooks.includes(kind);
  const isRole = ({ kind }: ManifestObject) => kind.endsWith("Role");
  const isBinding = ({ kind }: ManifestObject) => kind.endsWith("RoleBinding");
  const { ignoreExcludeLB, loadBalancerClass, allowAddressLoss, controller, speaker, frrk8s, imagePullSecrets } =
    metallb;
  const gate = allowAddressLoss ? undefined : new LoadBalancerClassGate(stack, { nodes, metallb });
  const readsSecrets = metallb.memberlistKey === "state";

  const made = (object: ManifestObject, before: readonly ITerraformDependable[] = []) =>
    manifestResource(stack, object, {
      readsSecrets,
      excludeInterfaces: speaker.excludeInterfaces,
      dependsOn: [...(object.metadata.namespace === undefined ? [] : [namespace]), ...before],
    });
  const roles = of(isRole).map((object) => made(object));
  const first = [
    ...roles,
    // Whoever may not do all may bind a role that is there only: the API server looks into it.
    ...of(isBinding).map((object) => made(object, roles)),
    ...of((object) => ![isRole, isBinding, isWorkload, isWebhook].some((is) => is(object))).map((object) =>
      made(object),
    ),
  ];
  const workload = (object: ManifestObject, before: readonly ITerraformDependable[]) =>
    manifestResource(stack, object, {
      imageOf: (upstream) => declaredImage(upstream, metallb),
      ignoreExcludeLB,
      loadBalancerClass,
      controllerPrecondition: gate?.precondition,
      onControlPlane,
      hostPorts,
      pods: { settings: { controller, speaker, frrk8s }, imagePullSecrets },
      scrapeAnnotations: metallb.monitoring?.scrapeAnnotations,
      restartOnKey: memberlist.restartOn,
      dependsOn: [...before],
    });
  const isOfFrrK8s = ({ metadata }: ManifestObject) => !isComponent(metadata.name);
  const frrK8s = of(isWorkload)
    .filter(isOfFrrK8s)
    .map((object) => workload(object, first));
  // Before the speakers: one that starts hands its sessions over to the frr-k8s of its node.
  const ready =
    frrK8s.length === 0
      ? []
      : [new RolloutProof(stack, frrK8sReady.id, { ...proof, script: "metallb/require-frr-k8s", of: frrK8s })];
  const pods = of(isWorkload)
    .filter((object) => !isOfFrrK8s(object))
    .map((object) => workload(object, [...first, ...memberlist.resources, ...ready]));
  monitoring(stack, metallb, { namespace });
  // Behind the pods: what the webhook is asked for, nobody can change until they answer.
  const last = of(isWebhook).map((object) =>
    manifestResource(stack, object, { webhookFailurePolicy: metallb.webhookFailurePolicy, dependsOn: pods }),
  );
  return [...first, ...memberlist.resources, ...frrK8s, ...pods, ...last];
}

/**
 * Refuses a cluster without the pools: MetalLB's controller, at its start, takes the addresses of all Services away
 * where it finds no pool at all (controller/service.go: "pools are empty").
 */
function requirePools(stack: TerraformStack, metallb: MetallbConfig): void {
  const refusal = (what: string) =>
    `The cluster lacks ${what}. ${deployFirstSentence("address-pools")}: MetalLB would take the addresses of Services away. Nothing was changed.`;
  const definitions = poolDefinitions(stack, "pool-definitions");
  definitions.lifecycle = {
    postcondition: [
      {
        condition: "${length(self.objects) > 0}",
        errorMessage: refusal(`the kind of the address pools, CustomResourceDefinition ${poolDefinition}`),
      },
    ],
  };
  const names = allPools(metallb).map(({ name }) => name);
  const missing = `setsubtract([${names.map(quoted).join(", ")}], self.objects[*].metadata.name)`;
  const found = new DataKubernetesResources(stack, "address-pools", {
    apiVersion: "metallb.io/v1beta1",
    kind: "IPAddressPool",
    namespace: namespaceName,
    lifecycle: {
      postcondition: [
        {
          condition: `\${length(${missing}) == 0}`,
          errorMessage: refusal(`address pools of cluster.yaml: \${join(", ", ${missing})}`),
        },
      ],
    },
  });
  // A kind that is not there is an error of the provider's, which would keep a destroy from its work, too.
  found.addOverride("count", `\${min(1, length(data.kubernetes_resources.${definitions.friendlyUniqueId}.objects))}`);
}
