import type { ClusterDraft } from "../draft";
import type { Finding, Path } from "../problem";

/** Whether the file has anything at a path, valid or not. What is not valid is missing in the draft. */
export type IsGiven = (path: Path) => boolean;

/** A check across fields. It reads the draft and reports; it never looks at files, network or environment. */
export type Check = (draft: ClusterDraft, isGiven: IsGiven) => Finding[];
