import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import type { Construct } from "constructs";
import { componentLabels, namespaceName } from "../release/component";
import {
  container,
  containerSecurity,
  podMetadata,
  podSpec,
  restartAnnotations,
  type WorkloadProps,
} from "./pod-template";

/** The Deployment whose one pod gives addresses to Services; upstream: manifests/metallb.yaml. */
export class Controller extends DeploymentV1 {
  constructor(scope: Construct, id: string, props: WorkloadProps) {
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
