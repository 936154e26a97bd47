import type { Json, JsonObject } from "../../../synthesised";

/** One field of one object that is not as upstream has it. */
export interface Difference {
  /** Kind and name. */
  readonly object: string;
  /** The field's path; "" is the object as a whole. */
  readonly path: string;
  readonly upstream: Json;
  readonly ours: Json;
}

export const absent = "(absent)";
export const present = "(present)";

const isMap = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const step = (path: string, key: string): string =>
  /^[A-Za-z]+$/.test(key) ? (path === "" ? key : `${path}.${key}`) : `${path}["${key}"]`;

function* fieldDifferences(
  path: string,
  upstream: Json | undefined,
  ours: Json | undefined,
): Generator<Omit<Difference, "object">> {
  if (isMap(upstream) && isMap(ours)) {
    for (const key of new Set([...Object.keys(upstream), ...Object.keys(ours)])) {
      yield* fieldDifferences(step(path, key), upstream[key], ours[key]);
    }
  } else if (Array.isArray(upstream) && Array.isArray(ours)) {
    for (let index = 0; index < Math.max(upstream.length, ours.length); index += 1) {
      yield* fieldDifferences(
        `${path}[${index}]`,
        upstream[index] as Json | undefined,
        ours[index] as Json | undefined,
      );
    }
    // Two empty lists, or equal ones, end here; an empty list and none differ, below.
  } else if (JSON.stringify(upstream) !== JSON.stringify(ours)) {
    yield { path, upstream: upstream ?? absent, ours: ours ?? absent };
  }
}

/** Kind and name of an object. */
export const objectName = (manifest: JsonObject): string =>
  `${String(manifest.kind)} ${String((manifest.metadata as JsonObject).name)}`;

const byName = (manifests: readonly JsonObject[]): Map<string, JsonObject> => {
  const map = new Map(manifests.map((manifest) => [objectName(manifest), manifest]));
  if (map.size !== manifests.length) throw new Error("two objects have the same kind and name");
  return map;
};

/** Every field in which two sets of objects differ, ordered by object and path. */
export function differences(upstream: readonly JsonObject[], ours: readonly JsonObject[]): Difference[] {
  const [theirs, own] = [byName(upstream), byName(ours)];
  return [...new Set([...theirs.keys(), ...own.keys()])]
    .flatMap((object): Difference[] => {
      const [a, b] = [theirs.get(object), own.get(object)];
      if (a === undefined) return [{ object, path: "", upstream: absent, ours: present }];
      if (b === undefined) return [{ object, path: "", upstream: present, ours: absent }];
      return [...fieldDifferences("", a, b)].map((field) => ({ object, ...field }));
    })
    .sort(inOrder);
}

const key = ({ object, path }: Difference): string => `${object} ${path}`;

/** The order in which differences are listed. */
export const inOrder = (a: Difference, b: Difference): number => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
