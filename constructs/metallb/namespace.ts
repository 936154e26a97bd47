import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import type { Construct } from "constructs";
import { appLabels, namespaceName } from "../../config/metallb/component";

export interface MetallbNamespaceProps {
  /**
   * Whether the cluster judges pods by Pod Security admission alone: true from Kubernetes 1.25 on. The speaker uses
   * the host's network and raw sockets, which only the level `privileged` lets in.
   */
  readonly podSecurityAdmission: boolean;
}

const privileged = {
  "pod-security.kubernetes.io/enforce": "privileged",
  "pod-security.kubernetes.io/audit": "privileged",
  "pod-security.kubernetes.io/warn": "privileged",
} as const;

/** The namespace metallb-system; upstream: manifests/namespace.yaml. */
export class MetallbNamespace extends NamespaceV1 {
  constructor(scope: Construct, id: string, props: MetallbNamespaceProps) {
    super(scope, id, {
      metadata: {
        name: namespaceName,
        labels: { ...appLabels, ...(props.podSecurityAdmission ? privileged : {}) },
      },
    });
  }
}
