import { toManifest, toManifests } from "./to-manifest";

describe("toManifest", () => {
  test("names fields, lists and blocks as Kubernetes does, and leaves the user's own keys alone", () => {
    // given
    const body = {
      depends_on: ["kubernetes_namespace_v1.namespace"],
      wait_for_rollout: false,
      lifecycle: { ignore_changes: "all" },
      metadata: { name: "web", labels: { some_key: "x" } },
      spec: {
        host_ipc: false,
        rule: "a word",
        template: { container: [{ port: [{ container_port: 80 }], security_context: { run_as_user: "0" } }] },
        run_as_user: { rule: "MustRunAs", range: [{ min: 1 }] },
      },
    };

    // then
    expect(toManifest("kubernetes_deployment_v1", body)).toStrictEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", labels: { some_key: "x" } },
      spec: {
        hostIPC: false,
        rule: "a word",
        template: { containers: [{ ports: [{ containerPort: 80 }], securityContext: { runAsUser: 0 } }] },
        runAsUser: { rule: "MustRunAs", ranges: [{ min: 1 }] },
      },
    });
  });

  test("refuses a Terraform type that it does not know", () => {
    expect(() => toManifests({ kubernetes_pod_v1: { web: {} }, random_password: { key: {} } })).toThrow(
      "no Kubernetes type known for kubernetes_pod_v1",
    );
  });
});
