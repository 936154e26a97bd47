import { DataResource } from "cdktf";
import { PoolSafety } from "../../stacks/metallb/constructs/pool-safety";
import { cluster } from "../cluster-fixture";
import { fault } from "../faults";
import { describeWithProviders } from "./available";
import { ClusterApi } from "./cluster-api";
import { running, TerraformProject } from "./terraform-project";

// The real Terraform and the real provider, which takes a namespace that is not given for `default`.

const service = (namespace: string, name: string, ip: string) =>
  [
    `/api/v1/namespaces/${namespace}/services/${name}`,
    {
      metadata: { namespace },
      spec: { type: "LoadBalancer" },
      status: { loadBalancer: { ingress: [{ ip }] } },
    },
  ] as const;

describeWithProviders("Services of every namespace")("what Services have, in Terraform", () => {
  let api: ClusterApi;
  let project: TerraformProject;
  beforeEach(async () => {
    api = await ClusterApi.start();
    project = new TerraformProject("address-pools");
  });
  afterEach(async () => {
    project.dispose();
    await api.stop();
  });

  test(`${fault(35)}: is looked at in every namespace`, async () => {
    const { nodes, metallb } = cluster();
    project.writeOnCluster(api.kubeconfig, (stack) => {
      const { precondition } = new PoolSafety(stack, { nodes, metallb });
      new DataResource(stack, "pools", { lifecycle: { precondition } });
    });
    await project.init();
    for (const namespace of ["default", "shop", "empty"]) api.put(`/api/v1/namespaces/${namespace}`, { metadata: {} });
    api.put(...service("default", "web", "192.168.1.240"));
    api.put(...service("shop", "api", "192.168.1.250"));
    expect((await project.plan()).code).toBe(2);

    // when: Services of two namespaces have addresses that no pool holds
    api.put(...service("default", "old", "10.0.0.1"));
    api.put(...service("shop", "cart", "10.0.0.2"));
    const { code, output } = await project.plan();
    expect(running(output)).toContain(
      "Services would lose their addresses, since no pool of cluster.yaml holds them: default/old (10.0.0.1), shop/cart (10.0.0.2). Add a range",
    );
    expect(code).toBe(1);
  }, 120_000);
});
