import { isSince } from "../../../values/versions";
import { type MetallbVersion, usesCustomResources } from "./releases";

/** How a MetalLB that runs tells what it does: ports and names that differ by version. */
export interface Running {
  /**
   * The port of both programs' metrics; the speaker uses the host's network, so it is a port of every node. From 0.16 on
   * they are served by HTTPS, with a certificate that each process makes at its start, to who has a token that Kubernetes
   * knows and the right to read them; the API server's proxy hands no token on.
   */
  readonly metrics: { readonly port: number; readonly secure: boolean };
  /** The prefix of a Service's annotations; the older one is still read by every version. */
  readonly annotationPrefix: "metallb.io" | "metallb.universe.tf";
}

/** The prefix that annotations of Services had up to 0.13; upstream: DeprecatedAnnotationPrefix in controller/service.go. */
export const olderAnnotationPrefix = "metallb.universe.tf";

/** The name of the webhooks' configuration in upstream's manifests of 0.13 and later. */
export const webhookConfigurationName = "metallb-webhook-configuration";

/** The objects in which the speakers of 0.16 say what they announce; upstream: api/v1beta1. */
export const statusKinds = [
  { plural: "servicel2statuses", protocol: "layer2" },
  { plural: "servicebgpstatuses", protocol: "bgp" },
] as const;

/** Their labels; upstream: internal/k8s/controllers/values.go. */
export const statusLabels = {
  node: "metallb.io/node",
  service: "metallb.io/service-name",
  namespace: "metallb.io/service-namespace",
} as const;

/** The name of the ConfigurationState of a pod; upstream: configStateName in internal/k8s/k8s.go. */
export const configurationStateName = (component: string | undefined, node: string): string =>
  component === "speaker" ? `speaker-${node}` : "controller";

/** How a version tells what it does. */
export const runningOf = (version: MetallbVersion): Running => ({
  metrics: isSince(version, "0.16.0") ? { port: 9120, secure: true } : { port: 7472, secure: false },
  annotationPrefix: isSince(version, "0.14.9") ? "metallb.io" : olderAnnotationPrefix,
});

/** Upstream: the ConfigMap metallb-excludel2 of the manifests, oldest first. */
const excludedInterfaces = [
  ["0.13.10", ["^docker.*", "^cbr.*", "^dummy.*", "^virbr.*", "^lxcbr.*", "^veth.*", "^lo$", "^cali.*", "^tunl.*"]],
  ["0.13.10", ["^flannel.*", "^kube-ipvs.*", "^cni.*", "^nodelocaldns.*"]],
  ["0.15.3", ["^lxc.*"]],
] as const;

/** Interfaces that layer2 does not announce from. */
export const excludedInterfacesOf = (version: MetallbVersion): readonly string[] =>
  excludedInterfaces.flatMap(([since, names]) => (isSince(version, since) ? names : []));

/** What the speakers make their memberlist's key of, since which release; upstream: internal/speakerlist/speakerlist.go. */
const memberlistKeys = [
  ["0.16.2", "the secret's SHA-256"],
  ["0.14.2", "32 bytes of the secret"],
  ["0.0.0", "16 bytes of the secret"],
] as const;

/** What the speakers of any version, such as 0.14.5, make their memberlist's key of. Only equal ones see each other. */
export const memberlistKeyOf = (version: string): string | undefined =>
  memberlistKeys.find(([since]) => isSince(version, since))?.[1];

/** What holds the pools, in words. */
export const configurationText = (version: MetallbVersion): string =>
  usesCustomResources(version) ? "the address pools" : "the ConfigMap metallb-system/config";
