import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { TerraformStack } from "cdktf";
import { Redaction, removed } from "../../day-two/report/redaction";
import { planFiles, stateFiles } from "../../day-two/report/terraform-files";
import { planStack } from "../../remote/terraform/plan";
import { Terraform } from "../../remote/terraform/terraform";
import { Memberlist } from "../../stacks/metallb/constructs/memberlist";
import { fault } from "../faults";
import { leakedFrom } from "../report-archive";
import { describeWithProviders } from "./available";
import { ClusterApi } from "./cluster-api";
import { TerraformProject } from "./terraform-project";

const secretPath = "/api/v1/namespaces/metallb-system/secrets/memberlist";

describeWithProviders("a report of what Terraform has")("a report of what Terraform has", () => {
  let api: ClusterApi;
  let project: TerraformProject;

  beforeEach(async () => {
    api = await ClusterApi.start();
    project = new TerraformProject("metallb");
  }, 60_000);
  afterEach(async () => {
    project.dispose();
    await api.stop();
  });

  test(`${fault(223)}: the memberlist's key is in its state and its plan, and in none of the report's files`, async () => {
    project.writeOnCluster(api.kubeconfig, (stack: TerraformStack) => {
      new RandomProvider(stack, "random");
      const namespace = new NamespaceV1(stack, "namespace", { metadata: { name: "metallb-system" } });
      namespace.overrideLogicalId("namespace");
      new Memberlist(stack, "memberlist", { namespace, memberlistKey: "state" });
    });
    await project.init();
    const { code, output } = await project.apply();
    if (code !== 0) throw new Error(output);
    const { data } = api.objects.get(secretPath) as unknown as { data: { secretkey: string } };
    const key = Buffer.from(data.secretkey, "base64").toString();
    // The plan then has the key as what is to be made.
    api.objects.delete(secretPath);

    const terraform = new Terraform(process.env);
    const stack = { name: "metallb", folder: project.folder };
    const plan = await planStack(terraform, stack, { out: project.path("a.plan"), lock: false });
    const ofStack = { stack: "metallb", status: "drifted" as const, differences: [] };
    const report = { cluster: "demo", status: "drifted" as const, stacks: [ofStack], nodes: [] };
    const drift = { report, kubeProxy: { mode: "unmanaged" } as never, stacks: [stack], plans: [plan], terraform };
    const redaction = new Redaction();
    const files = [...(await planFiles(drift, redaction)), ...(await stateFiles(drift, redaction))];
    expect(files.map(({ name, problem }) => [name, problem])).toEqual([
      ["plans/metallb.json", undefined],
      ["states/metallb.json", undefined],
    ]);
    const texts = files.map(({ content }) => JSON.stringify(content));
    expect(key).toMatch(/^[A-Za-z0-9]{128}$/);
    expect(leakedFrom(texts.join("\n"), { key, inBase64: data.secretkey })).toEqual([]);
    for (const text of texts) expect(text).toContain(`"data":"${removed}"`);
    expect(redaction.text(`joined with ${key}`)).toBe(`joined with ${removed}`);
  }, 240_000);
});
