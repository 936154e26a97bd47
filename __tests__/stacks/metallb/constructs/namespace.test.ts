import { MetallbNamespace } from "../../../../stacks/metallb/constructs/namespace";
import { synthesisedResources } from "../../../synthesised";

describe("the namespace", () => {
  test("is upstream's where PodSecurityPolicies judge the pods", () => {
    // when
    const resources = synthesisedResources(
      (stack) => new MetallbNamespace(stack, "namespace", { podSecurityLabels: false }),
    );

    // then
    expect(resources).toStrictEqual({
      kubernetes_namespace_v1: { namespace: { metadata: { name: "metallb-system", labels: { app: "metallb" } } } },
    });
  });

  test("lets privileged pods in where Pod Security admission judges them", () => {
    // when
    const resources = synthesisedResources(
      (stack) => new MetallbNamespace(stack, "namespace", { podSecurityLabels: true }),
    );

    // then
    expect(resources).toStrictEqual({
      kubernetes_namespace_v1: {
        namespace: {
          metadata: {
            name: "metallb-system",
            labels: {
              app: "metallb",
              "pod-security.kubernetes.io/enforce": "privileged",
              "pod-security.kubernetes.io/audit": "privileged",
              "pod-security.kubernetes.io/warn": "privileged",
            },
          },
        },
      },
    });
  });
});
