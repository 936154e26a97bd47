import { type Block, type Body, configurationBody, type ProviderSchemas } from "./blocks";
import { quotedText, templateExpression } from "./template";

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * A configuration of Terraform's JSON as HCL that means the same: the same addresses, values and steps. Not laid out as
 * `terraform fmt` does.
 * @param schemas of the providers, which say what of a resource is a block.
 */
export function hclOf(configuration: JsonObject, schemas: ProviderSchemas): string {
  const body = configurationBody(schemas);
  const unknown = Object.keys(configuration).filter((key) => key !== comment && body.blocks?.[key] === undefined);
  if (unknown.length > 0) throw new Error(`not known how to write as HCL: ${unknown.join(", ")}`);
  // In the order in which people write and read them.
  const ordered = Object.keys(body.blocks ?? {}).flatMap((key) =>
    configuration[key] === undefined ? [] : [[key, configuration[key]] as const],
  );
  return ordered.map(([key, value]) => blocksOf(key, value, body.blocks?.[key] ?? {}).join("\n")).join("\n");
}

/** The key of a comment; CDKTF keeps notes of its own there. */
const comment = "//";

function bodyLines(object: JsonObject, body: Body): string {
  return Object.entries(object)
    .filter(([key, value]) => key !== comment && value !== null)
    .flatMap(([key, value]) => {
      const block = body.blocks?.[key];
      return block === undefined ? [`${key} = ${attribute(key, value, body)}\n`] : blocksOf(key, value, block);
    })
    .join("");
}

/** A block for each of what JSON gives, as one object or several. */
function blocksOf(type: string, value: Json, block: Block): string[] {
  return labelled(value, block.labels ?? 0).map(({ labels, object }) => {
    const own = block.ofLabels?.(labels);
    const body = { ...block, blocks: { ...own?.blocks, ...block.blocks } };
    return `${[type, ...labels.map(quotedText)].join(" ")} {\n${bodyLines(object, body)}}\n`;
  });
}

interface Labelled {
  readonly labels: readonly string[];
  readonly object: JsonObject;
}

/** Labels are keys around the body; objects may stand in lists at each level. */
function labelled(value: Json, count: number): Labelled[] {
  return [value].flat().flatMap((object) => {
    if (!isObject(object)) throw new Error(`no block: ${JSON.stringify(object)}`);
    if (count === 0) return [{ labels: [], object }];
    return Object.entries(object)
      .filter(([label]) => label !== comment)
      .flatMap(([label, inner]) =>
        labelled(inner, count - 1).map(({ labels, object: found }) => ({ labels: [label, ...labels], object: found })),
      );
  });
}

function attribute(key: string, value: Json, { references = [], isText = false }: Body): string {
  if (references.includes(key)) return referenceOf(value);
  return expression(value, isText ? quotedText : templateExpression);
}

/** Addresses and keywords, which JSON has as strings. */
const referenceOf = (value: Json): string =>
  Array.isArray(value) ? `[${value.map(String).join(", ")}]` : plainReference(String(value));

/** `${}` around a reference is old, and allowed in JSON. */
const plainReference = (text: string): string => /^\$\{(.*)\}$/.exec(text)?.[1] ?? text;

function expression(value: Json, text: (text: string) => string): string {
  if (typeof value === "string") return text(value);
  if (isList(value))
    return bracketed(
      "[",
      value.map((item) => withComma(expression(item, text))),
      "]",
    );
  if (!isObject(value)) return String(value);
  const entries = Object.entries(value).map(([key, item]) => `${objectKey(key, text)} = ${expression(item, text)}`);
  return bracketed("{", entries, "}");
}

const bracketed = (opening: string, items: readonly string[], closing: string): string =>
  items.length === 0 ? opening + closing : [opening, ...items, closing].join("\n");

/** The marker that ends a heredoc stands alone in its line. */
const withComma = (item: string): string => (item.startsWith("<<") ? `${item}\n,` : `${item},`);

const keywords = ["for", "if", "null", "true", "false"];

const objectKey = (key: string, text: (text: string) => string): string => {
  if (/^[A-Za-z_]\w*$/.test(key) && !keywords.includes(key)) return key;
  const written = text(key);
  return written.startsWith('"') ? written : `(${written})`;
};

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const isObject = (value: Json): value is JsonObject => typeof value === "object" && value !== null && !isList(value);
