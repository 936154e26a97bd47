import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Testing, type TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { ClusterConfig } from "../../cluster/schema";
import { hclOf } from "../../hcl/write";
import { providersAvailability } from "../../lab/providers";
import { KubeProxyStack } from "../../stacks/kube-proxy/kube-proxy-stack";
import { AddressPoolsStack } from "../../stacks/metallb/address-pools-stack";
import { MetallbCrdsStack } from "../../stacks/metallb/metallb-crds-stack";
import { MetallbStack } from "../../stacks/metallb/metallb-stack";
import type { BgpType } from "../../stacks/metallb/release/releases";
import { monitoringSchema } from "../../stacks/metallb/schema/monitoring";
import { NodesStack } from "../../stacks/nodes/nodes-stack";
import { providers as requiredProviders } from "../../stacks/shared/terraform-versions";
import { cluster, clusterInput, hostKeys } from "../cluster-fixture";
import { fault } from "../faults";
import { upstreamManifest } from "../stacks/metallb/upstream-manifest";
import { terraformFile } from "../terraform-file";
import { synthesiseTo } from "./terraform-project";

const providers = providersAvailability();
if (!providers.available) {
  console.warn(`SKIPPED: terraform validate of the stacks, since no provider can be had: ${providers.reason}`);
}
const withProviders = providers.available ? test : test.skip;

type Build = (scope: Construct, config: ClusterConfig) => TerraformStack;

const withManifest = (
  { metallb, ...config }: ClusterConfig,
  version: "0.13.12" | "0.14.5" | "0.16.2",
  bgpType: BgpType = "native",
) => ({
  ...config,
  metallb: { ...metallb, version, bgpType },
  manifest: upstreamManifest(version, bgpType),
});

const monitoring = monitoringSchema.parse({ serviceMonitors: true, rules: true, labels: { release: "prometheus" } });

const stacks: Record<string, Build> = {
  nodes: (scope, config) => new NodesStack(scope, "nodes", config),
  "kube-proxy": (scope, config) => new KubeProxyStack(scope, "kube-proxy", config),
  metallb: (scope, config) => new MetallbStack(scope, "metallb", config),
  "metallb-crds": (scope, config) => new MetallbCrdsStack(scope, "metallb-crds", withManifest(config, "0.16.2")),
  "address-pools": (scope, config) => new AddressPoolsStack(scope, "address-pools", withManifest(config, "0.16.2")),
  "metallb 0.16.2": (scope, config) => new MetallbStack(scope, "metallb", withManifest(config, "0.16.2")),
  "metallb 0.13.12": (scope, config) => new MetallbStack(scope, "metallb", withManifest(config, "0.13.12")),
  "metallb 0.14.5 with frr-k8s": (scope, config) =>
    new MetallbStack(scope, "metallb", withManifest(config, "0.14.5", "frr-k8s")),
  "metallb 0.16.2 with frr-k8s": (scope, { metallb, ...config }) =>
    new MetallbStack(
      scope,
      "metallb",
      withManifest({ ...config, metallb: { ...metallb, monitoring } }, "0.16.2", "frr-k8s"),
    ),
};

describe("the real Terraform and the real providers accept", () => {
  const folder = mkdtempSync(join(tmpdir(), "terraform-validate-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const terraform = (cwd: string, ...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(terraformFile, [...args, "-no-color"], {
      cwd,
      encoding: "utf8",
      timeout: 180_000,
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, TF_PLUGIN_CACHE_DIR: undefined, CHECKPOINT_DISABLE: "1" },
    });
    return { status, stdout, output: stdout + stderr };
  };

  const key = join(folder, "key");
  const clusters: Record<string, Record<string, unknown>> = {
    "Kubernetes 1.18, with PodSecurityPolicies": {
      kubernetes: { ...clusterInput.kubernetes, version: "1.18" },
      ssh: { user: "ops", privateKeyFile: key },
    },
    "Kubernetes 1.35, through an agent, nodes with odd names, speakers with settings": {
      metallb: {
        ...clusterInput.metallb,
        webhookFailurePolicy: "Ignore",
        speaker: {
          excludeInterfaces: ["^lo$", "^wg\\d+$"],
          memberlist: { bindPort: 7947, bindAddress: "0.0.0.0" },
          minReadySeconds: 20,
        },
      },
      ssh: { user: "root", agent: true },
      nodes: ["null", "constructor", "backend", "for", "10-0-0-5", "a.b"].map((name, index) => ({
        name,
        address: `192.168.1.${index + 10}`,
        role: "control-plane",
        hostKey: hostKeys.node1,
      })),
    },
    "Terraform Cloud's variables": {
      kubernetes: { version: "1.35", credentials: "variables" },
      ssh: { user: "ops", privateKeyVariable: true },
    },
  };
  const cases = Object.keys(stacks).flatMap((stack) => Object.keys(clusters).map((name) => ({ stack, name })));

  withProviders.each(cases)(
    "the $stack stack for $name",
    ({ stack, name }) => {
      writeFileSync(key, "a stand-in: validate reads the file, and does not use it");
      // A stack has the same providers for every cluster, or validate finds that the lock file does not fit.
      const cwd = join(folder, stack.replaceAll(" ", "-"));
      mkdirSync(cwd, { recursive: true });
      const made = stacks[stack]?.(Testing.app(), cluster(clusters[name]));
      if (!made) throw new Error(`no stack ${stack}`);
      synthesiseTo(cwd, made);

      if (!existsSync(join(cwd, ".terraform.lock.hcl")))
        expect(terraform(cwd, "init", "-backend=false", "-input=false")).toMatchObject({ status: 0 });
      expect(terraform(cwd, "validate")).toMatchObject({ status: 0, output: expect.stringContaining("Success!") });
    },
    240_000,
  );

  /** Of all providers, asked for once: what is a block. */
  let schemas: string | undefined;
  const providerSchemas = (): string => {
    const cwd = join(folder, "schemas");
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(cwd, "main.tf.json"), JSON.stringify({ terraform: { required_providers: requiredProviders } }));
    expect(terraform(cwd, "init", "-input=false")).toMatchObject({ status: 0 });
    return terraform(cwd, "providers", "schema", "-json").stdout;
  };

  withProviders.each(Object.keys(stacks))(
    `${fault(160)}: the %s stack as HCL, laid out as Terraform does it`,
    (stack) => {
      // Initialised by the tests above.
      const cwd = join(folder, stack.replaceAll(" ", "-"));
      const made = stacks[stack]?.(Testing.app(), cluster(clusters["Terraform Cloud's variables"]));
      if (!made) throw new Error(`no stack ${stack}`);
      schemas ??= providerSchemas();
      rmSync(join(cwd, "cdk.tf.json"));
      writeFileSync(join(cwd, "main.tf"), hclOf(JSON.parse(Testing.synth(made)), JSON.parse(schemas)));

      expect(terraform(cwd, "fmt", "-list=false")).toMatchObject({ status: 0 });
      expect(terraform(cwd, "validate")).toMatchObject({ status: 0, output: expect.stringContaining("Success!") });
    },
    240_000,
  );
});
