import { writeFileSync } from "node:fs";
import { stringify } from "yaml";
import { KubeProxyStack } from "../../stacks/kube-proxy/kube-proxy-stack";
import { MetallbStack } from "../../stacks/metallb/metallb-stack";
import { cluster, clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { describeWithProviders } from "./available";
import { running, TerraformProject } from "./terraform-project";

describeWithProviders("a context that the kubeconfig lacks")("with a context that the kubeconfig lacks", () => {
  test.each([
    ["kube-proxy", KubeProxyStack],
    ["metallb", MetallbStack],
  ])(
    `${fault(33)}: the plan of %s fails, names the context, and asks no other cluster`,
    async (id, Stack) => {
      const project = new TerraformProject(id);
      try {
        // given: another context is there, and is the current one
        const kubeconfig = project.path("kubeconfig");
        const context = { name: "other", context: { cluster: "other", user: "other" } };
        const server = { name: "other", cluster: { server: "https://127.0.0.1:1" } };
        writeFileSync(
          kubeconfig,
          stringify({
            apiVersion: "v1",
            kind: "Config",
            "current-context": "other",
            contexts: [context],
            clusters: [server],
            users: [{ name: "other", user: { token: "none" } }],
          }),
        );
        writeFileSync(project.path("key"), "a stand-in: the plan reads the file, and does not use it");
        const config = cluster({
          kubernetes: { ...clusterInput.kubernetes, kubeconfig },
          ssh: { user: "ops", privateKeyFile: project.path("key") },
        });
        await project.write((scope, name) => new Stack(scope, name, config)).init();

        // when
        const { code, output } = await project.plan();

        // then
        expect(code).toBe(1);
        const [, ...errors] = running(output).split(" Error: ");
        expect(errors).toHaveLength(1);
        expect(errors[0]?.trim()).toMatch(/^Provider configuration: .* context "admin" does not exist$/);
      } finally {
        project.dispose();
      }
    },
    120_000,
  );
});
