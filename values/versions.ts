import { coerce, gte, lt } from "semver";

/**
 * Whether a version is the same as another, or newer. Either may lack its patch ("1.18") or have more behind it
 * ("0.13.12-debian-11-r1"), which does not count. False where one of them is no version.
 */
export function isSince(version: string, since: string): boolean {
  const [one, other] = [coerce(version), coerce(since)];
  return one !== null && other !== null && gte(one, other);
}

/** Whether a version is older than another. False where one of them is no version, such as the tag of a digest or "main". */
export function isOlder(version: string, than: string): boolean {
  const [one, other] = [coerce(version), coerce(than)];
  return one !== null && other !== null && lt(one, other);
}
