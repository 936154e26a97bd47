import { readFileSync } from "node:fs";

/** The names that manifests have for the image of a program, such as quay.io/frrouting/frr:9.1.0 for frr; each once. */
export function imagesNamed(program: string, manifests: readonly string[]): string[] {
  const image = new RegExp(`^ +(?:- )?image: (\\S+/${program}:\\S+)$`, "gm");
  const found = manifests.flatMap((file) => [...readFileSync(file, "utf8").matchAll(image)]);
  return [...new Set(found.map(([, name = ""]) => name))];
}

/** The version that an image's tag tells: "0.0.27". */
export const versionOf = (image: string): string => image.replace(/^.*:v?/, "");
