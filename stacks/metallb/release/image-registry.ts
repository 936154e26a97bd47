import type { MetallbConfig } from "../schema/metallb";
import { usesCustomResources } from "./releases";

/**
 * Where MetalLB's images come from: registry and path, with no slash at the end. Default: where upstream's manifest
 * of the version takes them from, docker.io/metallb for 0.9 and quay.io/metallb for 0.13 and later.
 */
export const imageRegistry = ({ version, imageRegistry: given }: Pick<MetallbConfig, "version" | "imageRegistry">) =>
  given ?? (usesCustomResources(version) ? "quay.io/metallb" : "docker.io/metallb");

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
