import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import type { TerraformStack } from "cdktf";
import { Controller } from "../../../../stacks/metallb/constructs/controller";
import { synthesisedResources } from "../../../synthesised";

const workload = (stack: TerraformStack) => ({
  imageRegistry: "registry.example:5000/mirror/metallb",
  version: "0.9.5",
  dependsOn: [new NamespaceV1(stack, "namespace", { metadata: { name: "metallb-system" } })],
});

const annotations = { "prometheus.io/port": "7472", "prometheus.io/scrape": "true" };
const podSpec = {
  automount_service_account_token: true,
  enable_service_links: true,
  node_selector: { "kubernetes.io/os": "linux" },
  share_process_namespace: false,
};
const container = {
  args: ["--port=7472", "--config=config"],
  image_pull_policy: "IfNotPresent",
  port: [{ container_port: 7472, name: "monitoring" }],
  resources: { limits: { cpu: "100m", memory: "100Mi" } },
};
const security = { allow_privilege_escalation: false, privileged: false, read_only_root_filesystem: true };

test("the controller runs once, as nobody, with no capability", () => {
  // when
  const resources = synthesisedResources((stack) => new Controller(stack, "controller", workload(stack)));

  // then
  const labels = { app: "metallb", component: "controller" };
  expect(resources.kubernetes_deployment_v1).toStrictEqual({
    controller: {
      depends_on: ["kubernetes_namespace_v1.namespace"],
      metadata: { labels, name: "controller", namespace: "metallb-system" },
      wait_for_rollout: false,
      spec: {
        revision_history_limit: 3,
        selector: { match_labels: labels },
        template: {
          metadata: { annotations, labels },
          spec: {
            ...podSpec,
            security_context: { run_as_non_root: true, run_as_user: "65534" },
            service_account_name: "controller",
            termination_grace_period_seconds: 0,
            container: [
              {
                ...container,
                name: "controller",
                image: "registry.example:5000/mirror/metallb/controller:v0.9.5",
                security_context: { ...security, run_as_non_root: true, capabilities: { drop: ["all"] } },
              },
            ],
          },
        },
      },
    },
  });
});
