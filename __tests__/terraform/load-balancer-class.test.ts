import type { TerraformStack } from "cdktf";
import { LoadBalancerClassGate } from "../../stacks/metallb/constructs/load-balancer-class-gate";
import { manifestResource } from "../../stacks/metallb/constructs/manifest-object";
import { cluster, clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { upstreamManifest } from "../stacks/metallb/upstream-manifest";
import { describeWithProviders } from "./available";
import { ClusterApi } from "./cluster-api";
import { running, TerraformProject } from "./terraform-project";

// The real Terraform and the real provider: the controller's Deployment behind the gate.

const services = "/api/v1/namespaces/default/services";
const withAddress = (ip: string, loadBalancerClass?: string) => ({
  metadata: { namespace: "default" },
  spec: { type: "LoadBalancer", ...(loadBalancerClass && { loadBalancerClass }) },
  status: { loadBalancer: { ingress: [{ ip }] } },
});

describeWithProviders("another loadBalancerClass")("the loadBalancerClass, in Terraform", () => {
  let api: ClusterApi;
  let project: TerraformProject;
  beforeEach(async () => {
    api = await ClusterApi.start();
    project = new TerraformProject("metallb");
    for (const namespace of ["default", "empty"]) api.put(`/api/v1/namespaces/${namespace}`, { metadata: {} });
  }, 60_000);
  afterEach(async () => {
    project.dispose();
    await api.stop();
  });

  const declare = (loadBalancerClass: string | undefined) =>
    project.writeOnCluster(api.kubeconfig, (stack: TerraformStack) => {
      const { nodes, metallb } = cluster({
        metallb: { ...clusterInput.metallb, version: "0.15.2", loadBalancerClass },
      });
      const { precondition } = new LoadBalancerClassGate(stack, { nodes, metallb });
      for (const object of upstreamManifest("0.15.2").filter(({ kind }) => kind === "Deployment")) {
        manifestResource(stack, object, { loadBalancerClass, controllerPrecondition: precondition });
      }
    });

  test(`${fault(121)}: is changed where no Service is concerned, and refused where one would fall silent`, async () => {
    // given: MetalLB without a class
    await declare(undefined).init();
    expect((await project.apply()).code).toBe(0);
    api.put(`${services}/web`, withAddress("192.168.1.240"));

    // when: the class is set
    declare("example.org/lb");
    const { code, output } = await project.plan();

    // then
    expect(code).toBe(1);
    expect(running(output)).toContain(
      "Services would fall silent: default/web (192.168.1.240). MetalLB runs with no loadBalancerClass, and cluster.yaml declares example.org/lb: no node",
    );

    // when: the Service was made anew with the class
    api.put(`${services}/web`, { ...withAddress("192.168.1.240", "example.org/lb"), status: {} });
    expect((await project.apply()).code).toBe(0);
    const asked = api.verbs.length;
    expect((await project.plan()).code).toBe(0);
    expect(api.verbs.slice(asked).filter((verb) => verb.includes("services"))).toEqual([]);

    // when: it has its address, and the class is taken away
    api.put(`${services}/web`, withAddress("192.168.1.240", "example.org/lb"));
    declare(undefined);
    const removed = await project.plan();
    expect(removed.code).toBe(1);
    expect(running(removed.output)).toContain(
      "Services would fall silent: default/web (192.168.1.240). MetalLB runs with the loadBalancerClass example.org/lb, and cluster.yaml declares none: no node",
    );
    expect((await project.terraform("destroy", "-auto-approve", "-input=false")).code).toBe(0);
  }, 180_000);
});
