import { z } from "zod";

/** A schema as zod's own accessors return it. */
export type Schema = z.core.$ZodType;

export type Mapping = Readonly<Record<string, unknown>>;

/** Whether a value came from a YAML mapping. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The schema without what stands around it: optional, default, the transform of a whole section, and a word that may
 * stand in the place of a mapping.
 */
export function core(schema: Schema): Schema {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return core(schema.unwrap());
  }
  if (schema instanceof z.ZodUnion && !(schema instanceof z.ZodDiscriminatedUnion)) {
    const [object, ...others] = schema.options.filter((option) => option instanceof z.ZodObject);
    return object !== undefined && others.length === 0 ? object : schema;
  }
  if (schema instanceof z.ZodPipe) {
    const written = core(schema.in);
    return written instanceof z.ZodObject ? written : schema;
  }
  return schema;
}

/** The mappings that a schema allows: one, or for a discriminated union several, of which the value may select one. */
export function objectsOf(schema: Schema, value: Mapping): z.ZodObject[] {
  const found = core(schema);
  if (found instanceof z.ZodObject) return [found];
  if (!(found instanceof z.ZodDiscriminatedUnion)) return [];
  const options = found.options.filter((option) => option instanceof z.ZodObject);
  const { discriminator } = found.def;
  const selected = options.filter((option) => {
    const wanted = option.shape[discriminator];
    return wanted !== undefined && z.safeParse(wanted, value[discriminator]).success;
  });
  return selected.length > 0 ? selected : options;
}

/** The schema of one key's or one item's value; undefined where a schema allows no such key. */
export function child(schema: Schema, step: string | number, value: unknown): Schema | undefined {
  const found = core(schema);
  if (found instanceof z.ZodArray) return found.element;
  if (found instanceof z.ZodRecord) return found.valueType;
  const [object] = isMapping(value) ? objectsOf(found, value).filter((option) => step in option.shape) : [];
  return object?.shape[String(step)];
}

/** The schema at a path, and the raw value there. */
export function at(schema: Schema, value: unknown, path: readonly PropertyKey[]): { schema?: Schema; value: unknown } {
  let found: Schema | undefined = schema;
  for (const step of path) {
    found = found === undefined ? undefined : child(found, step as string | number, value);
    value = isMapping(value) || Array.isArray(value) ? (value as Mapping)[String(step)] : undefined;
  }
  return { schema: found, value };
}

/** The description that a schema carries. */
export function descriptionOf(schema: Schema): string | undefined {
  return z.globalRegistry.get(schema)?.description;
}
