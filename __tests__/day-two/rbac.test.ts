import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { grantsOfCommands, grantsOfStacks, reading } from "../../day-two/rbac/grants";
import { namespaceLabelsOf, rbacManifest } from "../../day-two/rbac/manifest";
import { KubeProxyStack } from "../../stacks/kube-proxy/kube-proxy-stack";
import { AddressPoolsStack } from "../../stacks/metallb/address-pools-stack";
import { MetallbCrdsStack } from "../../stacks/metallb/metallb-crds-stack";
import { MetallbStack } from "../../stacks/metallb/metallb-stack";
import type { BgpType } from "../../stacks/metallb/release/releases";
import { cluster, clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { upstreamManifest } from "../stacks/metallb/upstream-manifest";
import { synthesised } from "../synthesised";

const ofCustomResources = (name: string, version: "0.15.2" | "0.16.2", bgpType: BgpType) => () => {
  const config = cluster({ metallb: { ...clusterInput.metallb, version, bgpType } });
  const props = { ...config, manifest: upstreamManifest(version, bgpType) };
  return [
    written(`kube-proxy-${name}`, (app) => new KubeProxyStack(app, "kube-proxy", config)),
    written(`metallb-crds-${name}`, (app) => new MetallbCrdsStack(app, "metallb-crds", props)),
    written(`address-pools-${name}`, (app) => new AddressPoolsStack(app, "address-pools", props)),
    written(`metallb-${name}`, (app) => new MetallbStack(app, "metallb", props)),
  ];
};

interface RoleObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly {
    readonly apiGroups: string[];
    readonly resources: string[];
    readonly resourceNames?: string[];
    readonly verbs: string[];
  }[];
  readonly subjects?: object[];
}

const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-rbac-"));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, make: (scope: Construct) => TerraformStack) {
  const stack = { name, folder: join(folder, name) };
  mkdirSync(stack.folder, { recursive: true });
  writeFileSync(join(stack.folder, "cdk.tf.json"), JSON.stringify(synthesised(make)));
  return stack;
}

const ofConfigMap = (version: string) => () => {
  const config = cluster({ metallb: { ...clusterInput.metallb, version } });
  return [
    written(`kube-proxy-${version}`, (app) => new KubeProxyStack(app, "kube-proxy", config)),
    written(`metallb-${version}`, (app) => new MetallbStack(app, "metallb", config)),
  ];
};

const stacksOf = {
  "0.9.6": ofConfigMap("0.9.6"),
  "0.12.1": ofConfigMap("0.12.1"),
  "0.16.2": ofCustomResources("native", "0.16.2", "native"),
  "0.15.2 with frr-k8s": ofCustomResources("frr-k8s", "0.15.2", "frr-k8s"),
};
const versions = ["0.9.6", "0.12.1", "0.16.2", "0.15.2 with frr-k8s"] as const;

const rulesOf = (objects: readonly unknown[], name: string) =>
  (objects as RoleObject[]).filter(({ kind, metadata }) => kind.endsWith("Role") && metadata.name === name);

const ofBoth = ["clusterrolebindings", "clusterroles", "customresourcedefinitions", "validatingwebhookconfigurations"];

describe("the account that rbac prints", () => {
  test("is named everywhere as what it is, and bound where its rights are", () => {
    const objects = rbacManifest(
      {
        grants: [
          { namespace: "a", group: "apps", resource: "daemonsets", verb: "create" },
          { namespace: "a", group: "apps", resource: "daemonsets", name: "one", verb: "get" },
          { namespace: "a", group: "apps", resource: "daemonsets", name: "one", verb: "patch" },
          { namespace: "a", group: "apps", resource: "daemonsets", name: "two", verb: "get" },
          { namespace: "a", group: "apps", resource: "daemonsets", name: "two", verb: "patch" },
          { group: "", resource: "nodes", verb: "list" },
          { group: "", resource: "nodes", verb: "get", name: "n" },
          { group: "", resource: "nodes", verb: "get" },
        ],
        held: [
          { apiGroups: [""], resources: ["services"], verbs: ["watch"] },
          { apiGroups: [""], resources: ["services"], verbs: ["watch"] },
        ],
      },
      { name: "me", namespaceLabels: { app: "metallb" } },
    );
    const rbac = "rbac.authorization.k8s.io";
    const subjects = [{ kind: "ServiceAccount", name: "me", namespace: "kube-system" }];
    const binding = (kind: string, metadata: { name: string; namespace?: string }) => ({
      apiVersion: `${rbac}/v1`,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: rbac, kind, name: metadata.name },
      subjects,
    });
    const role = (kind: string, metadata: { name: string; namespace?: string }, rules: object[]) => [
      { apiVersion: `${rbac}/v1`, kind, metadata, rules },
      binding(kind, metadata),
    ];
    expect(objects).toStrictEqual([
      {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "metallb-system", labels: { app: "metallb" }, annotations: { "baremetal-lb/stack": "rbac" } },
      },
      { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "me", namespace: "kube-system" } },
      ...role("Role", { name: "me", namespace: "a" }, [
        { apiGroups: ["apps"], resources: ["daemonsets"], verbs: ["create"] },
        { apiGroups: ["apps"], resources: ["daemonsets"], resourceNames: ["one", "two"], verbs: ["get", "patch"] },
      ]),
      ...role("ClusterRole", { name: "me" }, [{ apiGroups: [""], resources: ["nodes"], verbs: ["list", "get"] }]),
      ...role("ClusterRole", { name: "me-held" }, [{ apiGroups: [""], resources: ["services"], verbs: ["watch"] }]),
    ]);
  });

  test.each(versions)(
    `${fault(187)}: MetalLB %s: has no right to give itself others, to secrets elsewhere, to pods`,
    (version) => {
      const { grants, held } = grantsOfStacks(stacksOf[version](), { ownsNamespace: false });
      expect(grants.filter(({ verb }) => !["create", "get", "list", "patch", "delete"].includes(verb))).toEqual([]);
      expect([...grants, ...held].filter((one) => JSON.stringify(one).match(/escalate|bind"|impersonate/))).toEqual([]);
      const isWritten = ({ verb }: { verb: string }) => verb !== "get" && verb !== "list";
      const written = grants.filter(isWritten);
      expect(written.filter(({ resource }) => /^(pods|nodes|services\/|serviceaccounts\/)/.test(resource))).toEqual([]);
      const everywhere = written.filter(({ namespace }) => namespace === undefined);
      expect([...new Set(everywhere.map(({ resource }) => resource))].sort()).toEqual(
        {
          "0.9.6": ["clusterrolebindings", "clusterroles", "namespaces"],
          "0.12.1": ["clusterrolebindings", "clusterroles", "namespaces"],
          "0.16.2": ofBoth,
          "0.15.2 with frr-k8s": ofBoth,
        }[version],
      );
      // Only what is made may not be named.
      expect(written.filter(({ name, verb }) => name === undefined && verb !== "create")).toEqual([]);
      const secrets = [...grants, ...held.map((one) => ({ ...one, resource: one.resources?.join() ?? "" }))].filter(
        ({ resource, namespace }) => resource.includes("secrets") && namespace !== "metallb-system",
      );
      expect(secrets).toEqual([]);
    },
  );

  test.each(versions)(
    "MetalLB %s: holds the rights that the stacks give to MetalLB, or Kubernetes refuses them",
    (version) => {
      const stacks = stacksOf[version]();
      const objects = rbacManifest(grantsOfStacks(stacks, { ownsNamespace: false }), { name: "me" });
      const scopes = rulesOf(objects, "me-held").map(({ metadata }) => metadata.namespace);
      expect(scopes).toEqual(["metallb-system", undefined]);
      const { held } = grantsOfStacks(stacks, { ownsNamespace: false });
      const given = rulesOf(objects, "me-held").flatMap(({ metadata, rules = [] }) =>
        rules.map((rule) => JSON.stringify({ ...(metadata.namespace && { namespace: metadata.namespace }), ...rule })),
      );
      expect(given.sort()).toEqual([...new Set(held.map((rule) => JSON.stringify(rule)))].sort());
    },
  );

  test.each([
    ["0.9.6", false, ["delete", "get", "patch"]],
    ["0.12.1", false, ["delete", "get", "patch"]],
    ["0.16.2", false, []],
    ["0.16.2", true, ["delete", "get", "patch"]],
  ] as const)("MetalLB %s, with its namespace the stacks' own: %s: %j", (version, ownsNamespace, expected) => {
    const { grants } = grantsOfStacks(stacksOf[version](), { ownsNamespace });
    const named = grants.filter(({ resource, name }) => resource === "namespaces" && name === "metallb-system");
    expect([...new Set(named.map(({ verb }) => verb))].sort()).toEqual(expected);
  });

  test("with frr-k8s it holds the path of the metrics, which is no object, and reads what the commands ask of frr-k8s", () => {
    const { held } = grantsOfStacks(stacksOf["0.15.2 with frr-k8s"](), { ownsNamespace: false });
    expect(held.filter(({ nonResourceURLs }) => nonResourceURLs !== undefined)).toStrictEqual([
      { nonResourceURLs: ["/metrics"], verbs: ["get"] },
    ]);
    const known = grantsOfCommands({ bgpType: "native", version: "0.15.2" }).map((one) => JSON.stringify(one));
    const more = grantsOfCommands({ bgpType: "frr-k8s", version: "0.15.2" });
    const ofMetallb = { namespace: "metallb-system", verb: "get" };
    expect(more.filter((one) => !known.includes(JSON.stringify(one)))).toStrictEqual([
      { group: "apps", resource: "daemonsets", name: "frr-k8s-daemon", ...ofMetallb },
      { group: "apps", resource: "deployments", name: "frr-k8s-webhook-server", ...ofMetallb },
      {
        group: "admissionregistration.k8s.io",
        resource: "validatingwebhookconfigurations",
        name: "frr-k8s-validating-webhook-configuration",
        verb: "get",
      },
      { group: "frrk8s.metallb.io", resource: "frrnodestates", verb: "list" },
      { group: "frrk8s.metallb.io", resource: "bgpsessionstates", namespace: "metallb-system", verb: "list" },
    ]);
  });

  test("with monitoring it has the rights to its objects, and those that they give", () => {
    const monitoring = { serviceMonitors: true, rules: true };
    const config = cluster({ metallb: { ...clusterInput.metallb, version: "0.16.2", monitoring } });
    const stack = written(
      "metallb-monitoring",
      (app) => new MetallbStack(app, "metallb", { ...config, manifest: upstreamManifest("0.16.2") }),
    );
    const { grants, held } = grantsOfStacks([stack], { ownsNamespace: false });
    const created = grants.filter(({ group, verb }) => group === "monitoring.coreos.com" && verb === "create");
    expect([...new Set(created.map(({ resource, namespace }) => `${namespace} ${resource}`))].sort()).toStrictEqual([
      "metallb-system prometheusrules",
      "metallb-system servicemonitors",
    ]);
    expect(held).toContainEqual({ nonResourceURLs: ["/metrics"], verbs: ["get"] });
    expect(held).toContainEqual({
      apiGroups: ["authentication.k8s.io"],
      resources: ["tokenreviews"],
      verbs: ["create"],
    });
  });

  test(`${fault(187)}: the one that only looks has get and list, and no rights of MetalLB`, () => {
    const { grants, held } = reading({
      ...grantsOfStacks(stacksOf["0.16.2"](), { ownsNamespace: true }),
      grants: grantsOfCommands({ bgpType: "frr-k8s", version: "0.16.2" }),
    });
    expect([...new Set(grants.map(({ verb }) => verb))].sort()).toEqual(["get", "list"]);
    expect(held).toEqual([]);
  });

  test("its namespace has the labels that the stacks would give it", () => {
    const privileged = Object.fromEntries(
      ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "privileged"]),
    );
    expect(namespaceLabelsOf(stacksOf["0.16.2"]())).toEqual({ app: "metallb", ...privileged });
  });
});
