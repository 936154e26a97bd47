import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { DataResource, type TerraformStack } from "cdktf";
import { manifestResource } from "../../stacks/metallb/constructs/manifest-object";
import { Memberlist } from "../../stacks/metallb/constructs/memberlist";
import type { MetallbConfig } from "../../stacks/metallb/schema/metallb";
import { oldestWriteOnlyTerraform } from "../../stacks/shared/terraform-versions";
import { MetallbStack } from "../../stacks/metallb/metallb-stack";
import { cluster, clusterInput } from "../cluster-fixture";
import { upstreamManifest } from "../stacks/metallb/upstream-manifest";
import { fault } from "../faults";
import { describeSince } from "./available";
import { ClusterApi } from "./cluster-api";
import { TerraformProject } from "./terraform-project";

const secretPath = "/api/v1/namespaces/metallb-system/secrets/memberlist";

interface Secret {
  readonly type: string;
  readonly data: Readonly<Record<string, string>>;
}

const describeKey = describeSince(oldestWriteOnlyTerraform, "the memberlist key out of the state");

describeKey("the memberlist key, in Terraform", () => {
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

  const declare = (memberlistKey: MetallbConfig["memberlistKey"]) =>
    project.writeOnCluster(api.kubeconfig, (stack: TerraformStack) => {
      new RandomProvider(stack, "random");
      const namespace = new NamespaceV1(stack, "namespace", { metadata: { name: "metallb-system" } });
      namespace.overrideLogicalId("namespace");
      const { restartOn } = new Memberlist(stack, "memberlist", { namespace, memberlistKey });
      if (restartOn !== undefined) new DataResource(stack, "restart", { triggersReplace: { restartOn } });
    });

  const deploy = async () => {
    const { code, output } = await project.apply();
    if (code !== 0) throw new Error(output);
    return output;
  };
  const secret = () => api.objects.get(secretPath) as unknown as Secret;
  const key = () => Buffer.from(secret().data.secretkey ?? "", "base64").toString();
  const expectNothingToDo = async () => {
    const { code, output } = await project.plan();
    if (code !== 0) throw new Error(output);
  };

  /** The files that have a key in one of the forms in which it may stand there, plans unpacked. */
  const filesWith = (...keys: readonly string[]): string[] => {
    const forms = keys.flatMap((one) => [one, Buffer.from(one).toString("base64")]);
    const folder = project.path(".");
    return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: "utf8" })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((path) => {
        const text = readFileSync(path, "latin1");
        return forms.some((form) => text.includes(form));
      })
      .map((path) => relative(folder, path))
      .sort();
  };

  /** What a kept plan holds, shown as text, since its file is packed; the file stays among those that are searched. */
  const plan = async (): Promise<string> => {
    await project.terraform("plan", "-out=kept.plan", "-input=false");
    return (await project.terraform("show", "-json", "kept.plan")).stdout;
  };

  test(`${fault(165)}: written once and kept nowhere, it is in no state and no plan, and the second plan is empty`, async () => {
    await declare("writeOnly").init();
    expect(await plan()).toContain('"data_wo_revision":1');
    await deploy();
    const made = key();
    expect(made).toMatch(/^[A-Za-z0-9]{128}$/);
    expect(await plan()).not.toContain(made);
    expect(filesWith(made)).toEqual([]);
    await expectNothingToDo();
    expect(key()).toBe(made);
  }, 120_000);

  test(`${fault(166)}: deleted by hand, the Secret comes back with another key, and what waits for it runs again`, async () => {
    await declare("writeOnly").init();
    await deploy();
    const before = key();
    api.objects.delete(secretPath);
    const output = await deploy();
    expect(output).toContain("terraform_data.restart must be replaced");
    expect(key()).toMatch(/^[A-Za-z0-9]{128}$/);
    expect(key()).not.toBe(before);
    expect(filesWith(before, key())).toEqual([]);
    await expectNothingToDo();
  }, 120_000);

  test(`${fault(167)}: from the state to nowhere another key takes its place, and the backup alone has the one of before`, async () => {
    await declare("state").init();
    await deploy();
    const kept = key();
    expect(filesWith(kept)).toEqual([".state/demo/metallb.tfstate"]);

    declare("writeOnly");
    await deploy();
    expect(key()).not.toBe(kept);
    expect(secret().type).toBe("baremetal-lb/write-only");
    expect(filesWith(key())).toEqual([]);
    expect(filesWith(kept)).toEqual([".state/demo/metallb.tfstate.backup"]);
    await expectNothingToDo();
  }, 120_000);

  test(`${fault(167)}: back into the state another key takes its place, which the state has`, async () => {
    await declare("writeOnly").init();
    await deploy();
    const forgotten = key();

    declare("state");
    await deploy();
    expect(key()).toMatch(/^[A-Za-z0-9]{128}$/);
    expect(key()).not.toBe(forgotten);
    expect(secret().type).toBe("Opaque");
    expect(filesWith(forgotten)).toEqual([]);
    await expectNothingToDo();
  }, 120_000);

  test(`${fault(165)}: a Secret that MetalLB fills in, such as its webhook's certificate, is not read either`, async () => {
    const path = "/api/v1/namespaces/metallb-system/secrets/metallb-webhook-cert";
    const certificate = Buffer.from("what MetalLB's controller wrote").toString("base64");
    const object = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "metallb-webhook-cert", namespace: "metallb-system" },
    };
    const withSecret = (readsSecrets: boolean) =>
      project.writeOnCluster(api.kubeconfig, (stack: TerraformStack) => {
        manifestResource(stack, object, { readsSecrets });
      });
    await withSecret(true).init();
    await deploy();
    const fillIn = () => api.objects.set(path, { ...api.objects.get(path), data: { "tls.key": certificate } } as never);
    fillIn();
    await project.terraform("apply", "-refresh-only", "-auto-approve");
    expect(filesWith("what MetalLB's controller wrote")).toContain(".state/demo/metallb.tfstate");

    withSecret(false);
    await deploy();
    fillIn();
    await expectNothingToDo();
    await project.terraform("apply", "-refresh-only", "-auto-approve");
    expect(filesWith("what MetalLB's controller wrote")).toEqual([]);
  }, 120_000);

  test(`${fault(160)}: as HCL it is as it is`, async () => {
    await declare("writeOnly").init();
    await deploy();
    const made = key();
    await project.toHcl();
    await expectNothingToDo();
    await deploy();
    expect(key()).toBe(made);
  }, 120_000);

  test.each([undefined, "0.16.2"] as const)(
    `${fault(165)}, ${fault(160)}: the whole stack is accepted, as HCL too, of MetalLB %s`,
    async (version) => {
      writeFileSync(project.path("key"), "a stand-in: validate reads the file, and does not use it");
      const config = cluster({
        ssh: { user: "ops", privateKeyFile: project.path("key") },
        metallb: { ...clusterInput.metallb, ...(version && { version }), memberlistKey: "writeOnly" },
      });
      const manifest = version && upstreamManifest(version);
      await project.write((scope, id) => new MetallbStack(scope, id, { ...config, manifest })).init();
      const valid = { code: 0, output: expect.stringContaining("Success!") };
      expect(await project.terraform("validate")).toMatchObject(valid);
      await project.toHcl();
      expect(readFileSync(project.path("cdktf.out/stacks/metallb/main.tf"), "utf8")).toContain(
        '\nephemeral "random_password" "memberlist" {\n',
      );
      expect(await project.terraform("validate")).toMatchObject(valid);
    },
    120_000,
  );
});
