import type { TerraformStack } from "cdktf";
import { Controller } from "../../stacks/metallb/constructs/controller";
import { manifestResource } from "../../stacks/metallb/constructs/manifest-object";
import { Speaker } from "../../stacks/metallb/constructs/speaker";
import { cluster, clusterInput } from "../cluster-fixture";
import { affinity } from "../stacks/metallb/affinity";
import { upstreamManifest } from "../stacks/metallb/upstream-manifest";
import { describeWithProviders } from "./available";
import { ClusterApi } from "./cluster-api";
import { TerraformProject } from "./terraform-project";

const speakerPath = "/apis/apps/v1/namespaces/metallb-system/daemonsets/speaker";
const controllerPath = "/apis/apps/v1/namespaces/metallb-system/deployments/controller";

interface Settings {
  readonly minReadySeconds?: number;
}

interface Template {
  readonly metadata: Readonly<Record<string, object>>;
  readonly spec: Readonly<Record<string, unknown>> & {
    readonly nodeSelector: object;
    readonly containers: readonly object[];
  };
}

const tolerations = [
  { key: "dedicated", operator: "Equal", value: "lb", effect: "NoSchedule" },
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 0 },
];
const settings = {
  tolerations,
  nodeSelector: { "kubernetes.io/arch": "amd64" },
  priorityClassName: "system-cluster-critical",
  runtimeClassName: "kata",
  resources: { limits: { cpu: "1000m", memory: "1024Mi" }, requests: { cpu: "0.5" } },
  podLabels: { team: "network" },
  podAnnotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" },
};
const imagePullSecrets = ["registry"];

describeWithProviders("the settings of MetalLB's pods")("settings of MetalLB's pods, in Terraform", () => {
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

  const declare = (version: "0.9.6" | "0.16.2", controller: object, imagePullSecrets: readonly string[] = []) =>
    project.writeOnCluster(api.kubeconfig, (stack: TerraformStack) => {
      const { metallb } = cluster({ metallb: { ...clusterInput.metallb, version, controller, imagePullSecrets } });
      if (version === "0.9.6") {
        const from = { imageRegistry: "docker.io/metallb", version, dependsOn: [] };
        new Controller(stack, "controller", { ...from, settings: metallb.controller, imagePullSecrets });
        return;
      }
      for (const object of upstreamManifest(version).filter(({ kind }) => kind === "Deployment")) {
        manifestResource(stack, object, { pods: { settings: metallb, imagePullSecrets } });
      }
    });
  const deploy = async (): Promise<Template> => {
    const { code, output } = await project.apply();
    if (code !== 0) throw new Error(output);
    expect(await project.plan()).toMatchObject({ code: 0, output: expect.stringContaining("No changes.") });
    return (api.objects.get(controllerPath) as unknown as { spec: { template: Template } }).spec.template;
  };
  const withResources = ({ spec: { containers, ...spec }, ...template }: Template, resources: object) => ({
    ...template,
    spec: { ...spec, containers: containers.map((container) => ({ ...container, resources })) },
  });

  test.each(["0.9.6", "0.16.2"] as const)(
    "of MetalLB %s: what is set is there, what is taken out goes, and each second plan is empty",
    async (version) => {
      await declare(version, {}).init();
      const before = await deploy();

      declare(version, settings);
      const { metadata, spec } = before;
      expect(await deploy()).toEqual(
        withResources(
          {
            metadata: {
              ...metadata,
              labels: { ...metadata["labels"], ...settings.podLabels },
              annotations: { ...metadata["annotations"], ...settings.podAnnotations },
            },
            spec: {
              ...spec,
              tolerations,
              nodeSelector: { ...spec.nodeSelector, ...settings.nodeSelector },
              priorityClassName: settings.priorityClassName,
              runtimeClassName: settings.runtimeClassName,
            },
          },
          { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "500m" } },
        ),
      );

      declare(version, { resources: { limits: { cpu: "2" } } });
      expect(await deploy()).toEqual(withResources(before, { limits: { cpu: "2" } }));

      declare(version, { resources: {} });
      expect(await deploy()).toEqual(withResources(before, {}));
    },
    240_000,
  );

  test.each(["0.9.6", "0.16.2"] as const)(
    "of MetalLB %s: an affinity is there, every field of it, and goes when it is taken out",
    async (version) => {
      await declare(version, { affinity }).init();
      const { spec, ...set } = await deploy();
      expect(spec["affinity"]).toEqual(affinity);

      declare(version, {});
      const { affinity: removed, ...without } = spec;
      expect(removed).toBeDefined();
      expect(await deploy()).toEqual({ ...set, spec: without });
    },
    120_000,
  );

  test.each(["0.9.6", "0.16.2"] as const)(
    "of MetalLB %s: minReadySeconds is the speakers' DaemonSet's, and goes when it is taken out",
    async (version) => {
      const declareSpeaker = (settings: object) =>
        project.writeOnCluster(api.kubeconfig, (stack: TerraformStack) => {
          const { metallb } = cluster({ metallb: { ...clusterInput.metallb, version, speaker: settings } });
          if (version === "0.9.6") {
            const from = { imageRegistry: "docker.io/metallb", version, hostPorts: false, dependsOn: [] };
            new Speaker(stack, "speaker", { ...from, settings: metallb.speaker });
            return;
          }
          for (const object of upstreamManifest(version).filter(({ kind }) => kind === "DaemonSet")) {
            manifestResource(stack, object, { pods: { settings: metallb, imagePullSecrets: [] } });
          }
        });
      const deploySpeaker = async () => {
        const { code, output } = await project.apply();
        if (code !== 0) throw new Error(output);
        expect(await project.plan()).toMatchObject({ code: 0, output: expect.stringContaining("No changes.") });
        const { minReadySeconds = 0, ...rest } = (api.objects.get(speakerPath) as unknown as { spec: Settings }).spec;
        return { minReadySeconds, rest };
      };
      await declareSpeaker({}).init();
      const before = await deploySpeaker();
      expect(before.minReadySeconds).toBe(0);
      declareSpeaker({ minReadySeconds: 20 });
      expect(await deploySpeaker()).toEqual({ ...before, minReadySeconds: 20 });
      declareSpeaker({});
      expect(await deploySpeaker()).toEqual(before);
    },
    120_000,
  );

  // As docs/metallb-pods.md says it. Where this is red the provider has learned to see it.
  test("what the provider does not see is taken out stays: resources without {}, and imagePullSecrets", async () => {
    await declare("0.16.2", {}).init();
    const before = await deploy();
    const resources = { requests: { cpu: "50m" } };
    declare("0.16.2", { resources }, imagePullSecrets);
    const set = await deploy();
    expect(set).toEqual(
      withResources({ ...before, spec: { ...before.spec, imagePullSecrets: [{ name: "registry" }] } }, resources),
    );

    declare("0.16.2", {});
    expect(await deploy()).toEqual(set);
  }, 120_000);
});
