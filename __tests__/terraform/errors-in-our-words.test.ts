import { DataKubernetesConfigMapV1 } from "@cdktf/provider-kubernetes/lib/data-kubernetes-config-map-v1";
import { DataKubernetesResources } from "@cdktf/provider-kubernetes/lib/data-kubernetes-resources";
import { planStack } from "../../remote/terraform/plan";
import { Terraform } from "../../remote/terraform/terraform";
import { fault } from "../faults";
import { ApiServer, writeKubeconfig } from "../remote/kubernetes/api-server";
import { describeWithProviders } from "./available";
import { TerraformProject } from "./terraform-project";

/** What the API server answers everything with. */
const refusal = (code: number, reason: string, message: string) => ({
  status: code,
  json: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", code, reason, message },
});
const forbidden = 'configmaps "a" is forbidden: User "ci" cannot get resource "configmaps" in API group ""';

// The texts of remote/terraform/known-errors.ts, by the providers that are pinned: a new one may say it in other words.
describeWithProviders("errors in our words")("what the provider says of a Kubernetes API", () => {
  let project: TerraformProject;
  let server: ApiServer | undefined;
  beforeEach(() => {
    project = new TerraformProject("nodes");
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    project.dispose();
  });

  const planned = async (kubeconfig: string) => {
    project.writeOnCluster(kubeconfig, (stack) => {
      new DataKubernetesConfigMapV1(stack, "one", { metadata: { name: "a", namespace: "kube-system" } });
      new DataKubernetesResources(stack, "all", { apiVersion: "v1", kind: "Service" });
    });
    const terraform = new Terraform({ ...process.env, TF_PLUGIN_CACHE_DIR: undefined });
    const stack = { name: "nodes", folder: project.folder };
    return planStack(terraform, stack, { out: project.path("plan") }).then(
      () => "it did not fail",
      (error: Error) => error.message.split("\n").slice(0, 2),
    );
  };

  test.each([
    ["401", refusal(401, "Unauthorized", "Unauthorized"), "does not accept the token or the certificate (401)"],
    ["403", refusal(403, "Forbidden", forbidden), "does not allow all of this to ci (403)"],
  ])(
    `${fault(232)}: %s`,
    async (_, answer, words) => {
      server = await ApiServer.start(() => answer);
      expect(await planned(server.kubeconfig)).toEqual([expect.stringContaining(words), "Terraform says:"]);
    },
    120_000,
  );

  test(`${fault(232)}: no connection, and no kubeconfig`, async () => {
    const kubeconfig = project.path("kubeconfig");
    expect(await planned(kubeconfig)).toEqual([
      "there is no kubeconfig where Terraform runs: put it there, or correct kubernetes.kubeconfig in cluster.yaml",
      "Terraform says:",
    ]);
    writeKubeconfig(kubeconfig, "http://127.0.0.1:1");
    expect(await planned(kubeconfig)).toEqual([
      expect.stringMatching(/^the Kubernetes API at http:\/\/127\.0\.0\.1:1 refuses connections: /),
      "Terraform says:",
    ]);
  }, 120_000);
});
