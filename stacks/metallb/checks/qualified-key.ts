import type { Finding, Path } from "../../../values/problem";
import { isQualifiedName, qualifiedNameText } from "../../../values/scalars";

/** Looks at one key: where it stands, and whether it is a mapping's key there, or a value. */
export type KeyCheck = (key: string, path: Path, atKey?: boolean) => Finding[];

/** Whether a key is one by Kubernetes' rules; `what` is "a label's key". @param isOne whether it is. @default as labels' are */
export const qualifiedKey =
  (what: string, remedy: string, isOne = isQualifiedName): KeyCheck =>
  (key, path, atKey = false) =>
    isOne(key)
      ? []
      : [
          {
            severity: "error",
            path,
            atKey,
            given: JSON.stringify(key),
            expected: `${what}: ${qualifiedNameText}`,
            remedy,
          },
        ];

export const labelKey = qualifiedKey("a label's key", "write a key such as rack or topology.kubernetes.io/zone");
