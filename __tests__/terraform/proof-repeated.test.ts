import { readFileSync, writeFileSync } from "node:fs";
import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { TerraformStack } from "cdktf";
import type { TerraformAddress } from "../../stacks/shared/constructs/plain-address";
import { SshAccess } from "../../stacks/shared/constructs/ssh-access";
import { AddressPools } from "../../stacks/metallb/constructs/address-pools";
import { MetallbConfigMap } from "../../stacks/metallb/constructs/config-map";
import { MetallbNamespace } from "../../stacks/metallb/constructs/namespace";
import { RolloutProof } from "../../stacks/metallb/constructs/rollout-proof";
import { Speaker } from "../../stacks/metallb/constructs/speaker";
import { customResources } from "../../stacks/metallb/pools/custom-resources";
import { cluster, clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { describeWithProviders } from "./available";
import { ClusterApi } from "./cluster-api";
import { TerraformProject } from "./terraform-project";

// The real Terraform and the real provider; only the step on the node is another: it notes that it ran.

const metallbOf = (version: string) => cluster({ metallb: { ...clusterInput.metallb, version } }).metallb;

const workloads = (stack: TerraformStack): readonly TerraformAddress[] => {
  const namespace = new MetallbNamespace(stack, "namespace", { podSecurityLabels: true });
  const config = new MetallbConfigMap(stack, "config", { namespace, metallb: metallbOf("0.9.6") });
  const workload = { imageRegistry: "docker.io/metallb", version: "0.9.6", dependsOn: [config] };
  return [config, new Speaker(stack, "speaker", { ...workload, hostPorts: true })];
};

const pools = (stack: TerraformStack): readonly TerraformAddress[] => {
  const resources = customResources(metallbOf("0.15.2")).filter(({ kind }) => kind === "IPAddressPool");
  return new AddressPools(stack, "pools", { resources }).resources;
};

const inNamespace = "namespaces/metallb-system";
const speaker = `/apis/apps/v1/${inNamespace}/daemonsets/speaker`;
const configMap = `/api/v1/${inNamespace}/configmaps/config`;
const pool = `/apis/metallb.io/v1beta1/${inNamespace}/ipaddresspools/default`;

const cases = [
  { name: "the workloads", build: workloads, paths: [speaker, configMap], made: 4 },
  { name: "the address pools", build: pools, paths: [pool], made: 2 },
];

describeWithProviders("proofs that are repeated")("a proof, in Terraform", () => {
  test.each(cases)(
    `${fault(112)}: of $name runs again when one of them was made anew or changed, and only then`,
    async ({ build, paths, made }) => {
      const api = await ClusterApi.start();
      const project = new TerraformProject("metallb");
      try {
        const ran = project.path("ran");
        writeFileSync(ran, "");
        const proofs = () => readFileSync(ran, "utf8").split("\n").length - 1;
        const config = cluster({ ssh: { user: "ops", agent: true } });
        project.writeOnCluster(api.kubeconfig, (stack) => {
          new NullProvider(stack, "null");
          const proof = new RolloutProof(stack, "proof", {
            script: "metallb/prove-custom-resources",
            ssh: new SshAccess(stack, config.ssh),
            controlPlane: config.nodes[0] as (typeof config.nodes)[0],
            kubernetes: config.kubernetes,
            timeout: "5m",
            of: build(stack),
          });
          proof.provisioners = [{ type: "local-exec", command: `echo proven >>${ran}` }];
        });
        await project.init();
        const apply = async () => {
          const { code, output } = await project.apply();
          if (code !== 0) throw new Error(output);
          return /Apply complete! Resources: (.*)\./.exec(output)?.[1];
        };
        expect(await apply()).toBe(`${made} added, 0 changed, 0 destroyed`);
        expect(proofs()).toBe(1);
        expect(await project.plan()).toMatchObject({ code: 0 });

        for (const [index, path] of paths.entries()) {
          // when: it is deleted
          api.objects.delete(path);
          expect(await apply()).toBe("2 added, 0 changed, 1 destroyed");
          expect(proofs()).toBe(2 * index + 2);
          expect(await project.plan()).toMatchObject({ code: 0 });

          // when: somebody changes it
          const object = api.objects.get(path);
          const changed = {
            data: { config: "other" },
            spec: { ...(object?.["spec"] as object), addresses: ["10.0.0.1/32"] },
          };
          const isSpeaker = path === speaker;
          const metadata = { ...object?.metadata, labels: { app: "other" } };
          api.objects.set(path, { ...object, ...(isSpeaker ? { metadata } : changed) } as never);
          expect(await apply()).toBe("1 added, 1 changed, 1 destroyed");
          expect(proofs()).toBe(2 * index + 3);
          expect(await project.plan()).toMatchObject({ code: 0 });
        }
      } finally {
        project.dispose();
        await api.stop();
      }
    },
    240_000,
  );
});
