import {
  PodSecurityPolicyV1Beta1,
  type PodSecurityPolicyV1Beta1Spec,
} from "@cdktf/provider-kubernetes/lib/pod-security-policy-v1beta1";
import { Construct } from "constructs";
import { appLabels, type Component, components } from "../release/component";
import { objectsHave } from "../release/written-objects";
import { monitoringPort, speakerCapabilities } from "./pod-template";

export interface PodSecurityPoliciesProps {
  /** MetalLB's, without a `v`. */
  readonly version: string;
  /** Where the speakers find each other. */
  readonly memberlistPort: number;
}

const anyId = { rule: "RunAsAny" } as const;
const anyIdButRoot = { rule: "MustRunAs", range: [{ min: 1, max: 65535 }] };

// allowedHostPaths, empty upstream, is a block in Terraform: no host path is allowed unless there is one.
const shared = {
  allowPrivilegeEscalation: false,
  defaultAddCapabilities: [],
  defaultAllowPrivilegeEscalation: false,
  hostIpc: false,
  hostPid: false,
  readOnlyRootFilesystem: true,
  requiredDropCapabilities: ["ALL"],
  seLinux: { rule: "RunAsAny" },
  volumes: ["configMap", "secret", "emptyDir"],
};

const specsOf = ({
  version,
  memberlistPort,
}: PodSecurityPoliciesProps): Readonly<Record<Component, PodSecurityPolicyV1Beta1Spec>> => ({
  controller: {
    ...shared,
    allowedCapabilities: [],
    hostNetwork: false,
    privileged: false,
    fsGroup: anyIdButRoot,
    runAsUser: anyIdButRoot,
    supplementalGroups: anyIdButRoot,
  },
  speaker: {
    ...shared,
    allowedCapabilities: speakerCapabilities(version),
    hostNetwork: true,
    hostPorts: [monitoringPort, ...(objectsHave(version, "memberlistPorts") ? [memberlistPort] : [])].map((port) => ({
      min: port,
      max: port,
    })),
    privileged: true,
    fsGroup: anyId,
    runAsUser: anyId,
    supplementalGroups: anyId,
  },
});

/** The two PodSecurityPolicies, for clusters below Kubernetes 1.25; upstream: manifests/metallb.yaml. */
export class PodSecurityPolicies extends Construct {
  readonly resources: readonly PodSecurityPolicyV1Beta1[];

  constructor(scope: Construct, id: string, props: PodSecurityPoliciesProps) {
    super(scope, id);
    const specs = specsOf(props);
    this.resources = components.map((component) => {
      const policy = new PodSecurityPolicyV1Beta1(this, component, {
        metadata: { name: component, labels: appLabels },
        spec: specs[component],
      });
      policy.overrideLogicalId(component);
      return policy;
    });
  }
}
