import { z } from "zod";
import { child, core, isMapping, objectsOf, type Schema } from "./schema-tree";
import type { KubeProxyDraft } from "../stacks/kube-proxy/draft";
import type { MetallbDraft } from "../stacks/metallb/draft";

/**
 * What can be used of a cluster.yaml that may have mistakes: the sections as they are written, with defaults, and
 * without each value that is not valid in itself. The cross-field checks run on it, so that one mistake does not
 * hide another.
 */
export type ClusterDraft = KubeProxyDraft & MetallbDraft;

/** Takes from a value what a schema accepts, part by part, and adds the schema's defaults. */
export function salvage(schema: Schema, value: unknown): unknown {
  const found = core(schema);
  if (found instanceof z.ZodArray && Array.isArray(value)) return value.map((item) => salvage(found.element, item));
  if (found instanceof z.ZodRecord && isMapping(value)) {
    return mapValues(value, (item) => salvage(found.valueType, item));
  }
  const [object] = isMapping(value) ? objectsOf(found, value) : [];
  if (object !== undefined && isMapping(value)) {
    return mapValues(object.shape, (_schema, key) => {
      const below = child(object, key, value);
      return below === undefined ? undefined : salvage(below, value[key]);
    });
  }
  return z.safeParse(schema, value).data;
}

function mapValues<T>(
  mapping: Readonly<Record<string, T>>,
  change: (value: T, key: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(mapping).map(([key, value]) => [key, change(value, key)]));
}
