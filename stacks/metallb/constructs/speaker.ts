import { DaemonSetV1, type DaemonSetV1SpecTemplate } from "@cdktf/provider-kubernetes/lib/daemon-set-v1";
import type { Construct } from "constructs";
import { controlPlaneTolerations, daemonSetSettings } from "../pod-settings";
import { componentLabels, memberlistSecret, namespaceName } from "../release/component";
import { objectsHave } from "../release/written-objects";
import { memberlistPort } from "../../shared/memberlist-port";
import {
  container,
  containerSecurity,
  keyAnnotation,
  monitoring,
  podMetadata,
  podSpec,
  restartAnnotations,
  settled,
  speakerCapabilities,
  type SpeakerProps,
} from "./pod-template";

const fromField = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });

const labelSelector = Object.entries(componentLabels("speaker"))
  .map(([label, value]) => `${label}=${value}`)
  .join(",");

const environmentOf = (version: string) => [
  fromField("METALLB_NODE_NAME", "spec.nodeName"),
  fromField("METALLB_HOST", "status.hostIP"),
  fromField("METALLB_ML_BIND_ADDR", "status.podIP"),
  { name: "METALLB_ML_LABELS", value: labelSelector },
  ...(objectsHave(version, "ownNamespace") ? [] : [fromField("METALLB_ML_NAMESPACE", "metadata.namespace")]),
  { name: "METALLB_ML_SECRET_KEY", valueFrom: { secretKeyRef: { ...memberlistSecret, optional: false } } },
];

const memberlistPorts = [
  { name: "memberlist-tcp", containerPort: memberlistPort },
  { name: "memberlist-udp", containerPort: memberlistPort, protocol: "UDP" },
];

const portsOf = ({ version, hostPorts }: SpeakerProps) =>
  [monitoring, ...(objectsHave(version, "memberlistPorts") ? memberlistPorts : [])].map((port) => ({
    ...port,
    ...(hostPorts && { hostPort: port.containerPort }),
  }));

/** The DaemonSet whose pods announce the addresses, one per node; upstream: manifests/metallb.yaml. */
export class Speaker extends DaemonSetV1 {
  constructor(scope: Construct, id: string, props: SpeakerProps) {
    super(scope, id, {
      // The provider's own wait proves nothing, and one that times out leaves a state that needs repair by hand:
      // hashicorp/terraform-provider-kubernetes#2092, #2779. The rollout is proven apart from this resource.
      waitForRollout: false,
      metadata: { name: "speaker", namespace: namespaceName, labels: componentLabels("speaker") },
      spec: {
        ...daemonSetSettings(props.settings ?? {}),
        selector: { matchLabels: componentLabels("speaker") },
        template: settled<DaemonSetV1SpecTemplate>(
          {
            metadata: podMetadata("speaker", restartAnnotations(props.restartOn)),
            spec: {
              ...podSpec("speaker"),
              hostNetwork: true,
              terminationGracePeriodSeconds: 2,
              // Control-plane nodes announce addresses too; upstream, up to 0.12, knows only the older of their two taints.
              tolerations: controlPlaneTolerations,
              containers: [
                {
                  ...container("speaker", props),
                  ports: portsOf(props),
                  env: environmentOf(props.version),
                  securityContext: {
                    ...containerSecurity(false),
                    capabilities: { add: speakerCapabilities(props.version), drop: ["ALL"] },
                  },
                },
              ],
            },
          },
          "speaker",
          props,
        ),
      },
      dependsOn: [...props.dependsOn],
    });
    if (props.restartOnKey !== undefined) {
      // Not among the fields, whose texts are no expressions.
      this.addOverride(`spec.template.metadata.annotations.${keyAnnotation}`, props.restartOnKey);
    }
  }
}
