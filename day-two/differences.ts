import { parse } from "yaml";
import { readConfigText } from "../stacks/kube-proxy/config-text";
import { configuration, keptOriginal } from "../stacks/kube-proxy/addresses";
import { differentSettings, type ProxyConfiguration } from "../stacks/kube-proxy/settings";
import { asDrift, type Wording } from "./wording";
import { valueText } from "./value-text";
import type { ResourceChange } from "../remote/terraform/plan";

/** A difference between what is declared and what there is, in words that say where, what is, and what is declared. */
export type Difference = string;

/**
 * What would change in a stack, in words. What only follows from another change (a restart, a proof that runs again)
 * is left out, unless there is nothing else.
 */
export function describeChanges(changes: readonly ResourceChange[]): Difference[] {
  return causesIn(changes).flatMap((change) => describeChange(change, asDrift));
}

/** The changes without those that only follow from them; all, where there is nothing else. */
export function causesIn(changes: readonly ResourceChange[]): readonly ResourceChange[] {
  const causes = changes.filter((change) => !followsFromOthers(change));
  return causes.length > 0 ? causes : changes;
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

/**
 * A change in words, one line for each attribute.
 * @param subject names what changes. @default as kubectl names an object of the cluster, and anything else by its address
 */
export function describeChange(given: ResourceChange, words: Wording, subject = subjectOf(given)): Difference[] {
  const change = given.type === genericType ? asObject(given) : given;
  const { actions, before, after } = change.change;
  const isOwn = ownTypes.includes(change.type);
  if (change.change.importing !== undefined) return [words.imported(subject)];
  if (change.address === configuration.address) return kubeProxyDifferences(before, after, words);
  if (actions.includes("create") && actions.includes("delete")) {
    return [isOwn ? words.nextRun(subject, whyReplaced(change)) : words.replaced(subject)];
  }
  if (actions.includes("create")) return [isOwn ? words.firstRun(subject) : words.created(subject)];
  if (actions.includes("delete")) return [words.removed(subject)];
  return leaves(change, readable).map(({ path, is, declared }) =>
    words.changed(`${subject}: ${path}`, shown(is), is === hidden ? "another" : shown(declared)),
  );
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
function whyReplaced({ change: { before, after } }: ResourceChange): readonly string[] {
  const [was, is] = [triggersOf(before), triggersOf(after)];
  const changed = Object.keys({ ...was, ...is }).filter((name) => was[name] !== is[name]);
  const causes: Readonly<Record<string, string>> = {
    script: "its script or its settings",
    address: "the node's address",
    host_key: "the node's host key",
    restart_id: "kube-proxy's restart",
  };
  return changed.map((name) => causes[name] ?? name);
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
function kubeProxyDifferences(
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
  words: Wording,
): string[] {
  const settings = (values: Record<string, unknown> | null): ProxyConfiguration | null => {
    const text = (values?.data as Record<string, string> | undefined)?.["config.conf"];
    return text === undefined ? null : (readConfigText(text) ?? {});
  };
  const [is, declared] = [settings(before), settings(after)];
  if (is === null) return [words.unmanaged("kube-proxy: its configuration")];
  const different = differentSettings(is, declared ?? {});
  return different.length === 0
    ? [words.rewritten("kube-proxy: config.conf")]
    : different.map(({ key, found, declared: wanted }) => words.changed(`kube-proxy: ${key}`, found, wanted));
}

/** In the place of a sensitive value. */
const hidden = Symbol("not shown");

interface Leaf {
  readonly path: string;
  readonly is: unknown;
  readonly declared: unknown;
}

const longestShown = 60;

const shown = (value: unknown) => (value === hidden ? "not shown" : cut(valueText(value)));

/**
 * A text of several lines as what it says, such as the pools in MetalLB's ConfigMap: nobody finds in two long texts what
 * differs. Where they say the same it is the text that differs.
 */
const readable: Reading = (is, declared) => {
  const [first, second] = [is, declared].map((value) => (typeof value === "string" ? treeIn(value) : undefined));
  const isReadable = first !== undefined && second !== undefined;
  return isReadable && JSON.stringify(first) !== JSON.stringify(second) ? [first, second] : [is, declared];
};

function treeIn(text: string): unknown {
  if (!text.trim().includes("\n")) return undefined;
  try {
    const tree: unknown = parse(text);
    return isTree(tree) ? tree : undefined;
  } catch {
    return undefined;
  }
}

/** What two values are taken for. */
type Reading = (is: unknown, declared: unknown) => readonly unknown[];

/**
 * The single values that differ; of a sensitive one only that it does, and one that only the apply will tell is left out.
 * @param read @default each is taken as it is
 */
function leaves({ change }: ResourceChange, read: Reading = (is, declared) => [is, declared]): Leaf[] {
  const found: Leaf[] = [];
  const walk = (path: string, given: unknown, wanted: unknown, unknown: unknown, isHidden: boolean) => {
    if (unknown === true || JSON.stringify(given) === JSON.stringify(wanted)) return;
    const [is, declared] = isHidden ? [given, wanted] : read(given, wanted);
    if (!isHidden && isTree(is) && isTree(declared)) {
      for (const key of new Set([...Object.keys(is), ...Object.keys(declared)])) {
        const step = Array.isArray(is) ? (isBlock(is, declared) ? "" : `[${key}]`) : path === "" ? key : `.${key}`;
        walk(path + step, is[key], declared[key], mask(unknown)[key], false);
      }
      return;
    }
    found.push(isHidden ? { path, is: hidden, declared: hidden } : { path, is, declared });
  };
  const mask = (tree: unknown) => (isTree(tree) ? tree : {});
  const sensitive = [mask(change.before_sensitive), mask(change.after_sensitive)];
  for (const key of new Set([...Object.keys(change.before ?? {}), ...Object.keys(change.after ?? {})])) {
    // The provider's own switches, which no cluster knows.
    if (key.startsWith("wait_")) continue;
    const isHidden = sensitive.some((tree) => tree[key] !== undefined && JSON.stringify(tree[key]).includes("true"));
    walk(key, change.before?.[key], change.after?.[key], mask(change.after_unknown)[key], isHidden);
  }
  return found;
}

/** A block of a typed resource is a list of one. */
const isBlock = (...lists: readonly unknown[]) => lists.every((list) => Array.isArray(list) && list.length < 2);

/**
 * All that a change would do, uncut, the same for two plans that would do the same. What is removed is told by its address
 * alone, and a sensitive value by that it changes.
 */
export function exactChange(given: ResourceChange): unknown {
  const { address, change } = given;
  const isRemoval = change.actions.join() === "delete";
  const values = isRemoval ? [] : leaves(given).map(({ path, is, declared }) => [path, ...[is, declared].map(exact)]);
  return [address, change.actions, change.importing?.id ?? null, values.map((one) => JSON.stringify(one)).sort()];
}

const exact = (value: unknown) => (value === hidden ? "(sensitive)" : (value ?? null));

const isTree = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const cut = (text: string): string => (text.length > longestShown ? `${text.slice(0, longestShown)}…` : text);
