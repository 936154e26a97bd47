import { parseAllDocuments } from "yaml";
import type { MetallbConfig } from "../schema/metallb";
import type { Component } from "./component";
import { imageParts, isTagOf } from "./image-parts";

/** An object of Kubernetes as a manifest has it. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

/** Upstream's release manifest, whole. */
export type Manifest = readonly ManifestObject[];

/** The kinds that upstream's manifests have: the stacks have a resource for each. */
export const manifestKinds = [
  "Namespace",
  "CustomResourceDefinition",
  "ClusterRole",
  "ClusterRoleBinding",
  "ConfigMap",
  "DaemonSet",
  "Deployment",
  "Role",
  "RoleBinding",
  "Secret",
  "Service",
  "ServiceAccount",
  "ValidatingWebhookConfiguration",
] as const;
export type ManifestKind = (typeof manifestKinds)[number];

/** The objects of a manifest that is known to be one. */
export const manifestObjects = (text: string): Manifest => valuesOf(parseAllDocuments(text)) as Manifest;

/** What documents say; those of comments alone say nothing. */
const valuesOf = (documents: ReturnType<typeof parseAllDocuments>): readonly unknown[] =>
  documents.map((document) => document.toJS() as unknown).filter((value) => value !== null);

/**
 * What a text has that the manifest of a version cannot have, as a clause; undefined if it has nothing of the kind. For a
 * manifest that cluster.yaml pins: its hash does not tell what it is the hash of, and with the manifest of another version
 * or of another way to do BGP keys would be judged by one and pods deployed by the other.
 */
export function foreignContent(
  text: string,
  { version, bgpType }: Pick<MetallbConfig, "version" | "bgpType">,
): string | undefined {
  const documents = parseAllDocuments(text);
  const values = documents.some(({ errors }) => errors.length > 0) ? [] : valuesOf(documents);
  if (values.length === 0 || !values.every(isObject)) return "which is no list of Kubernetes' objects in YAML";
  const image = containerOf(values, "Deployment", "controller")?.image;
  if (image === undefined) return "which has no Deployment controller";
  if (!isTagOf(imageParts(image).tag ?? "", version)) return `whose controller has the image ${image}`;
  const { env = [] } = containerOf(values, "DaemonSet", "speaker") ?? {};
  const found = env.find(({ name }) => name === "METALLB_BGP_TYPE")?.value ?? "native";
  if (found !== bgpType) return `whose speakers do BGP by ${found}`;
  const others = values.filter(({ kind }) => !manifestKinds.some((known) => known === kind));
  if (others.length === 0) return undefined;
  return `which has ${others.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(", ")}, of a kind that the stacks have no resource for`;
}

const isObject = (value: unknown): value is ManifestObject => {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<ManifestObject>;
  return [apiVersion, kind, metadata?.name].every((text) => typeof text === "string");
};

interface Container {
  readonly name: string;
  readonly image?: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

interface Workload {
  readonly spec?: { readonly template?: { readonly spec?: { readonly containers?: readonly Container[] } } };
}

/** The container of a program, in the workload of the same name. */
const containerOf = (objects: Manifest, kind: string, component: Component): Container | undefined => {
  const found = objects.find((one) => one.kind === kind && one.metadata.name === component);
  return (found as unknown as Workload | undefined)?.spec?.template?.spec?.containers?.find(
    ({ name }) => name === component,
  );
};
