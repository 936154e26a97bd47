import { namespaceName as namespace } from "../../stacks/metallb/release/component";
import { customResources } from "../../stacks/metallb/pools/custom-resources";
import { type ResourceKind, resourceKinds } from "../../stacks/metallb/pools/resource-kinds";
import { webhookConfigurationName } from "../../stacks/metallb/release/running";
import type { ClusterConfig } from "../../cluster/schema";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import {
  listResources,
  type LiveResource,
  resourceDifferences,
  undeclaredNames,
  type Wanted,
} from "../custom-resources";
import { type Check, failed, heal, list, passed } from "./check";

const id = "metallb.config";

/** The custom resources that configure MetalLB 0.13 and later: whether they are what is declared, kind by kind. */
export async function verifyResources(api: KubernetesApi, { metallb }: ClusterConfig): Promise<readonly Check[]> {
  const declared = customResources(metallb);
  const ofKinds = await Promise.all(
    resourceKinds.map(async (kind) => {
      const wanted = declared.filter((one) => one.kind === kind.kind);
      return ofKind(kind, wanted, await listResources(api, kind));
    }),
  );
  return [...ofKinds.flat(), await webhookCheck(api)];
}

function ofKind(kind: ResourceKind, wanted: readonly Wanted[], found: readonly LiveResource[] | undefined): Check[] {
  const place = `${namespace}/${kind.plural}`;
  if (found === undefined) {
    const text = `the cluster does not know the kind ${kind.kind}`;
    return [failed(id, place, text, "npx cdktf deploy metallb-crds address-pools metallb")];
  }
  const undeclared = undeclaredNames(wanted, found).map((name) =>
    failed(
      "metallb.undeclared",
      `${place}/${name}`,
      `${kind.kind} ${name} is not declared, and MetalLB takes it like the others`,
      `declare it in cluster.yaml, or kubectl -n ${namespace} delete ${kind.plural}/${name}`,
    ),
  );
  const problems = resourceDifferences(kind, wanted, found);
  if (problems.length > 0) return [failed(id, place, problems.join("; "), heal), ...undeclared];
  if (wanted.length === 0) return undeclared;
  const names = wanted.map(({ metadata }) => metadata.name);
  const verb = names.length === 1 ? "is" : "are";
  return [passed(id, place, `${kind.kind} ${list(names)} ${verb} as declared`), ...undeclared];
}

interface Webhooks {
  readonly webhooks?: readonly { readonly clientConfig?: { readonly caBundle?: string } }[];
}

/** Whether the webhook that judges the resources is there, with the CA that MetalLB's controller writes into it. */
async function webhookCheck(api: KubernetesApi): Promise<Check> {
  const webhook = "metallb.webhook";
  const name = webhookConfigurationName;
  const subject = `ValidatingWebhookConfiguration ${name}`;
  const found = (await api.get(`/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${name}`)) as
    Webhooks | undefined;
  if (found === undefined) return failed(webhook, name, `${subject} does not exist: nobody judges the pools`, heal);
  const hooks = found.webhooks ?? [];
  const without = hooks.filter(({ clientConfig }) => !clientConfig?.caBundle).length;
  if (hooks.length === 0 || without > 0) {
    const text = `${subject}: ${without} of ${hooks.length} webhooks have no CA, so that no change of a pool is let in`;
    return failed(webhook, name, text, "see the controller's log; it writes the CA when it starts");
  }
  return passed(webhook, name, `${subject} has its CA`);
}
