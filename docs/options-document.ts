import { clusterJsonSchema } from "../cluster/json-schema";
import { headingId } from "./heading-id";
import { markdownTable } from "./markdown-table";

/** What cluster.schema.json uses of JSON Schema's draft 7. */
interface Schema {
  readonly description?: string;
  readonly type?: string;
  readonly const?: string;
  readonly enum?: readonly (string | number)[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | false;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** A mapping of cluster.yaml, which gets a section of its own. */
interface Section {
  readonly title: string;
  /** Of a form that stands in several places: where it stands, but for those in another form. */
  readonly places?: readonly string[];
  readonly schema: Schema;
}

const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";

/** Forms that stand in more than one place, by the end of the first one. */
const forms: Readonly<Record<string, string>> = {
  "images.controller": "An image",
  "controller.tolerations[]": "A toleration",
  "controller.resources": "Resources",
  "controller.affinity": "Affinity",
  "affinity.nodeAffinity": "Affinity to nodes",
  [`nodeAffinity.${required}`]: "Nodes that are required",
  [`nodeAffinity.${preferred}[]`]: "Nodes that are preferred",
  "nodeSelectorTerms[]": "A term of nodes",
  "nodeSelectorTerms[].matchExpressions[]": "A requirement of a node's labels",
  "nodeSelectorTerms[].matchFields[]": "A requirement of a node's fields",
  "affinity.podAffinity": "Affinity to pods",
  [`podAffinity.${required}[]`]: "A term of pods",
  [`podAffinity.${preferred}[]`]: "Pods that are preferred",
  labelSelector: "A label selector",
  "labelSelector.matchExpressions[]": "A requirement of labels",
};

/** The mappings directly below a schema: its own, of a list's items, of a union's members. */
function mappingsOf(schema: Schema, place: string): [place: string, schema: Schema][] {
  if (schema.properties !== undefined) return [[place, schema]];
  if (schema.items !== undefined) return mappingsOf(schema.items, `${place}[]`);
  return [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) => mappingsOf(one, place));
}

/** Every mapping below one, each before those that it contains. */
function allMappings(schema: Schema, place: string): [place: string, schema: Schema][] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) =>
    mappingsOf(value, place === "" ? key : `${place}.${key}`).flatMap(([below, mapping]) => [
      [below, mapping] as [string, Schema],
      ...allMappings(mapping, below),
    ]),
  );
}

const keysOf = (schema: Schema): string => Object.keys(schema.properties ?? {}).join(", ");
const sameForm = (schema: Schema): string => JSON.stringify([schema.properties, schema.required]);

/** What a union's members are told apart by, such as `backend: cloud`. */
function discriminator({ properties = {} }: Schema): string {
  const [key, value] = Object.entries(properties).find(([, one]) => one.const !== undefined) ?? [];
  return key === undefined ? "" : `, with \`${key}: ${value?.const}\``;
}

function sectionsOf(root: Schema): Section[] {
  const byForm = new Map<string, [place: string, schema: Schema][]>();
  for (const found of allMappings(root, "")) {
    const form = sameForm(found[1]);
    byForm.set(form, [...(byForm.get(form) ?? []), found]);
  }
  const inForms = [...byForm.values()]
    .filter((found) => found.length > 1)
    .flatMap((found) => found.map(([place]) => place));
  return [...byForm.values()].map((found): Section => {
    const [[place, schema] = ["", root]] = found;
    if (found.length === 1) return { title: `\`${place}\`${discriminator(schema)}`, schema };
    const [, title] = Object.entries(forms).find(([end]) => place.endsWith(`.${end}`)) ?? [];
    if (title === undefined) throw new Error(`docs/options-document.ts has no title for ${place}`);
    // What stands in another form is told there.
    const outside = found
      .map(([one]) => one)
      .filter((one) => !inForms.some((form) => one.startsWith(`${form}.`) || one.startsWith(`${form}[`)));
    return { title, schema, places: outside };
  });
}

const root = clusterJsonSchema() as Schema;
const sections = sectionsOf(root);

function linkTo(schema: Schema): string {
  const section = sections.find((one) => sameForm(one.schema) === sameForm(schema));
  if (section === undefined) throw new Error(`docs/options-document.ts has no section for ${keysOf(schema)}`);
  const { title, places } = section;
  const words = places === undefined ? discriminator(schema).replace(", with ", "") : title.toLowerCase();
  return `[${words === "" ? "keys" : words}](#${headingId(title)})`;
}

/** Words of the schema in a cell of a table: no bar of another cell, and no tag. */
const cell = (words: string): string => words.replaceAll("|", "\\|").replaceAll("<", "&lt;").replace(/\s+/g, " ");

function valueText(schema: Schema): string {
  const { type, items, additionalProperties, minimum, maximum } = schema;
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${one}\``).join(", ");
  const members = schema.anyOf ?? schema.oneOf;
  if (members !== undefined) return [...new Set(members.map(valueText))].join(" or ");
  if (schema.properties !== undefined) return linkTo(schema);
  if (items !== undefined) return `list: ${valueText(items)}`;
  if (additionalProperties) return `names with values: ${valueText(additionalProperties)}`;
  if (type === "boolean") return "`true`, `false`";
  if (type === "integer" || type === "number") {
    const from = minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? "" : ` from ${minimum}`;
    return `number${from}${maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? "" : ` to ${maximum}`}`;
  }
  return "text";
}

function defaultText(key: string, schema: Schema, { required = [] }: Schema): string {
  if (required.includes(key)) return "required";
  const value = schema.default;
  if (value === undefined || (typeof value === "object" && Object.keys(value ?? {}).length === 0)) return "";
  if (typeof value !== "object") return `\`${value}\``;
  return `\`${JSON.stringify(value).replace(/[{}"]/g, "").replaceAll(":", ": ")}\``;
}

const table = (mapping: Schema): string =>
  markdownTable(
    ["key", "value", "default", "what it says"],
    Object.entries(mapping.properties ?? {}).map(([key, schema]) => [
      `\`${key}\``,
      cell(valueText(schema)),
      cell(defaultText(key, schema, mapping)),
      cell(schema.description ?? ""),
    ]),
  );

const singles = sections.filter(({ places }) => places === undefined);

const singleText = ({ title, schema }: Section): string =>
  `## ${title}\n\n${schema.description === undefined ? "" : `${cell(schema.description)}\n\n`}${table(schema)}\n`;

function formText({ title, places = [], schema }: Section): string {
  const below = places.length === 0 ? "" : `${places.map((place) => `\`${place}\``).join(", ")}\n\n`;
  return `### ${title}\n\n${below}${table(schema)}\n`;
}

/** docs/options.md as it should be. */
export const optionsDocument = (): string => `# Every option

<!-- Made by \`npm run options\` from the schema of cluster.yaml; a test holds it. -->

What \`cluster.yaml\` may say. An editor with YAML support shows the same words, from
[cluster.schema.json](../cluster.schema.json). What is wrong across keys \`npx baremetal-lb check\` says. Which version of
MetalLB a key needs: [versions](versions.md#metallb). Whole files: [recipes](recipes.md).

## The file

${table(root)}

${singles.map(singleText).join("\n")}
## Forms of several places

${sections
  .filter(({ places }) => places !== undefined)
  .map(formText)
  .join("\n")}`;

if (require.main === module) process.stdout.write(optionsDocument());
