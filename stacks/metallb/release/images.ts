import type { MetallbConfig } from "../schema/metallb";
import { imageParts } from "./image-parts";
import type { Component } from "./component";
import { objectsHave } from "./written-objects";

/**
 * Where MetalLB's images come from: registry and path, with no slash at the end. Default: where upstream's manifest
 * of the version takes them from, docker.io/metallb for 0.9 and quay.io/metallb for later ones.
 */
export const imageRegistry = ({ version, imageRegistry: given }: Pick<MetallbConfig, "version" | "imageRegistry">) =>
  given ?? (objectsHave(version, "quay") ? "quay.io/metallb" : "docker.io/metallb");

/** The organisations of upstream's images on quay.io. */
const organisations = { metallb: "metallb", frr: "frrouting" } as const;

/**
 * Where FRR's image comes from, where cluster.yaml says something of it; undefined: as upstream's manifest has it. A mirror
 * that keeps upstream's paths has it in an organisation of its own, beside MetalLB's.
 */
export const frrImageRegistry = ({
  imageRegistry: given,
  frrImageRegistry: ofFrr,
}: Partial<Pick<MetallbConfig, "imageRegistry" | "frrImageRegistry">>): string | undefined =>
  ofFrr ?? given?.replace(new RegExp(`/${organisations.metallb}$`), `/${organisations.frr}`);

/** An image of these parts, but for those that cluster.yaml says. */
const named = (
  repository: string,
  tag: string,
  { repository: ofOther = repository, tag: other = tag, digest }: NonNullable<MetallbConfig["images"]>[ImageName] = {},
): string => `${ofOther}:${other}${digest === undefined ? "" : `@${digest}`}`;

/** A program whose image cluster.yaml may name. */
type ImageName = keyof NonNullable<MetallbConfig["images"]>;

/** The keys of images whose names are no keys. */
const imageKeys: Readonly<Record<string, ImageName>> = { "frr-k8s": "frrk8s", "kube-rbac-proxy": "kubeRbacProxy" };

/** What the image of a program of MetalLB's is called. The tag is there beside a digest, too: it tells the version. */
export const componentImage = (
  component: Component,
  { imageRegistry: registry, version, images }: ComponentImages,
): string => named(`${registry}/${component}`, `v${version}`, images?.[component]);

export interface ComponentImages {
  /** Registry and path of the images, such as docker.io/metallb. */
  readonly imageRegistry: string;
  /** MetalLB's version, without a `v`. */
  readonly version: string;
  /** What is said of single images. @default nothing */
  readonly images?: MetallbConfig["images"];
}

/** Whether an image is of MetalLB's own organisation: kube-rbac-proxy is another project's, wherever it is taken from. */
const isMetallbs = (path: string): boolean => path.split("/").at(-1) === organisations.metallb;

/** An image of upstream's manifest as it is declared: from where cluster.yaml says, or as upstream has it. */
export function declaredImage(
  upstream: string,
  metallb: Pick<MetallbConfig, "imageRegistry" | "frrImageRegistry" | "images">,
): string {
  const { repository, tag = "" } = imageParts(upstream);
  const [, path = "", name = ""] = /^(.*)\/(.*)$/.exec(repository) ?? [];
  const registry = name === "frr" ? frrImageRegistry(metallb) : isMetallbs(path) ? metallb.imageRegistry : undefined;
  return named(`${registry ?? path}/${name}`, tag, metallb.images?.[imageKeys[name] ?? (name as ImageName)]);
}
