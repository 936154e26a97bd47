import { DataKubernetesResources } from "@cdktf/provider-kubernetes/lib/data-kubernetes-resources";
import type { TerraformResourceLifecycle, TerraformStack } from "cdktf";
import {
  objectSelectors,
  noController,
  otherMetallbGate,
  otherMetallbText,
  releaseAnnotation,
  removeText,
  stopCommand,
  uninstallCommand,
  workloadSelectors,
} from "../other-metallb";
import { components, namespaceName } from "../release/component";
import { ResourcesInNamespaces } from "../../shared/constructs/resources-in-namespaces";
import { quoted } from "../../shared/terraform-text";

/**
 * Refuses a cluster in which another MetalLB is, such as Helm's, in whatever namespace. One whose workloads have upstream's
 * names and namespace is this project's own, or can be adopted.
 *
 * As KubeProxyGate: every plan checks it but that of a destroy.
 */
export class OtherMetallbGate {
  constructor(stack: TerraformStack) {
    const namespaces = `toset(${namespacesOfMetallb(stack)})`;
    const list = (id: string, kind: string, labelSelector: string, lifecycle?: TerraformResourceLifecycle) =>
      new ResourcesInNamespaces(stack, id, { apiVersion: "apps/v1", kind, labelSelector, namespaces, lifecycle });

    const deployments = others(
      list("deployments-by-manifest", "Deployment", workloadSelectors.manifest).here,
      list("deployments-by-chart", "Deployment", workloadSelectors.chart).here,
    );
    const daemonSets = others(
      list("daemon-sets-by-manifest", "DaemonSet", workloadSelectors.manifest).here,
      // A condition knows the objects of its own data source as self only.
      "self.objects",
    );
    list(otherMetallbGate, "DaemonSet", workloadSelectors.chart, {
      postcondition: [
        {
          condition: `\${length(concat(${deployments}, ${daemonSets})) == 0}`,
          errorMessage: `${message(deployments, daemonSets)}. Nothing was changed.`,
        },
      ],
    });
  }
}

/**
 * Expression: a list of the namespaces in which a MetalLB may be. By its ClusterRoleBindings, which have no namespace
 * themselves: to look at the workloads of every namespace would take a minute in a large cluster, at the five requests a
 * second that the provider makes.
 */
function namespacesOfMetallb(stack: TerraformStack): string {
  const list = (id: string, labelSelector: string) => {
    const apiVersion = "rbac.authorization.k8s.io/v1";
    const found = new DataKubernetesResources(stack, id, { apiVersion, kind: "ClusterRoleBinding", labelSelector });
    return `data.kubernetes_resources.${found.friendlyUniqueId}.objects`;
  };
  const bindings = `concat(${list("bindings-by-manifest", objectSelectors.manifest)}, ${list("bindings-by-chart", objectSelectors.chart)})`;
  const ofSubjects = `flatten([for one in ${bindings} : try(one.subjects[*].namespace, [])])`;
  return `compact(concat([${quoted(namespaceName)}], ${ofSubjects}))`;
}

/** Expression: those of the objects that are not where this project has its own. */
const others = (...lists: readonly string[]): string =>
  `[for one in concat(${lists.join(", ")}) : one if !(one.metadata.namespace == ${quoted(namespaceName)}` +
  ` && contains([${components.map(quoted).join(", ")}], one.metadata.name))]`;

const [namespace, name] = ["${one.metadata.namespace}", "${one.metadata.name}"];

/** A template: the sentences. */
function message(deployments: string, daemonSets: string): string {
  const release = `try(one.metadata.annotations[${quoted(releaseAnnotation)}], "")`;
  const ofRelease = `\${${release} == "" ? "" : " (Helm release \${${release}})"}`;
  const each = (list: string, text: string) => `[for one in ${list} : ${text}]`;
  const workload = (kind: string) => `${kind} ${namespace}/${name}`;
  const removal = (kind: string) =>
    `${release} == "" ? "${removeText(workload(kind))}" : "${uninstallCommand(namespace, `\${${release}}`)}"`;
  const joined = (separator: string, ...lists: readonly string[]) =>
    `\${join("${separator}", distinct(concat(${lists.join(", ")})))}`;
  const text = otherMetallbText({
    found: joined(
      ", ",
      each(deployments, `"${workload("Deployment")}${ofRelease}"`),
      each(daemonSets, `"${workload("DaemonSet")}${ofRelease}"`),
    ),
    stop: `\${length(${deployments}) == 0 ? "${noController}" : ""}${joined(" && ", each(deployments, `"${stopCommand(namespace, name)}"`))}`,
    remove: joined("; ", each(deployments, removal("Deployment")), each(daemonSets, removal("DaemonSet"))),
  });
  return text.replace(/^a/, "A");
}
