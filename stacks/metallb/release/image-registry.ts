import type { MetallbConfig } from "../schema/metallb";
import { usesCustomResources } from "./releases";

/**
 * Where MetalLB's images come from: registry and path, with no slash at the end. Default: where upstream's manifest
 * of the version takes them from, docker.io/metallb for 0.9 and quay.io/metallb for 0.13 and later.
 */
export const imageRegistry = ({ version, imageRegistry: given }: Pick<MetallbConfig, "version" | "imageRegistry">) =>
  given ?? (usesCustomResources(version) ? "quay.io/metallb" : "docker.io/metallb");
