import { DeploymentV1, type DeploymentV1SpecTemplate } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import type { Construct } from "constructs";
import { controlPlaneTolerations } from "../pod-settings";
import { componentLabels, memberlistSecret, namespaceName } from "../release/component";
import { objectsHave } from "../release/written-objects";
import {
  container,
  containerSecurity,
  podMetadata,
  podSpec,
  restartAnnotations,
  settled,
  type WorkloadProps,
} from "./pod-template";

export interface ControllerProps extends WorkloadProps {
  /** Whether its pod may run on control-plane nodes. @default false, as upstream has it */
  readonly onControlPlane?: boolean;
}

/** What it makes the memberlist's Secret by, where there is none: the Secret's name, and its own, as the Secret's owner. */
const secretOfController = [
  { name: "METALLB_ML_SECRET_NAME", value: memberlistSecret.name },
  { name: "METALLB_DEPLOYMENT", value: "controller" },
];

/** The Deployment whose one pod gives addresses to Services; upstream: manifests/metallb.yaml. */
export class Controller extends DeploymentV1 {
  constructor(scope: Construct, id: string, props: ControllerProps) {
    super(scope, id, {
      // As for the speaker: the rollout is proven apart from this resource.
      waitForRollout: false,
      metadata: { name: "controller", namespace: namespaceName, labels: componentLabels("controller") },
      spec: {
        revisionHistoryLimit: 3,
        selector: { matchLabels: componentLabels("controller") },
        template: settled<DeploymentV1SpecTemplate>(
          {
            metadata: podMetadata("controller", restartAnnotations(props.restartOn)),
            spec: {
              ...podSpec("controller"),
              terminationGracePeriodSeconds: 0,
              ...(props.onControlPlane && { tolerations: controlPlaneTolerations }),
              securityContext: {
                runAsNonRoot: true,
                runAsUser: "65534",
                ...(objectsHave(props.version, "fsGroup") && { fsGroup: "65534" }),
              },
              containers: [
                {
                  ...container("controller", props),
                  ...(objectsHave(props.version, "secretOfController") && { env: secretOfController }),
                  securityContext: {
                    ...containerSecurity(true),
                    capabilities: { drop: ["all"] },
                  },
                },
              ],
            },
          },
          "controller",
          props,
        ),
      },
      dependsOn: [...props.dependsOn],
    });
  }
}
