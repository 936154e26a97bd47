import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "../../remote/terraform/stack";
import { namespaceName, namespaceOwner } from "../../stacks/metallb/release/component";
import type { Grant, Grants, HeldRule, PolicyRule } from "./grants";

/** An object of Kubernetes. */
export type KubernetesObject = Readonly<Record<string, unknown>>;

export interface RbacOptions {
  /** The service account's name, which everything is named after. */
  readonly name: string;
  /**
   * The namespace metallb-system, with its labels, made here and not by the stacks: rights in it cannot be given before it
   * is there. Undefined where it is there already.
   */
  readonly namespaceLabels?: Readonly<Record<string, string>>;
}

/** Where the service account is: nobody but administrators makes pods there, which could take its token. */
const home = "kube-system";

const rbac = "rbac.authorization.k8s.io";
const apiVersion = `${rbac}/v1`;

/** A service account with the rights that are asked for, and no others. */
export function rbacManifest({ grants, held }: Grants, { name, namespaceLabels }: RbacOptions): KubernetesObject[] {
  const subjects = [{ kind: "ServiceAccount", name, namespace: home }];
  const scopes = [...new Set([...grants, ...held].map(({ namespace }) => namespace))].sort();
  return [
    ...(namespaceLabels === undefined ? [] : [ownNamespace(namespaceLabels)]),
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: home } },
    ...scopes.flatMap((namespace) => [
      ...role(name, namespace, rulesOf(grants.filter((one) => one.namespace === namespace)), subjects),
      ...role(`${name}-held`, namespace, heldRules(held.filter((one) => one.namespace === namespace)), subjects),
    ]),
  ];
}

/** The labels that the stacks give to the namespace metallb-system. */
export function namespaceLabelsOf(stacks: readonly Stack[]): Readonly<Record<string, string>> {
  const found = stacks.map(({ folder }) => {
    const { resource } = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as {
      resource?: { kubernetes_namespace_v1?: Record<string, { metadata: { labels?: Record<string, string> } }> };
    };
    return Object.values(resource?.kubernetes_namespace_v1 ?? {})[0]?.metadata.labels;
  });
  return found.find((labels) => labels !== undefined) ?? {};
}

/** Says of itself that no stack made it: then none makes it, and none removes it. */
const ownNamespace = (labels: Readonly<Record<string, string>>): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: namespaceName, labels, annotations: { [namespaceOwner.annotation]: "rbac" } },
});

function role(name: string, namespace: string | undefined, rules: readonly PolicyRule[], subjects: readonly object[]) {
  if (rules.length === 0) return [];
  const prefix = namespace === undefined ? "Cluster" : "";
  const metadata = { name, ...(namespace !== undefined && { namespace }) };
  const roleRef = { apiGroup: rbac, kind: `${prefix}Role`, name };
  return [
    { apiVersion, kind: `${prefix}Role`, metadata, rules },
    { apiVersion, kind: `${prefix}RoleBinding`, metadata, roleRef, subjects },
  ];
}

/** One rule for each kind of object and list of names, in the order in which they come. */
function rulesOf(grants: readonly Grant[]): PolicyRule[] {
  // With all objects goes each of them.
  const all = new Set(grants.filter(({ name }) => name === undefined).map(keyOf));
  const needed = grants.filter((one) => one.name === undefined || !all.has(keyOf(one)));
  const byObject = groupBy(needed, ({ group, resource, name }) => JSON.stringify([group, resource, name]));
  const objects = byObject.map((same) => ({ first: same[0] as Grant, verbs: unique(same.map(({ verb }) => verb)) }));
  return groupBy(objects, ({ first: { group, resource, name }, verbs }) =>
    JSON.stringify([group, resource, name !== undefined, verbs]),
  ).map((same) => {
    const { group, resource } = (same[0] as (typeof objects)[number]).first;
    const names = same.flatMap(({ first }) => first.name ?? []);
    return {
      apiGroups: [group],
      resources: [resource],
      ...(names.length > 0 && { resourceNames: names }),
      verbs: (same[0] as (typeof objects)[number]).verbs,
    };
  });
}

const keyOf = ({ group, resource, verb }: Grant): string => JSON.stringify([group, resource, verb]);

/** A rule alone: its namespace is that of the role. */
const withoutNamespace = (held: HeldRule): PolicyRule =>
  Object.fromEntries(Object.entries(held).filter(([key]) => key !== "namespace")) as unknown as PolicyRule;

/** The same ones once. */
const heldRules = (held: readonly HeldRule[]): PolicyRule[] =>
  groupBy(held.map(withoutNamespace), (rule) => JSON.stringify(rule)).flatMap((same) => same.slice(0, 1));

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups.values()];
}
