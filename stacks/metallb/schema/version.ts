import { z } from "zod";
import { expectation } from "../../../values/expectation";
import {
  canBePinned,
  isKnown,
  type MetallbVersion,
  metallbVersions,
  minorOf,
  minorsWithManifest,
  oldestWithManifest,
} from "../release/releases";
import { isOlder } from "../../../values/versions";

/** "0.13, 0.14, 0.15 or 0.16" */
const minors = minorsWithManifest.join(", ").replace(/, ([^,]+)$/, " or $1");

/** The versions that are not in the table, and can be declared all the same. */
export const otherPatches = `another patch of ${minors} with metallb.manifestSHA256`;

/** Why a version cannot be declared by its manifest's hash either; nothing of what is no version. */
function whyNot(version: unknown): string {
  if (typeof version !== "string" || !/^\d+\.\d+\.\d+$/.test(version)) return "";
  const minor = minorOf(version);
  if (minorsWithManifest.includes(minor)) {
    return isOlder(version, oldestWithManifest) ? `, from ${oldestWithManifest} on: older ones have other objects` : "";
  }
  return metallbVersions.some((known) => minorOf(known) === minor)
    ? `: the objects of MetalLB ${minor} are written out here, for these patches alone, and come from no manifest`
    : `: which objects and keys MetalLB ${minor} has is not known here`;
}

/** The version that is meant by one of another form, such as that of an image's tag: v0.15.2. */
const meant = (input: unknown): string | undefined => {
  const plain = typeof input === "string" ? input.trim().replace(/^v/, "") : undefined;
  return plain !== undefined && plain !== input && (isKnown(plain) || canBePinned(plain)) ? plain : undefined;
};

const error = ({ input }: { readonly input?: unknown }) => {
  const plain = meant(input);
  return expectation(
    `one of ${metallbVersions.join(", ")}, or ${otherPatches}${whyNot(input)}`,
    plain === undefined ? "choose one of them" : `write ${plain}`,
  );
};

const minorPattern = minorsWithManifest.map((minor) => minor.replace(".", "\\.")).join("|");

/** Another patch, whose manifest's hash is beside it: checks/manifest-hash.ts asks for that. */
const otherPatch = z
  .string({ error })
  .regex(new RegExp(`^(${minorPattern})\\.(0|[1-9]\\d*)$`), { error })
  .refine(canBePinned, { error }) as unknown as z.ZodType<MetallbVersion, MetallbVersion>;

export const versionSchema = z.union([z.enum(metallbVersions, { error }), otherPatch], { error });
