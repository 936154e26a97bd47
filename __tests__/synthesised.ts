import { createHash } from "node:crypto";
import { serialize } from "node:v8";
import { TerraformStack, Testing } from "cdktf";
import type { Construct } from "constructs";

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Blocks by type and name, such as `resource.kubernetes_secret_v1.memberlist`. */
export type Blocks = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

/** A stack as Terraform reads it, without CDKTF's own metadata. */
export interface Synthesised {
  readonly terraform: JsonObject;
  readonly provider: Readonly<Record<string, readonly JsonObject[]>>;
  readonly locals: Readonly<Record<string, string>>;
  readonly variable: Readonly<Record<string, JsonObject>>;
  readonly data: Blocks;
  readonly resource: Blocks;
}

const withoutMetadata = (key: string, value: unknown): unknown => (key === "//" ? undefined : value);

/** Synthesises the stack that `build` makes. An app also looks for references between stacks, of which there are none. */
export function synthesised(build: (scope: Construct) => TerraformStack): Synthesised {
  const stack = build(Testing.app({ outdir: "cdktf.out" }));
  const blocks = JSON.parse(Testing.synth(stack), withoutMetadata) as Partial<Synthesised>;
  return { terraform: {}, provider: {}, locals: {}, variable: {}, data: {}, resource: {}, ...blocks };
}

const known = new Map<string, Synthesised>();

/**
 * Synthesises a stack of these properties, once for all tests of a room, which nobody may change then: the same takes up to
 * a tenth of a second.
 */
export function synthesisedOnce<Props>(
  Stack: new (scope: Construct, id: string, props: Props) => TerraformStack,
  id: string,
  props: Props,
): Synthesised {
  const key = createHash("sha256").update(`${Stack.name} ${id} `).update(serialize(props)).digest("hex");
  const found = known.get(key) ?? frozen(synthesised((app) => withProviders(new Stack(app, id, props))));
  known.set(key, found);
  return found;
}

/** The stack, unless resources of it lack their provider, for which CDKTF looks where an app does not leave it out. */
function withProviders(stack: TerraformStack): TerraformStack {
  const problems = stack.node.validate();
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return stack;
}

function frozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

/** The addresses of a stack's resources and data sources, sorted: what a user's state is keyed by. */
export function addresses({ resource, data }: Pick<Synthesised, "resource" | "data">): string[] {
  const of = (blocks: Blocks, prefix: string): string[] =>
    Object.entries(blocks).flatMap(([type, byName]) => Object.keys(byName).map((name) => `${prefix}${type}.${name}`));
  return [...of(resource, ""), ...of(data, "data.")].sort();
}

/** The resources that constructs make in an empty stack. */
export const synthesisedResources = (build: (stack: TerraformStack) => void): Blocks =>
  synthesised((app) => {
    const stack = new TerraformStack(app, "test");
    build(stack);
    return stack;
  }).resource;
