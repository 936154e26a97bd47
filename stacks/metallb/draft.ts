import type { Draft } from "../../values/draft";
import type { SharedDraft } from "../shared/draft";
import type { WithResources } from "./resources/resource-object";
import type { MetallbSection } from "./schema/metallb";

/** What the checks of MetalLB read: its own section, the sections of every stack, and the addresses that it may not have. */
export type MetallbDraft = SharedDraft &
  Draft<{ metallb: MetallbSection; reservedAddresses: string[] }> & { readonly metallb?: WithResources };
