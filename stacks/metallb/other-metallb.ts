import { components, namespaceName, namespaceOwner } from "./release/component";

// A MetalLB that these stacks did not make: what it is known by, and what is said of it.

/** What selects every object of a MetalLB, by who made it. */
export const objectSelectors = { manifest: "app=metallb", chart: "app.kubernetes.io/name=metallb" } as const;

/**
 * What selects the two workloads of every MetalLB, wherever it is and whatever their names: the labels of upstream's
 * manifests (and of the old chart stable/metallb), and those of upstream's chart (charts/metallb/templates/_helpers.tpl),
 * which Bitnami's has, too.
 */
export const workloadSelectors = {
  manifest: `${objectSelectors.manifest},component in (${components.join(",")})`,
  chart: `${objectSelectors.chart},app.kubernetes.io/component in (${components.join(",")})`,
} as const;

/** The annotation that Helm writes on every object of a release, with the release's name. */
export const releaseAnnotation = "meta.helm.sh/release-name";

/** The data source of a plan that refuses another MetalLB. */
export const otherMetallbGate = "daemon-sets-by-chart";

/** Texts, or Terraform's templates of them. */
export interface OtherMetallb {
  /** "Deployment lb/lb-metallb-controller (Helm release lb), DaemonSet lb/lb-metallb-speaker (Helm release lb)" */
  readonly found: string;
  /** The commands that stop its controller. */
  readonly stop: string;
  /** What removes it. */
  readonly remove: string;
}

export const stopCommand = (namespace: string, deployment: string): string =>
  `kubectl -n ${namespace} scale deployment/${deployment} --replicas=0`;

/** In the place of such commands, where only a speaker is left. */
export const noController = "(its controller is gone already)";

export const uninstallCommand = (namespace: string, release: string): string =>
  `helm -n ${namespace} uninstall ${release}`;

/** What removes a workload that is of no release. */
export const removeText = (workload: string): string => `remove ${workload} and its RBAC as it was installed`;

/** What is in the way of these stacks, and the way to them. It begins a sentence, or follows a colon. */
export const otherMetallbText = ({ found, stop, remove }: OtherMetallb): string =>
  `another MetalLB is in this cluster: ${found}. ` +
  "Side by side with that of these stacks it would give and announce the same addresses. " +
  `To move to these stacks: npx baremetal-lb adopt takes over a Helm release in the namespace ${namespaceName}; ` +
  "any other goes this way, while addresses are silent from step 4 on: " +
  "1. npx cdktf deploy nodes kube-proxy; " +
  `2. where there is a namespace ${namespaceName}: kubectl annotate namespace ${namespaceName} ${namespaceOwner.annotation}=metallb-crds; ` +
  `3. ${stop}, so that no controller sees the pools go and takes addresses away; ` +
  `4. ${remove}; ` +
  "5. npx baremetal-lb adopt, for what stays; " +
  "6. npx cdktf deploy '*'. " +
  "To keep it: do not deploy the stacks of MetalLB; status, verify and upgrade work with it as it is";
