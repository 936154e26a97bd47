import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import type { Construct } from "constructs";
import { componentLabels, namespaceName } from "../release/component";
import {
  container,
  containerSecurity,
  controlPlaneTolerations,
  podMetadata,
  podSpec,
  restartAnnotations,
  type WorkloadProps,
} from "./pod-template";

export interface ControllerProps extends WorkloadProps {
  /** Whether its pod may run on control-plane nodes. @default false, as upstream has it */
  readonly onControlPlane?: boolean;
}

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
        template: {
          metadata: podMetadata("controller", restartAnnotations(props.restartOn)),
          spec: {
            ...podSpec("controller"),
            terminationGracePeriodSeconds: 0,
            ...(props.onControlPlane && { toleration: controlPlaneTolerations }),
            securityContext: { runAsNonRoot: true, runAsUser: "65534" },
            container: [
              {
                ...container("controller", props),
                securityContext: {
                  ...containerSecurity(true),
                  capabilities: { drop: ["all"] },
                },
              },
            ],
          },
        },
      },
      dependsOn: [...props.dependsOn],
    });
  }
}
