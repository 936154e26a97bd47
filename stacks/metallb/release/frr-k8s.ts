import { isSince } from "../../../values/versions";
import type { MetallbVersion } from "./releases";

// frr-k8s, which does MetalLB's BGP with bgpType frr-k8s: what upstream's manifests call its objects.

/** The pods that have FRR, one on each node. */
export const frrK8sDaemon = { name: "frr-k8s-daemon", selector: "control-plane=frr-k8s" } as const;

/** The label by which its workloads find their pods. */
export const frrK8sSelectorLabel = "control-plane";

/** The Deployment whose webhook judges FRRConfigurations: a server of its own, from 0.15.3 on what also removes old states. */
export const frrK8sWebhookServer = (version: MetallbVersion): string =>
  isSince(version, "0.15.3") ? "frr-k8s-statuscleaner" : "frr-k8s-webhook-server";

/** The name of its webhook's configuration. */
export const frrK8sWebhookConfiguration = "frr-k8s-validating-webhook-configuration";

/** The API group and version of its kinds. */
export const frrK8sGroup = "frrk8s.metallb.io";
export const frrK8sApiVersion = "v1beta1";

/** In which its daemons say whether FRR took the configuration, one for each node, by the node's name. */
export const frrNodeStates = "frrnodestates";

/** In which they say how each session is, from 0.15 on; with its labels; upstream: frr-tools/status of frr-k8s. */
export const bgpSessionStates = {
  plural: "bgpsessionstates",
  since: "0.15.0",
  labels: { node: "frrk8s.metallb.io/node", peer: "frrk8s.metallb.io/peer", vrf: "frrk8s.metallb.io/vrf" },
} as const satisfies { readonly since: MetallbVersion } & Record<string, unknown>;
