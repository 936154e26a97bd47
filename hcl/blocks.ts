/** What of a body is a block: JSON writes blocks and attributes alike, HCL does not. All else is an attribute. */
export interface Body {
  readonly blocks?: Readonly<Record<string, Block>>;
  /** The attributes whose strings are references and keywords, and no templates. */
  readonly references?: readonly string[];
  /** Whether strings are text, in which Terraform looks for no expression. @default false */
  readonly isText?: boolean;
}

export interface Block extends Body {
  /** How many labels stand between the block's type and its body. @default 0 */
  readonly labels?: number;
  /** What is in the body, where its labels decide it, beside the above. */
  readonly ofLabels?: (labels: readonly string[]) => Body;
}

/** `terraform providers schema -json`, as far as it says what is a block. */
export interface ProviderSchemas {
  readonly provider_schemas?: Readonly<Record<string, ProviderSchema>>;
}

interface ProviderSchema {
  readonly provider?: { readonly block: SchemaBlock };
  readonly resource_schemas?: Readonly<Record<string, { readonly block: SchemaBlock }>>;
  readonly data_source_schemas?: Readonly<Record<string, { readonly block: SchemaBlock }>>;
  readonly ephemeral_resource_schemas?: Readonly<Record<string, { readonly block: SchemaBlock }>>;
}

type SchemaKind = "resource_schemas" | "data_source_schemas" | "ephemeral_resource_schemas";

interface SchemaBlock {
  readonly block_types?: Readonly<Record<string, { readonly block: SchemaBlock }>>;
}

const condition: Block = {};

const connection: Block = {};

const provisioner: Block = { labels: 1, references: ["when", "on_failure"], blocks: { connection } };

const lifecycle: Block = {
  references: ["ignore_changes", "replace_triggered_by"],
  blocks: { precondition: condition, postcondition: condition },
};

const resource: Body = {
  references: ["depends_on", "provider"],
  blocks: { lifecycle, connection, provisioner },
};

/** The body of a whole configuration, with providers of these schemas. */
export function configurationBody({ provider_schemas: schemas = {} }: ProviderSchemas): Body {
  const all = Object.values(schemas);
  const find = (kind: SchemaKind, type = ""): Body => {
    const schema = all.map((one) => one[kind]?.[type]).find((one) => one !== undefined);
    // Terraform's own, such as terraform_data, have no block but those of all resources.
    if (schema === undefined && !type.startsWith("terraform_")) throw new Error(`no provider has a schema of ${type}`);
    return bodyOf(schema?.block);
  };
  const ofResource = (kind: SchemaKind): Block => ({
    labels: 2,
    ...resource,
    ofLabels: ([type]) => find(kind, type),
  });
  const ofProvider = (name: string | undefined): Body =>
    bodyOf(Object.entries(schemas).find(([address]) => address.split("/").at(-1) === name)?.[1].provider?.block);
  return {
    blocks: {
      terraform: {
        isText: true,
        blocks: {
          required_providers: { isText: true },
          backend: { labels: 1, isText: true },
          cloud: { isText: true, blocks: { workspaces: { isText: true } } },
        },
      },
      variable: { labels: 1, references: ["type"], blocks: { validation: condition } },
      locals: {},
      provider: { labels: 1, ofLabels: ([name]) => ofProvider(name) },
      data: ofResource("data_source_schemas"),
      ephemeral: ofResource("ephemeral_resource_schemas"),
      resource: ofResource("resource_schemas"),
      check: { labels: 1, blocks: { data: ofResource("data_source_schemas"), assert: condition } },
      output: { labels: 1, references: ["depends_on"], blocks: { precondition: condition } },
      moved: { references: ["from", "to"] },
      import: { references: ["to", "provider"] },
      removed: { references: ["from"], blocks: { lifecycle, connection, provisioner } },
    },
  };
}

const bodyOf = ({ block_types: types = {} }: SchemaBlock = {}): Body => ({
  blocks: Object.fromEntries(Object.entries(types).map(([name, { block }]) => [name, bodyOf(block)])),
});
