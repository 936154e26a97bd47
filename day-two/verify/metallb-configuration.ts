import { usesCustomResources } from "../../stacks/metallb/release/releases";
import { webhookConfigurationName } from "../../stacks/metallb/release/running";
import type { ClusterConfig } from "../../cluster/schema";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import type { Installation } from "../metallb/installation";
import { type ConfigurationPart, liveConfiguration } from "../metallb/configuration";
import { type Check, failed, list, passed } from "./check";
import { webhookCheck } from "./webhook";

const id = "metallb.config";

/** Whether MetalLB's configuration is what is declared, and what judges it is there. */
export async function verifyConfiguration(
  api: KubernetesApi,
  { metallb }: ClusterConfig,
  installation: Installation,
): Promise<readonly Check[]> {
  const parts = (await liveConfiguration(api, installation, metallb)).flatMap((part) => ofPart(part, installation));
  return usesCustomResources(metallb.version)
    ? [...parts, await webhookCheck(api, { ...metallbWebhook, mend: installation.mend })]
    : parts;
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

/** The webhook that judges the resources, with the CA that MetalLB's controller writes into it. */
const metallbWebhook = {
  id: "metallb.webhook",
  name: webhookConfigurationName,
  judges: "the pools",
  stopped: "no change of a pool is let in",
  writer: "see the controller's log; it writes the CA when it starts",
} as const;
