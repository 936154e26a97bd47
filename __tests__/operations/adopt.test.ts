import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeAdoption } from "../../operations/adopt/adopt";
import { checkVersion, findImports, importFile } from "../../operations/adopt/imports";
import { synthesisedObjects } from "../../operations/adopt/synthesised-objects";
import { MetallbStack } from "../../stacks/metallb-stack";
import type { ResourceChange } from "../../terraform/plan";
import { cluster } from "../cluster-fixture";
import { fault } from "../faults";
import { synthesised } from "../synthesised";

describe("the objects of the MetalLB stack", () => {
  const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-adopt-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("each has its place in the API and its name for Terraform's import", () => {
    const stack = synthesised((app) => new MetallbStack(app, "metallb", cluster()));
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(stack));
    const objects = synthesisedObjects({ name: "metallb", folder });
    expect(objects.map(({ path, id }) => `${path} ${id}`).sort()).toEqual(
      [
        "/api/v1/namespaces/metallb-system metallb-system",
        "/api/v1/namespaces/metallb-system/configmaps/config metallb-system/config",
        "/api/v1/namespaces/metallb-system/secrets/memberlist metallb-system/memberlist",
        "/api/v1/namespaces/metallb-system/serviceaccounts/controller metallb-system/controller",
        "/api/v1/namespaces/metallb-system/serviceaccounts/speaker metallb-system/speaker",
        "/apis/apps/v1/namespaces/metallb-system/daemonsets/speaker metallb-system/speaker",
        "/apis/apps/v1/namespaces/metallb-system/deployments/controller metallb-system/controller",
        ...["clusterrolebindings", "clusterroles"].flatMap((plural) =>
          ["controller", "speaker"].map(
            (name) => `/apis/rbac.authorization.k8s.io/v1/${plural}/metallb-system:${name} metallb-system:${name}`,
          ),
        ),
        ...["rolebindings", "roles"].flatMap((plural) =>
          ["config-watcher", "pod-lister"].map(
            (name) =>
              `/apis/rbac.authorization.k8s.io/v1/namespaces/metallb-system/${plural}/${name} metallb-system/${name}`,
          ),
        ),
      ].sort(),
    );
  });
});

/** An API that has these objects, by their path. */
const having = (objects: Record<string, unknown>) => ({ get: (path: string) => Promise.resolve(objects[path]) });

const secretPath = "/api/v1/namespaces/metallb-system/secrets/memberlist";

describe(`${fault(38)}: what is imported`, () => {
  const objects = [
    { address: "kubernetes_namespace_v1.namespace", path: "/api/v1/namespaces/a", id: "a" },
    { address: "kubernetes_secret_v1.memberlist", path: secretPath, id: "metallb-system/memberlist" },
    { address: "kubernetes_config_map_v1.config", path: "/api/v1/namespaces/a/configmaps/config", id: "a/config" },
  ];
  const secret = { data: { secretkey: Buffer.from("line one\nline two").toString("base64") } };

  test("what exists and is not in the state, and the memberlist secret's value", async () => {
    const api = having({ "/api/v1/namespaces/a": {}, [secretPath]: secret });
    expect(await findImports(api, objects, new Set(["kubernetes_namespace_v1.namespace"]))).toEqual([
      { to: "kubernetes_secret_v1.memberlist", id: "metallb-system/memberlist" },
      { to: "random_password.memberlist", id: "line one\nline two" },
    ]);
  });

  test("nothing where nothing exists, or all is in the state", async () => {
    expect(await findImports(having({}), objects, new Set())).toEqual([]);
    const all = new Set([...objects.map(({ address }) => address), "random_password.memberlist"]);
    expect(await findImports(having({ [secretPath]: secret }), objects, all)).toEqual([]);
  });

  test("stands in a file that Terraform reads to the letter, whatever the secret is made of", () => {
    expect(JSON.parse(importFile([{ to: "random_password.memberlist", id: "a${b}%{c}\nd" }]))).toEqual({
      import: [{ to: "random_password.memberlist", id: "a$${b}%%{c}\nd" }],
    });
  });

  test("a key in the state that no Secret uses is refused: it would replace the cluster's own", async () => {
    const inState = new Set(["random_password.memberlist"]);
    await expect(findImports(having({ [secretPath]: secret }), objects, inState)).rejects.toThrow(
      "Terraform's state holds a memberlist key that no Secret uses, of a deploy that failed; with it the cluster's own key would be replaced. Forget it, then adopt: terraform -chdir=cdktf.out/stacks/metallb state rm random_password.memberlist",
    );
  });

  test("a memberlist secret without its key is an error that says what to do", async () => {
    await expect(findImports(having({ [secretPath]: { data: {} } }), objects, new Set())).rejects.toThrow(
      "Secret metallb-system/memberlist has no key secretkey, which MetalLB's speakers read: delete the Secret, a deploy makes it anew",
    );
  });

  test("a MetalLB of another family is refused, with both versions", async () => {
    const running = (image: string) =>
      having({
        "/apis/apps/v1/namespaces/metallb-system/deployments/controller": {
          spec: { template: { spec: { containers: [{ image }] } } },
        },
      });
    await expect(checkVersion(running("metallb/controller:v0.9.5"), "0.9.6")).resolves.toBeUndefined();
    await expect(checkVersion(running("quay.io/metallb/controller:v0.15.2"), "0.9.6")).rejects.toThrow(
      "the MetalLB of this cluster is quay.io/metallb/controller:v0.15.2, cluster.yaml declares 0.9.6: only 0.9.5 and 0.9.6 can be adopted, nothing was changed",
    );
  });
});

describe(`${fault(38)}: what adopting would do`, () => {
  const change = (type: string, actions: string[], before: object | null, after: object | null, importing?: string) =>
    ({
      address: `${type}.x`,
      type,
      name: "x",
      change: {
        actions,
        before,
        after,
        before_sensitive: {},
        after_sensitive: {},
        ...(importing && { importing: { id: importing } }),
      },
    }) as ResourceChange;
  const metadata = [{ name: "speaker", namespace: "metallb-system" }];
  const workload = (links: boolean, replicas = 1) => ({ metadata, spec: [{ replicas, template: [{ links }] }] });

  test("imports, changes, what is made, and whose pods restart; no value of a secret", () => {
    const password = { result: "hush", id: "none" };
    const report = describeAdoption([
      change("random_password", ["no-op"], password, password, "hush"),
      change("kubernetes_daemon_set_v1", ["update"], workload(false), workload(true), "metallb-system/speaker"),
      change("kubernetes_deployment_v1", ["update"], workload(true, 1), workload(true, 2), "metallb-system/speaker"),
      change("null_resource", ["create"], null, {}),
    ]);
    expect(report).toEqual({
      imports: ["random_password.x", "DaemonSet metallb-system/speaker", "Deployment metallb-system/speaker"],
      changes: [
        "DaemonSet metallb-system/speaker: spec.template.links is false, declared true",
        "Deployment metallb-system/speaker: spec.replicas is 1, declared 2",
      ],
      creates: ["null_resource.x"],
      restarts: ["DaemonSet metallb-system/speaker"],
    });
  });

  test("is refused where anything would be destroyed", () => {
    expect(() =>
      describeAdoption([change("kubernetes_daemon_set_v1", ["delete", "create"], workload(true), workload(true))]),
    ).toThrow(
      "adopting would destroy DaemonSet metallb-system/speaker, nothing was changed: declare what the cluster has, then adopt",
    );
  });
});
