import type { CustomResource } from "../pools/custom-resource";

/** An object of a file that metallb.resources names. */
export interface ResourceObject extends CustomResource {
  /** Where it stands: the place of its file among metallb.resources, and "pools.yaml:12" for a person. */
  readonly source: { readonly file: number; readonly place: string };
}

/** What has such objects, a configuration or a draft of one. */
export interface WithResources {
  /** The objects of the files of metallb.resources, in their order. @default none */
  readonly resourceObjects?: readonly ResourceObject[];
}

/** Those of a kind. */
export const resourcesOf = (metallb: WithResources | undefined, kind: string): readonly ResourceObject[] =>
  (metallb?.resourceObjects ?? []).filter((one) => one.kind === kind);

/** Their names. */
export const resourceNames = (metallb: WithResources | undefined, kind: string): string[] =>
  resourcesOf(metallb, kind).map(({ metadata }) => metadata.name);

/** A list of a spec, which its schema holds to be one of texts. */
export const textsIn = ({ spec }: Pick<CustomResource, "spec">, key: string): readonly string[] =>
  (spec[key] ?? []) as readonly string[];

/** "IPAddressPool web (pools.yaml:12)" */
export const resourceText = ({ kind, metadata, source }: ResourceObject): string =>
  `${kind} ${metadata.name} (${source.place})`;

/** A mapping without some of its keys. */
export const without = (mapping: Readonly<Record<string, unknown>>, ...keys: readonly string[]) =>
  Object.fromEntries(Object.entries(mapping).filter(([key]) => !keys.includes(key)));
