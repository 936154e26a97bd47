import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { TerraformLocal } from "cdktf";
import { findImports, importFile } from "../../day-two/adopt/imports";
import { synthesisedObjects } from "../../day-two/adopt/synthesised-objects";
import { OriginalSettings } from "../../stacks/kube-proxy/constructs/original-settings";
import { ProofRecord } from "../../stacks/kube-proxy/constructs/proof-record";
import { originalConfigMap, proofConfigMap } from "../../stacks/kube-proxy/names";
import { cluster } from "../cluster-fixture";
import { fault } from "../faults";
import { describeWithProviders } from "./available";
import { ClusterApi } from "./cluster-api";
import { running, TerraformProject } from "./terraform-project";

// What the stack kube-proxy keeps in the cluster, by the real Terraform and provider, when its state is gone.

const ipvs = { mode: "ipvs", ipvs: { scheduler: "rr", strictARP: true } };

describeWithProviders("a lost state of kube-proxy")("a lost state of kube-proxy, in Terraform", () => {
  let api: ClusterApi;
  let project: TerraformProject;
  const pathOf = ({ namespace, name }: { namespace: string; name: string }) =>
    `/api/v1/namespaces/${namespace}/configmaps/${name}`;
  const settings = () =>
    (api.objects.get(pathOf(originalConfigMap))?.["data"] as Record<string, string>)["settings.json"];
  /** The stack's part, while kube-proxy's configuration is this one. */
  const write = (current: object) =>
    project.writeOnCluster(api.kubeconfig, (stack) => {
      new TerraformLocal(stack, "current", current).overrideLogicalId("current");
      const { kubeProxy, nodes } = cluster();
      if (kubeProxy.mode === "unmanaged") throw new Error("the fixture's kube-proxy is managed");
      new OriginalSettings(stack, { current: "local.current" }, kubeProxy);
      new ProofRecord(stack, { purpose: "a test", data: { mode: "ipvs" }, nodes, proofs: [] });
    });

  beforeAll(async () => {
    api = await ClusterApi.start();
    api.put("/api/v1/namespaces/kube-system", { metadata: {} });
    project = new TerraformProject("kube-proxy");
    write({ mode: "", ipvs: { scheduler: "", strictARP: false } });
    await project.init();
    const { code, output } = await project.apply();
    if (code !== 0) throw new Error(output);
  }, 120_000);
  afterAll(async () => {
    project.dispose();
    await api.stop();
  });

  test(`${fault(222)}: a deploy by itself meets objects that exist already`, async () => {
    for (const file of [project.stateFile, `${project.stateFile}.backup`]) rmSync(file, { force: true });
    // As the deploy before has made it.
    write(ipvs);
    const { code, output } = await project.apply();
    expect(code).toBe(1);
    expect(running(output)).toContain(`configmaps "${originalConfigMap.name}" already exists`);
    expect(running(output)).toContain(`configmaps "${proofConfigMap.name}" already exists`);
  }, 120_000);

  test(`${fault(222)}: what adopt imports keeps the original values, and destroys nothing`, async () => {
    for (const file of [project.stateFile, `${project.stateFile}.backup`]) rmSync(file, { force: true });
    const original = settings();
    const get = (path: string) => Promise.resolve(api.objects.get(path));
    const objects = synthesisedObjects({ name: "kube-proxy", folder: project.folder });
    const imports = await findImports({ get }, "kube-proxy", objects, new Set());
    expect(imports.map(({ id }) => id)).toEqual([
      "kube-system/baremetal-lb-kube-proxy-original",
      "kube-system/baremetal-lb-kube-proxy-proof",
    ]);
    writeFileSync(`${project.folder}/import.tf.json`, importFile(imports));

    const { code, output } = await project.apply();
    if (code !== 0) throw new Error(output);
    expect(output).toMatch(/Resources: 2 imported, \d+ added, \d+ changed, 0 destroyed/);
    expect(settings()).toBe(original);
    expect(JSON.parse(settings() ?? "")).toMatchObject({ mode: "" });

    // when: the import blocks are gone, as adopt's folder is
    rmSync(`${project.folder}/import.tf.json`);
    expect(await project.plan()).toMatchObject({ code: 0 });
    expect(readFileSync(project.stateFile, "utf8")).toContain(originalConfigMap.name);
  }, 120_000);
});
