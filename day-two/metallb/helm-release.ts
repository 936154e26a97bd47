import { namespaceName } from "../../stacks/metallb/release/component";
import type { KubernetesApi } from "../../remote/kubernetes/connect";

/** A MetalLB that Helm installed. */
export interface HelmRelease {
  readonly release: string;
  readonly namespace: string;
  /** The name of the controller's Deployment: metallb-controller for a release called metallb. */
  readonly controller: string;
}

interface Deployments {
  readonly items?: readonly {
    readonly metadata?: {
      readonly name?: string;
      readonly namespace?: string;
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
    };
  }[];
}

const selector = "app.kubernetes.io/name=metallb,app.kubernetes.io/component=controller";

/**
 * The MetalLB of a Helm release, in whatever namespace; undefined where there is none. By the labels of upstream's chart
 * (charts/metallb/templates/_helpers.tpl), and what Helm itself writes on every object of a release.
 */
export async function findHelmRelease(api: Pick<KubernetesApi, "get">): Promise<HelmRelease | undefined> {
  const query = `labelSelector=${encodeURIComponent(selector)}`;
  const { items = [] } = ((await api.get(`/apis/apps/v1/deployments?${query}`)) ?? {}) as Deployments;
  return items.flatMap(({ metadata: { name, namespace, labels = {}, annotations = {} } = {} }) => {
    if (labels["app.kubernetes.io/managed-by"] !== "Helm" || name === undefined || namespace === undefined) return [];
    const release = annotations["meta.helm.sh/release-name"] ?? labels["app.kubernetes.io/instance"] ?? name;
    return [{ release, namespace, controller: name }];
  })[0];
}

/** What it is, and the way to these stacks. */
export const helmText = ({ release, namespace, controller }: HelmRelease): string =>
  `the MetalLB of this cluster is the Helm release ${release} (Deployment ${namespace}/${controller}), whose objects have other names than these stacks': ` +
  "side by side the two would give and announce the same addresses. To move, while addresses are silent from step 2 on: " +
  `1. kubectl -n ${namespace} scale deployment/${controller} --replicas=0, so that no controller sees the pools go and takes addresses away; ` +
  `2. helm -n ${namespace} uninstall ${release}; ` +
  `${namespace === namespaceName ? "3. npx baremetal-lb adopt, for the namespace that stays; 4." : "3."} npx cdktf deploy '*'`;
