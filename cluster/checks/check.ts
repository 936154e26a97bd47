import type { ClusterDraft } from "../draft";
import type { IsGiven } from "../../values/draft";
import type { Finding } from "../../values/problem";

/** A check across fields. It reads the draft and reports; it never looks at files, network or environment. */
export type ConfigurationCheck = (draft: ClusterDraft, isGiven: IsGiven) => Finding[];
