import { MetallbNamespace } from "../../stacks/metallb/constructs/namespace";
import { OtherMetallbGate } from "../../stacks/metallb/constructs/other-metallb-gate";
import { Speaker } from "../../stacks/metallb/constructs/speaker";
import { fault } from "../faults";
import { describeWithProviders } from "./available";
import { ClusterApi } from "./cluster-api";
import { running, TerraformProject } from "./terraform-project";

// The real Terraform and the real provider: one workload of this project behind the gate.

const deployment = (namespace: string, name: string) => `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
const daemonSet = (namespace: string, name: string) => `/apis/apps/v1/namespaces/${namespace}/daemonsets/${name}`;

const binding = (name: string) => `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${name}`;

/** Of the service accounts of a namespace. */
const bindingOf = (namespace: string, labels: Readonly<Record<string, string>>) => ({
  metadata: { labels },
  subjects: [{ name: "controller", namespace }, { name: "somebody" }],
});

/** As upstream's chart makes it, of the release lb in the namespace lb. */
const ofChart = (component: string, release?: string) => ({
  metadata: {
    namespace: "lb",
    labels: { "app.kubernetes.io/name": "metallb", "app.kubernetes.io/component": component },
    ...(release && { annotations: { "meta.helm.sh/release-name": release } }),
  },
});
/** As upstream's manifest makes it. */
const ofManifest = (component: string, namespace: string) => ({
  metadata: { namespace, labels: { app: "metallb", component } },
});

const refusal = (found: string, stop: string, remove: string) =>
  `Another MetalLB is in this cluster: ${found}. Side by side with that of these stacks it would give and announce the same addresses. To move to these stacks: npx baremetal-lb adopt takes over a Helm release in the namespace metallb-system; any other goes this way, while addresses are silent from step 4 on: 1. npx cdktf deploy nodes kube-proxy; 2. where there is a namespace metallb-system: kubectl annotate namespace metallb-system baremetal-lb/stack=metallb-crds; 3. ${stop}, so that no controller sees the pools go and takes addresses away; 4. ${remove}; 5. npx baremetal-lb adopt, for what stays; 6. npx cdktf deploy '*'. To keep it: do not deploy the stacks of MetalLB; status, verify and upgrade work with it as it is. Nothing was changed.`;

describeWithProviders("one MetalLB only")("the gate against a second MetalLB, in Terraform", () => {
  let api: ClusterApi;
  let project: TerraformProject;

  beforeAll(async () => {
    api = await ClusterApi.start();
    project = new TerraformProject("metallb");
    project.writeOnCluster(api.kubeconfig, (stack) => {
      new OtherMetallbGate(stack);
      const namespace = new MetallbNamespace(stack, "namespace", { podSecurityLabels: true });
      const workload = { imageRegistry: "docker.io/metallb", version: "0.9.6", dependsOn: [namespace] };
      new Speaker(stack, "speaker", { ...workload, hostPorts: true });
    });
    await project.init();
  }, 120_000);
  afterAll(async () => {
    project.dispose();
    await api.stop();
  });

  const refused = async () => {
    const { code, output } = await project.plan();
    expect(code).toBe(1);
    return running(output);
  };

  test(`${fault(140)}: lets a first deploy, a second one, and upstream's manifest, which can be adopted, pass`, async () => {
    // given: upstream's manifest, to be adopted
    api.put(deployment("metallb-system", "controller"), ofManifest("controller", "metallb-system"));
    api.put(daemonSet("metallb-system", "speaker"), ofManifest("speaker", "metallb-system"));
    expect((await project.plan()).code).toBe(2);

    // given: nothing
    api.objects.clear();
    const { code, output } = await project.apply();
    expect(output).toContain("Apply complete! Resources: 2 added, 0 changed, 0 destroyed.");
    expect(code).toBe(0);
    expect(await project.plan()).toMatchObject({ code: 0 });
  }, 120_000);

  test(`${fault(140)}: refuses another one, by its names, with the way out`, async () => {
    // given: of a Helm release
    api.put(binding("lb-metallb:controller"), bindingOf("lb", { "app.kubernetes.io/name": "metallb" }));
    api.put(deployment("lb", "lb-metallb-controller"), ofChart("controller", "lb"));
    api.put(daemonSet("lb", "lb-metallb-speaker"), ofChart("speaker", "lb"));
    // Something else of the same namespace, and of the same labels.
    api.put(deployment("lb", "web"), { metadata: { namespace: "lb", labels: { app: "web" } } });
    api.put(daemonSet("lb", "exporter"), ofChart("exporter"));
    expect(await refused()).toContain(
      refusal(
        "Deployment lb/lb-metallb-controller (Helm release lb), DaemonSet lb/lb-metallb-speaker (Helm release lb)",
        "kubectl -n lb scale deployment/lb-metallb-controller --replicas=0",
        "helm -n lb uninstall lb",
      ),
    );

    // given: a speaker alone
    api.objects.delete(deployment("lb", "lb-metallb-controller"));
    expect(await refused()).toContain(
      refusal(
        "DaemonSet lb/lb-metallb-speaker (Helm release lb)",
        "(its controller is gone already)",
        "helm -n lb uninstall lb",
      ),
    );

    // given: of a manifest, in another namespace
    for (const path of [...api.objects.keys()].filter((one) => one.includes("/lb/"))) api.objects.delete(path);
    api.put(binding("other:controller"), bindingOf("other", { app: "metallb" }));
    api.put(binding("none"), { metadata: { labels: { app: "metallb" } } });
    api.put(deployment("other", "controller"), ofManifest("controller", "other"));
    expect(await refused()).toContain(
      refusal(
        "Deployment other/controller",
        "kubectl -n other scale deployment/controller --replicas=0",
        "remove Deployment other/controller and its RBAC as it was installed",
      ),
    );
  }, 120_000);

  test(`${fault(140)}: hinders no destroy`, async () => {
    expect([...api.objects.keys()]).toContain(deployment("other", "controller"));
    const { code, output } = await project.terraform("destroy", "-auto-approve", "-input=false");
    expect(output).toContain("Destroy complete! Resources: 2 destroyed.");
    expect(code).toBe(0);
  }, 120_000);
});
