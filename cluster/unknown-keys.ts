import { z } from "zod";
import { type ForeignKey, foreignKeys } from "../values/foreign-keys";
import { nearestOf } from "../values/nearest";
import type { Finding, Path } from "../values/problem";
import { child, core, isMapping, type Mapping, objectsOf, type Schema } from "./schema-tree";

/** A content without unknown keys: a misspelt key stands under the name that was meant. */
export interface Tidied {
  readonly value: unknown;
  readonly findings: readonly Finding[];
  /** The path as it is written in the file, where a key on the way is misspelt. */
  writtenPath(path: Path): Path;
}

/**
 * Finds the keys that the schema does not know. One that is near to a key that is missing is read as that key, so that
 * a slip of the pen is one problem, and what stands below it is checked too.
 */
export function tidy(schema: Schema, value: unknown): Tidied {
  const findings: Finding[] = [];
  const writtenNames = new Map<string, string>();
  const writtenPath = (path: Path): Path =>
    path.map((step, depth) => writtenNames.get(JSON.stringify(path.slice(0, depth + 1))) ?? step);

  const visit = (schema: Schema, value: unknown, path: Path): unknown => {
    if (Array.isArray(value) && core(schema) instanceof z.ZodArray) {
      return value.map((item, index) => visit((core(schema) as z.ZodArray).element, item, [...path, index]));
    }
    // What stands where a list belongs is one problem, whatever its keys.
    if (!isMapping(value) || core(schema) instanceof z.ZodArray) return value;
    const { names, unknown } = sortKeys(schema, value);
    for (const { key, known, remedy } of unknown) {
      findings.push({
        severity: "error",
        path: writtenPath([...path, key]),
        atKey: true,
        given: `the unknown key ${JSON.stringify(key)}`,
        expected: known.length === 1 ? `${known.join()} and no other key` : `one of ${known.join(", ")}`,
        remedy,
      });
    }
    const entries = names.map(([meant, written]): [string, unknown] => {
      if (meant !== written) writtenNames.set(JSON.stringify([...path, meant]), written);
      const schemaBelow = child(schema, meant, { ...value, [meant]: value[written] });
      const below = value[written];
      return [meant, schemaBelow === undefined ? below : visit(schemaBelow, below, [...path, meant])];
    });
    return Object.fromEntries(entries);
  };

  return { value: visit(schema, value, []), findings, writtenPath };
}

interface UnknownKey {
  readonly key: string;
  readonly known: readonly string[];
  readonly remedy: string;
}

/** YAML 1.1 has it, and Kubernetes' programs. */
const merge: ForeignKey = {
  remedy: "write the keys themselves: a whole value may be an alias (*…), and nothing is merged (<<)",
};

/** `names` pairs the name that is meant with the one that is written. */
function sortKeys(schema: Schema, value: Mapping): { names: [string, string][]; unknown: UnknownKey[] } {
  const objects = objectsOf(schema, value);
  const keys = Object.keys(value);
  if (objects.length === 0) return { names: keys.map((key) => [key, key]), unknown: [] };
  const known = [...new Set(objects.flatMap((object) => Object.keys(object.shape)))];
  const names = new Map(keys.filter((key) => known.includes(key)).map((key) => [key, key]));
  const unknown = keys
    .filter((key) => !known.includes(key))
    .map((key) => {
      const foreign =
        key === "<<"
          ? merge
          : objects.map((object) => foreignKeys.get(object)?.[key]).find((found) => found !== undefined);
      const meant = foreign === undefined ? nearestOf(key, known) : foreign.meant;
      if (meant !== undefined && !names.has(meant)) names.set(meant, key);
      return { key, known, remedy: foreign?.remedy ?? (meant === undefined ? "remove the key" : `write ${meant}`) };
    });
  return { names: [...names], unknown };
}
