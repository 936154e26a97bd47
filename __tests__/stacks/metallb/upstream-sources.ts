import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import { type MetallbVersion, metallbVersions, usesCustomResources } from "../../../stacks/metallb/release/releases";

/** The versions that are configured by custom resources, oldest first. */
export const crdVersions = metallbVersions.filter(usesCustomResources);

/** The text of a file of MetalLB's sources, out of the Go module that holds them. */
export async function upstreamFile(version: MetallbVersion, path: string): Promise<string> {
  const module = `go.universe.tf/metallb@v${version}`;
  const { stdout } = await promisify(execFile)("go", ["mod", "download", "-json", module], { cwd: tmpdir() });
  const { Dir } = JSON.parse(stdout) as { Dir: string };
  return await readFile(join(Dir, path), "utf8");
}

/** An OpenAPI schema, as far as it is read here. */
export interface OpenApiSchema {
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly items?: OpenApiSchema;
}

interface CustomResourceDefinition {
  readonly kind: string;
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { openAPIV3Schema: OpenApiSchema } }[];
  };
}

/** The schemas of a version's CustomResourceDefinitions, by "IPAddressPool metallb.io/v1beta1". */
export async function crdSchemas(version: MetallbVersion): Promise<ReadonlyMap<string, OpenApiSchema>> {
  const text = await upstreamFile(version, "config/manifests/metallb-native.yaml");
  const definitions = parseAllDocuments(text)
    .map((document) => document.toJS() as CustomResourceDefinition)
    .filter(({ kind }) => kind === "CustomResourceDefinition");
  return new Map(
    definitions.flatMap(({ spec }) =>
      spec.versions.map(({ name, schema }) => [`${spec.names.kind} metallb.io/${name}`, schema.openAPIV3Schema]),
    ),
  );
}
