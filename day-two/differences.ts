import { readConfigText } from "../stacks/kube-proxy/config-text";
import { configuration, keptOriginal } from "../stacks/kube-proxy/addresses";
import { differentSettings, type ProxyConfiguration } from "../stacks/kube-proxy/settings";
import { valueText } from "./value-text";
import type { ResourceChange } from "../remote/terraform/plan";

/** A difference between what is declared and what there is, in words that say where, what is, and what is declared. */
export type Difference = string;

/**
 * What would change in a stack, in words. What only follows from another change (a restart, a proof that runs again)
 * is left out, unless there is nothing else.
 */
export function describeChanges(changes: readonly ResourceChange[]): Difference[] {
  const causes = changes.filter((change) => !followsFromOthers(change));
  return (causes.length > 0 ? causes : changes).flatMap(describeChange);
}

/**
 * Whether a change only renews the text to go back to, which follows what people change in kube-proxy's other keys: they
 * may, so it is no drift. Its original settings are.
 */
export function isRenewal({ address, change: { actions, before, after } }: ResourceChange): boolean {
  const settings = (values: Record<string, unknown> | null) =>
    JSON.stringify({ ...values, data: (values?.data as Record<string, string> | undefined)?.["settings.json"] });
  return address === keptOriginal.address && actions.join() === "update" && settings(before) === settings(after);
}

/** Resources of this machine's own making, that no cluster object stands behind. */
export const ownTypes: readonly string[] = ["null_resource", "random_id", "terraform_data", "kubernetes_annotations"];

const followsFromOthers = ({ type, action_reason: reason }: ResourceChange) =>
  ownTypes.includes(type) || reason === "replace_by_triggers";

function describeChange(given: ResourceChange): Difference[] {
  const change = given.type === genericType ? asObject(given) : given;
  const { actions, before, after } = change.change;
  const subject = subjectOf(change);
  if (change.change.importing !== undefined) return [`${subject} exists, and is not in Terraform's state yet`];
  if (change.address === configuration.address) return kubeProxyDifferences(before, after);
  if (actions.includes("create") && actions.includes("delete")) return [`${subject} ${whyReplaced(change)}`];
  if (actions.includes("create")) {
    return [
      ownTypes.includes(change.type) ? `${subject} has not run` : `${subject} is missing${losses(subject, "is")}`,
    ];
  }
  if (actions.includes("delete")) return [`${subject} is not declared any more${losses(subject, "would be")}`];
  return leaves(change).map(({ path, is, declared }) => `${subject}: ${path} is ${is}, declared ${declared}`);
}

/** What is lost with a kind; nothing where the subject is none. */
function losses(subject: string, are: "is" | "would be"): string {
  if (!subject.startsWith("CustomResourceDefinition ")) return "";
  const pools = subject.endsWith(" ipaddresspools.metallb.io")
    ? ", and the controller, if it runs, takes the addresses of all Services away: docs/undo.md, section Deleted by hand"
    : "";
  return `, and with it every object of its kind ${are} lost${pools}`;
}

/** The provider's resource for kinds that it has no type for: it keeps the manifest, and the object made of it. */
const genericType = "kubernetes_manifest";

/** A change of the generic resource as one of the object itself. */
function asObject({ change, ...rest }: ResourceChange): ResourceChange {
  const object = (values: unknown) => (isTree(values) ? ((values["object"] ?? null) as Record<string, unknown>) : null);
  const { before, after, after_unknown: unknown } = change;
  // Of an object that is to be created nothing is known but its manifest.
  const wanted = object(after) ?? ((after?.["manifest"] ?? null) as Record<string, unknown> | null);
  const known = { before: object(before), after: wanted, after_unknown: object(unknown) ?? {} };
  return { ...rest, change: { ...change, ...known, before_sensitive: {}, after_sensitive: {} } };
}

/** A script's resource is replaced when what it stands for changed; each trigger names what that was. */
function whyReplaced({ change: { before, after } }: ResourceChange): string {
  const [was, is] = [triggersOf(before), triggersOf(after)];
  const changed = Object.keys({ ...was, ...is }).filter((name) => was[name] !== is[name]);
  const causes: Readonly<Record<string, string>> = {
    script: "its script or its settings",
    address: "the node's address",
    host_key: "the node's host key",
    restart_id: "kube-proxy's restart",
  };
  const named = changed.map((name) => causes[name] ?? name);
  return named.length === 0
    ? "is to be replaced"
    : `is to run again: changed since the last deploy: ${named.join(", ")}`;
}

const triggersOf = (values: Record<string, unknown> | null) => (values?.triggers ?? {}) as Record<string, unknown>;

/** "ConfigMap metallb-system/config", or the resource's address where it is no object of the cluster. */
export function subjectOf({ address, type, change }: ResourceChange): string {
  const values = change.after ?? change.before;
  const object = (values?.["manifest"] ?? values) as { readonly kind?: string; readonly metadata?: unknown } | null;
  const kind = type === genericType ? object?.kind : kindOf(type);
  // A block of a typed resource is a list of one.
  const metadata = [object?.metadata].flat()[0] as Metadata | undefined;
  if (kind === undefined || metadata?.name === undefined) return address;
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ""}${metadata.name}`;
}

interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
}

/** "ConfigMap" for kubernetes_config_map_v1. */
export function kindOf(type: string): string | undefined {
  const words = /^kubernetes_(.+?)(?:_v1(?:beta1)?)?(?:_data)?$/.exec(type)?.[1]?.split("_");
  return words?.map((word) => word[0]?.toUpperCase() + word.slice(1)).join("");
}

/**
 * kube-proxy's settings are one text to Terraform; only the declared keys in it are this project's, and what is planned
 * differs from what there is in these alone.
 */
function kubeProxyDifferences(before: Record<string, unknown> | null, after: Record<string, unknown> | null): string[] {
  const settings = (values: Record<string, unknown> | null): ProxyConfiguration | null => {
    const text = (values?.data as Record<string, string> | undefined)?.["config.conf"];
    return text === undefined ? null : (readConfigText(text) ?? {});
  };
  const [is, declared] = [settings(before), settings(after)];
  if (is === null) return ["kube-proxy: its configuration is not managed yet"];
  const different = differentSettings(is, declared ?? {});
  return different.length === 0
    ? ["kube-proxy: config.conf was written by somebody else"]
    : different.map(({ key, found, declared: wanted }) => `kube-proxy: ${key} is ${found}, declared ${wanted}`);
}

interface Leaf {
  readonly path: string;
  readonly is: string;
  readonly declared: string;
}

const longestShown = 60;

/** The single values that differ; a sensitive one is named and not shown, one that only the apply will tell left out. */
function leaves({ change }: ResourceChange): Leaf[] {
  const found: Leaf[] = [];
  const walk = (path: string, is: unknown, declared: unknown, unknown: unknown, hidden: boolean) => {
    if (unknown === true || JSON.stringify(is) === JSON.stringify(declared)) return;
    if (!hidden && isTree(is) && isTree(declared)) {
      for (const key of new Set([...Object.keys(is), ...Object.keys(declared)])) {
        const step = Array.isArray(is) ? (key === "0" ? "" : `[${key}]`) : path === "" ? key : `.${key}`;
        walk(path + step, is[key], declared[key], mask(unknown)[key], false);
      }
      return;
    }
    found.push({
      path,
      is: hidden ? "not shown" : cut(valueText(is)),
      declared: hidden ? "another" : cut(valueText(declared)),
    });
  };
  const mask = (tree: unknown) => (isTree(tree) ? tree : {});
  const sensitive = [mask(change.before_sensitive), mask(change.after_sensitive)];
  for (const key of new Set([...Object.keys(change.before ?? {}), ...Object.keys(change.after ?? {})])) {
    // The provider's own switches, which no cluster knows.
    if (key.startsWith("wait_")) continue;
    const hidden = sensitive.some((tree) => tree[key] !== undefined && JSON.stringify(tree[key]).includes("true"));
    walk(key, change.before?.[key], change.after?.[key], mask(change.after_unknown)[key], hidden);
  }
  return found;
}

const isTree = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const cut = (text: string): string => (text.length > longestShown ? `${text.slice(0, longestShown)}…` : text);
