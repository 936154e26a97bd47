import { DataResource } from "cdktf";
import { LostPoolsWarning } from "../../stacks/metallb/constructs/lost-pools-warning";
import { fault } from "../faults";
import { describeWithProviders } from "./available";
import { ClusterApi } from "./cluster-api";
import { running, TerraformProject } from "./terraform-project";

const crd = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/ipaddresspools.metallb.io";
const controller = "/apis/apps/v1/namespaces/metallb-system/deployments/controller";
const ofVersion = (version: string) => ({
  metadata: { namespace: "metallb-system" },
  spec: {
    template: { spec: { containers: [{ name: "controller", image: `quay.io/metallb/controller:${version}` }] } },
  },
});

const warning =
  "MetalLB runs, and the cluster has no CustomResourceDefinition ipaddresspools.metallb.io: with it all pools are gone, those that others made, too, and the controller takes the addresses of all Services away, or has done so. The stacks make CRD and pools again, but Services then get addresses in whatever order the controller meets them. See which Service has which address before anything else is done: kubectl get services -A -o wide. More in docs/undo.md, section Deleted by hand.";

describeWithProviders("CRDs that were deleted")("MetalLB's kinds, in Terraform", () => {
  let api: ClusterApi;
  let project: TerraformProject;
  beforeAll(async () => {
    api = await ClusterApi.start();
    project = new TerraformProject("metallb-crds");
    project.writeOnCluster(api.kubeconfig, (stack) => {
      new LostPoolsWarning(stack);
      new DataResource(stack, "other", { input: { a: "b" } });
    });
    await project.init();
  }, 120_000);
  afterAll(async () => {
    project.dispose();
    await api.stop();
  });

  test(`${fault(145)}: deleted under a MetalLB that runs are warned of, and hinder neither deploy nor destroy`, async () => {
    api.put(controller, ofVersion("v0.15.2"));
    const planned = await project.plan();
    expect(running(planned.output)).toContain(warning);
    expect(planned.code).toBe(2);
    expect((await project.apply()).code).toBe(0);
    const { code, output } = await project.terraform("destroy", "-auto-approve", "-input=false");
    expect(output).toContain("Destroy complete! Resources: 1 destroyed.");
    expect(code).toBe(0);
  }, 120_000);

  test.each([
    ["where nothing runs", {}],
    ["where MetalLB 0.9 runs, before its upgrade", { [controller]: ofVersion("v0.9.6") }],
    ["where they are there", { [controller]: ofVersion("v0.15.2"), [crd]: { metadata: {} } }],
  ])(
    "are no warning %s",
    async (_where, objects) => {
      api.objects.clear();
      for (const [path, object] of Object.entries(objects)) api.put(path, object);
      expect(running((await project.plan()).output)).not.toContain("MetalLB runs");
    },
    120_000,
  );
});
