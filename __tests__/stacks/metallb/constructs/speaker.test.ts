import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import type { TerraformStack } from "cdktf";
import { Speaker } from "../../../../stacks/metallb/constructs/speaker";
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

test("the speaker runs on every Linux node, control-plane nodes too, on the host's network", () => {
  // when
  const resources = synthesisedResources(
    (stack) => new Speaker(stack, "speaker", { ...workload(stack), hostPorts: false }),
  );

  // then
  const labels = { app: "metallb", component: "speaker" };
  const fromField = (name: string, path: string) => ({ name, value_from: { field_ref: { field_path: path } } });
  expect(resources.kubernetes_daemon_set_v1).toStrictEqual({
    speaker: {
      depends_on: ["kubernetes_namespace_v1.namespace"],
      metadata: { labels, name: "speaker", namespace: "metallb-system" },
      wait_for_rollout: false,
      spec: {
        selector: { match_labels: labels },
        template: {
          metadata: { annotations, labels },
          spec: {
            ...podSpec,
            host_network: true,
            service_account_name: "speaker",
            termination_grace_period_seconds: 2,
            toleration: [
              { effect: "NoSchedule", key: "node-role.kubernetes.io/master", operator: "Exists" },
              { effect: "NoSchedule", key: "node-role.kubernetes.io/control-plane", operator: "Exists" },
            ],
            container: [
              {
                ...container,
                name: "speaker",
                image: "registry.example:5000/mirror/metallb/speaker:v0.9.5",
                env: [
                  fromField("METALLB_NODE_NAME", "spec.nodeName"),
                  fromField("METALLB_HOST", "status.hostIP"),
                  fromField("METALLB_ML_BIND_ADDR", "status.podIP"),
                  { name: "METALLB_ML_LABELS", value: "app=metallb,component=speaker" },
                  fromField("METALLB_ML_NAMESPACE", "metadata.namespace"),
                  {
                    name: "METALLB_ML_SECRET_KEY",
                    value_from: { secret_key_ref: { name: "memberlist", key: "secretkey", optional: false } },
                  },
                ],
                security_context: {
                  ...security,
                  run_as_non_root: false,
                  capabilities: { add: ["NET_ADMIN", "NET_RAW", "SYS_ADMIN"], drop: ["ALL"] },
                },
              },
            ],
          },
        },
      },
    },
  });
});

test("where the API server fills in the host's ports of its pods, the speaker has them", () => {
  const resources = synthesisedResources(
    (stack) => new Speaker(stack, "speaker", { ...workload(stack), hostPorts: true }),
  );
  expect(resources.kubernetes_daemon_set_v1?.speaker).toMatchObject({
    spec: {
      template: { spec: { container: [{ port: [{ container_port: 7472, host_port: 7472, name: "monitoring" }] }] } },
    },
  });
});
