import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { describeAdoption } from "../../day-two/adopt/adopt";
import { checkVersion, findImports, importFile, refuseReadSecrets, refuseShownKey } from "../../day-two/adopt/imports";
import { synthesisedObjects } from "../../day-two/adopt/synthesised-objects";
import type { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { KubeProxyStack } from "../../stacks/kube-proxy/kube-proxy-stack";
import { AddressPoolsStack } from "../../stacks/metallb/address-pools-stack";
import { MetallbCrdsStack } from "../../stacks/metallb/metallb-crds-stack";
import { MetallbStack } from "../../stacks/metallb/metallb-stack";
import type { ResourceChange } from "../../remote/terraform/plan";
import { UserError } from "../../values/user-error";
import { cluster, clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { upstreamFolder, upstreamManifest } from "../stacks/metallb/upstream-manifest";
import { synthesised } from "../synthesised";

describe("Secrets that the state is not to hold", () => {
  const secret = { to: "kubernetes_secret_v1.memberlist", id: "metallb-system/memberlist" };
  const role = { to: "kubernetes_role_v1.pod-lister", id: "metallb-system/pod-lister" };

  test(`${fault(165)}: are not imported, which would read them into it`, () => {
    expect(() => refuseReadSecrets([role, secret], { memberlistKey: "writeOnly" })).toThrow(
      new UserError(
        'Terraform reads the Secrets that it imports into its state, which metallb.memberlistKey: writeOnly is to keep them out of: nothing was adopted. Write memberlistKey: state, adopt, then write writeOnly again and deploy, which makes another key: docs/security.md, section "There and back"',
      ),
    );
  });

  test("are imported where the state holds them, and other objects always", () => {
    refuseReadSecrets([role, secret], { memberlistKey: "state" });
    refuseReadSecrets([role], { memberlistKey: "writeOnly" });
  });
});

describe("the objects of the MetalLB stack", () => {
  const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-adopt-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const objectsOf = (stack: (scope: Construct) => TerraformStack) => {
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(synthesised(stack)));
    return synthesisedObjects({ name: "any", folder });
  };

  test("each has its place in the API and its name for Terraform's import", () => {
    const objects = objectsOf((app) => new MetallbStack(app, "metallb", cluster()));
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

  test(`${fault(222)}: of kube-proxy's stack it is what stays in the cluster where a state is lost`, () => {
    const objects = objectsOf((app) => new KubeProxyStack(app, "kube-proxy", cluster()));
    expect(objects.map(({ address, id }) => `${address} ${id}`)).toEqual([
      "kubernetes_config_map_v1.original kube-system/baremetal-lb-kube-proxy-original",
      "kubernetes_config_map_v1.proof kube-system/baremetal-lb-kube-proxy-proof",
    ]);
  });

  test(`${fault(38)}: every object of upstream's manifest of 0.12 is among them, also a policy`, () => {
    const upstream = ["namespace.yaml", "metallb.yaml"]
      .map((file) => readFileSync(join(upstreamFolder("0.12.1"), "manifests", file), "utf8"))
      .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as { metadata: { name: string } }));
    const kubernetes = { ...clusterInput.kubernetes, version: "1.20.2" };
    const of012 = cluster({ kubernetes, metallb: { ...clusterInput.metallb, version: "0.12.1" } });
    const objects = objectsOf((app) => new MetallbStack(app, "metallb", of012));
    const names = upstream.map(({ metadata }) => metadata.name);
    expect(objects.map(({ path }) => path.split("/").at(-1)).sort()).toEqual([...names, "config", "memberlist"].sort());
  }, 180_000);

  const version = "0.16.2";
  const config = cluster({ metallb: { ...clusterInput.metallb, version } });
  const withManifest = { ...config, manifest: upstreamManifest(version) };

  test("CRDs and custom resources, for which the provider has no type, are named part by part", () => {
    const crds = objectsOf((app) => new MetallbCrdsStack(app, "metallb-crds", withManifest));
    expect(crds.map(({ path }) => path).sort()).toEqual(
      [
        "/api/v1/namespaces/metallb-system",
        ...upstreamManifest(version)
          .filter(({ kind }) => kind === "CustomResourceDefinition")
          .map(({ metadata }) => `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${metadata.name}`),
      ].sort(),
    );
    expect(crds).toContainEqual({
      address: "kubernetes_manifest.bgppeers",
      path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/bgppeers.metallb.io",
      id: "apiVersion=apiextensions.k8s.io/v1,kind=CustomResourceDefinition,name=bgppeers.metallb.io",
      shared: false,
    });
    expect(objectsOf((app) => new AddressPoolsStack(app, "address-pools", config))).toEqual([
      {
        address: "kubernetes_manifest.ipaddresspool-default",
        path: "/apis/metallb.io/v1beta1/namespaces/metallb-system/ipaddresspools/default",
        id: "apiVersion=metallb.io/v1beta1,kind=IPAddressPool,namespace=metallb-system,name=default",
        shared: false,
      },
      {
        address: "kubernetes_manifest.l2advertisement-default",
        path: "/apis/metallb.io/v1beta1/namespaces/metallb-system/l2advertisements/default",
        id: "apiVersion=metallb.io/v1beta1,kind=L2Advertisement,namespace=metallb-system,name=default",
        shared: false,
      },
    ]);
  });

  test("every object of upstream's manifest that is no CRD is among those of the stack metallb", () => {
    const objects = objectsOf((app) => new MetallbStack(app, "metallb", withManifest));
    const names = upstreamManifest(version)
      .filter(({ kind }) => kind !== "CustomResourceDefinition")
      .map(({ metadata }) => metadata.name);
    expect(objects.map(({ path }) => path.split("/").at(-1)).sort()).toEqual([...names, "memberlist"].sort());
    expect(objects.filter(({ shared }) => shared)).toEqual([
      {
        address: "kubernetes_namespace_v1.namespace[0]",
        path: "/api/v1/namespaces/metallb-system",
        id: "metallb-system",
        shared: true,
      },
    ]);
  });
});

/** An API that has these objects, by their path. */
const having = (objects: Record<string, unknown>) => ({ get: (path: string) => Promise.resolve(objects[path]) });

const secretPath = "/api/v1/namespaces/metallb-system/secrets/memberlist";

describe(`${fault(38)}: what is imported`, () => {
  const objects = [
    { address: "kubernetes_namespace_v1.namespace", path: "/api/v1/namespaces/a", id: "a", shared: false },
    { address: "kubernetes_secret_v1.memberlist", path: secretPath, id: "metallb-system/memberlist", shared: false },
    {
      address: "kubernetes_config_map_v1.config",
      path: "/api/v1/namespaces/a/configmaps/config",
      id: "a/config",
      shared: false,
    },
  ];
  const secret = { data: { secretkey: Buffer.from("line one\nline two").toString("base64") } };

  test("what exists and is not in the state, and the memberlist secret's value", async () => {
    const api = having({ "/api/v1/namespaces/a": {}, [secretPath]: secret });
    expect(await findImports(api, "metallb", objects, new Set(["kubernetes_namespace_v1.namespace"]))).toEqual([
      { to: "kubernetes_secret_v1.memberlist", id: "metallb-system/memberlist" },
      { to: "random_password.memberlist", id: "line one\nline two" },
    ]);
  });

  test("nothing where nothing exists, or all is in the state", async () => {
    expect(await findImports(having({}), "metallb", objects, new Set())).toEqual([]);
    const all = new Set([...objects.map(({ address }) => address), "random_password.memberlist"]);
    expect(await findImports(having({ [secretPath]: secret }), "metallb", objects, all)).toEqual([]);
  });

  test(`${fault(157)}: the secret's value goes to no server`, () => {
    const imports = [
      { to: "kubernetes_secret_v1.memberlist", id: "metallb-system/memberlist" },
      { to: "random_password.memberlist", id: "s3cret" },
    ];
    expect(() => refuseShownKey(imports, "app.terraform.io")).toThrow(
      /^the memberlist secret's value is its name for Terraform's import, and app\.terraform\.io, which runs Terraform \(state\.execution\), would have it in an uploaded file and in the run's log: nothing was adopted\. Set the Execution Mode of the workspaces to local and write execution: local under state, adopt, then set both back$/,
    );
    expect(() => refuseShownKey(imports, undefined)).not.toThrow();
    expect(() => refuseShownKey(imports.slice(0, 1), "app.terraform.io")).not.toThrow();
  });

  test("stands in a file that Terraform reads to the letter, whatever the secret is made of", () => {
    expect(JSON.parse(importFile([{ to: "random_password.memberlist", id: "a${b}%{c}\nd" }]))).toEqual({
      import: [{ to: "random_password.memberlist", id: "a$${b}%%{c}\nd" }],
    });
  });

  test("a key in the state that no Secret uses is refused: it would replace the cluster's own", async () => {
    const inState = new Set(["random_password.memberlist"]);
    await expect(findImports(having({ [secretPath]: secret }), "metallb", objects, inState)).rejects.toThrow(
      "Terraform's state holds a memberlist key that no Secret uses, of a deploy that failed; with it the cluster's own key would be replaced. Forget it, then adopt: terraform -chdir=cdktf.out/stacks/metallb state rm random_password.memberlist",
    );
  });

  test("a memberlist secret without its key is an error that says what to do", async () => {
    await expect(findImports(having({ [secretPath]: { data: {} } }), "metallb", objects, new Set())).rejects.toThrow(
      "Secret metallb-system/memberlist has no key secretkey, which MetalLB's speakers read: delete the Secret, a deploy makes it anew",
    );
  });

  test("a namespace that two stacks may have is imported into the one that it belongs to", async () => {
    const address = "kubernetes_namespace_v1.namespace[0]";
    const shared = [{ address, path: "/api/v1/namespaces/a", id: "a", shared: true }];
    const ofKubectl = having({ "/api/v1/namespaces/a": { metadata: {} } });
    const annotations = { "baremetal-lb/stack": "metallb-crds" };
    const ofDeploy = having({ "/api/v1/namespaces/a": { metadata: { annotations } } });
    expect(await findImports(ofKubectl, "metallb", shared, new Set())).toEqual([{ to: address, id: "a" }]);
    expect(await findImports(ofKubectl, "metallb-crds", shared, new Set())).toEqual([]);
    expect(await findImports(ofDeploy, "metallb", shared, new Set())).toEqual([]);
    expect(await findImports(ofDeploy, "metallb-crds", shared, new Set())).toEqual([{ to: address, id: "a" }]);
    // As the state of MetalLB 0.9 has it.
    expect(await findImports(ofKubectl, "metallb", shared, new Set(["kubernetes_namespace_v1.namespace"]))).toEqual([]);
  });

  test("the memberlist secret is looked for by the stack that has it only", async () => {
    const [namespace] = objects;
    if (namespace === undefined) throw new Error("there is no first object");
    expect(await findImports(having({ [secretPath]: secret }), "metallb-crds", [namespace], new Set())).toEqual([]);
  });

  test("a MetalLB of another minor version is refused, with both versions", async () => {
    const running = (image: string) =>
      having({
        "/apis/apps/v1/namespaces/metallb-system/deployments/controller": {
          spec: { template: { spec: { containers: [{ image }] } } },
        },
      });
    await expect(checkVersion(running("metallb/controller:v0.9.5"), "0.9.6")).resolves.toBeUndefined();
    await expect(checkVersion(running("quay.io/metallb/controller:v0.12.0"), "0.12.1")).resolves.toBeUndefined();
    await expect(checkVersion(running("quay.io/metallb/controller:v0.14.5"), "0.14.9")).resolves.toBeUndefined();
    await expect(checkVersion(having({}), "0.14.9")).resolves.toBeUndefined();
    await expect(checkVersion(running("quay.io/metallb/controller:v0.15.2"), "0.9.6")).rejects.toThrow(
      "the MetalLB of this cluster is quay.io/metallb/controller:v0.15.2, cluster.yaml declares 0.9.6: only one of the declared minor version can be adopted, nothing was changed. These stacks know 0.9.5, 0.9.6, 0.11.0, 0.12.1, 0.13.7, 0.13.9, 0.13.12, 0.14.5, 0.14.8, 0.14.9, 0.15.2, 0.15.3, 0.16.1, 0.16.2, and another patch of 0.13, 0.14, 0.15 or 0.16 with metallb.manifestSHA256: declare the one of the cluster's minor version, adopt, and upgrade then",
    );
    await expect(checkVersion(running("quay.io/metallb/controller:v0.14.5"), "0.15.2")).rejects.toThrow(
      "the MetalLB of this cluster is quay.io/metallb/controller:v0.14.5, cluster.yaml declares 0.15.2: only one of the declared minor version",
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

  test(`${fault(222)}: kube-proxy restarts where its state was lost, and is said to`, () => {
    const restart = { ...change("random_id", ["create"], null, {}), address: "random_id.restart-id" };
    expect(describeAdoption([restart])).toEqual({
      imports: [],
      changes: [],
      creates: ["random_id.restart-id"],
      restarts: ["DaemonSet kube-system/kube-proxy"],
    });
    const kept = { ...change("random_id", ["no-op"], {}, {}), address: "random_id.restart-id" };
    expect(describeAdoption([kept]).restarts).toEqual([]);
  });

  test("is refused where anything would be destroyed", () => {
    expect(() =>
      describeAdoption([change("kubernetes_daemon_set_v1", ["delete", "create"], workload(true), workload(true))]),
    ).toThrow(
      "adopting would destroy DaemonSet metallb-system/speaker, nothing was changed: declare what the cluster has, then adopt",
    );
  });
});
