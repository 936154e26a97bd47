/** The parts of an image's name: quay.io/metallb/speaker:v0.15.2@sha256:…, of which tag and digest may be absent. */
export interface ImageParts {
  /** With its registry: "quay.io/metallb/speaker", "docker.io/metallb/speaker" for metallb/speaker. */
  readonly repository: string;
  readonly tag?: string;
  /** "sha256:…" */
  readonly digest?: string;
}

export function imageParts(image: string): ImageParts {
  const [, name = "", tag, digest] = /^(.*?)(?::([^:/@]+))?(?:@(.+))?$/.exec(image) ?? [];
  // A first part with a dot, a port or this name is a registry (distribution/reference, normalize.go).
  const [first = "", ...rest] = name.split("/");
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  return { repository: hasRegistry ? name : `docker.io/${rest.length > 0 ? "" : "library/"}${name}`, tag, digest };
}

/** Whether an image's tag says that it is of a version: v0.15.2, with more behind it or not. */
export const isTagOf = (tag: string, version: string): boolean =>
  tag === `v${version}` || (tag.startsWith(`v${version}`) && /^[-_.]/.test(tag.slice(version.length + 1)));
