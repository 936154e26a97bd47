import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import type { Construct } from "constructs";
import { componentLabels, namespaceName } from "../../config/metallb/component";
import { container, containerSecurity, podMetadata, podSpec, type WorkloadProps } from "./pod-template";

export interface ControllerProps extends WorkloadProps {
  /**
   * A value whose change restarts the pod. A running controller refuses a configuration without an address that it has
   * given away; one that starts takes it (internal/allocator: SetPools). @default a change restarts nothing
   */
  readonly restartOn?: string;
}

const annotations = (restartOn: string | undefined): Record<string, string> =>
  restartOn === undefined ? {} : { "baremetal-lb/config-hash": restartOn };

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
          metadata: podMetadata("controller", annotations(props.restartOn)),
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
