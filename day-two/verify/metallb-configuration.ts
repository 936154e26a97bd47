import { usesCustomResources } from "../../stacks/metallb/release/releases";
import { webhookConfigurationName } from "../../stacks/metallb/release/running";
import type { ClusterConfig } from "../../cluster/schema";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import type { Installation } from "../metallb/installation";
import { type ConfigurationPart, liveConfiguration } from "../metallb/configuration";
import { type Check, failed, list, passed } from "./check";

const id = "metallb.config";

/** Whether MetalLB's configuration is what is declared, and what judges it is there. */
export async function verifyConfiguration(
  api: KubernetesApi,
  { metallb }: ClusterConfig,
  installation: Installation,
): Promise<readonly Check[]> {
  const parts = (await liveConfiguration(api, installation, metallb)).flatMap((part) => ofPart(part, installation));
  return usesCustomResources(metallb.version) ? [...parts, await webhookCheck(api, installation)] : parts;
}

function ofPart(
  { place, subject, problem, differences, declared, undeclared }: ConfigurationPart,
  { own, mend }: Installation,
): Check[] {
  if (problem !== undefined) {
    const remedy = problem.is === "unknown kind" && own ? "npx cdktf deploy '*'" : mend;
    return [failed(id, place, problem.text, remedy)];
  }
  const more = undeclared.map((name) =>
    failed(
      "metallb.undeclared",
      `${place}/${name}`,
      `${subject} ${name} is not declared, and MetalLB takes it like the others`,
      `declare it in cluster.yaml, or kubectl -n ${place.replace("/", " delete ")}/${name}`,
    ),
  );
  const isConfigMap = subject.includes(" ");
  if (differences.length > 0) {
    const said = differences.join("; ");
    return [failed(id, place, isConfigMap ? `${subject}: ${said}` : said, mend), ...more];
  }
  if (declared.length === 0) return more;
  const verb = declared.length === 1 ? "is" : "are";
  const text = isConfigMap
    ? `${subject} is as declared: ${list(declared)}`
    : `${subject} ${list(declared)} ${verb} as declared`;
  return [passed(id, place, text), ...more];
}

interface Webhooks {
  readonly webhooks?: readonly { readonly clientConfig?: { readonly caBundle?: string } }[];
}

/** Whether the webhook that judges the resources is there, with the CA that MetalLB's controller writes into it. */
async function webhookCheck(api: KubernetesApi, { mend }: Installation): Promise<Check> {
  const webhook = "metallb.webhook";
  const name = webhookConfigurationName;
  const subject = `ValidatingWebhookConfiguration ${name}`;
  const found = (await api.get(`/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${name}`)) as
    Webhooks | undefined;
  if (found === undefined) return failed(webhook, name, `${subject} does not exist: nobody judges the pools`, mend);
  const hooks = found.webhooks ?? [];
  const without = hooks.filter(({ clientConfig }) => !clientConfig?.caBundle).length;
  if (hooks.length === 0 || without > 0) {
    const text = `${subject}: ${without} of ${hooks.length} webhooks have no CA, so that no change of a pool is let in`;
    return failed(webhook, name, text, "see the controller's log; it writes the CA when it starts");
  }
  return passed(webhook, name, `${subject} has its CA`);
}
