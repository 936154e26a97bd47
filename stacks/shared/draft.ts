import type { z } from "zod";
import type { Draft } from "../../values/draft";
import type { kubernetesObject } from "./schema/kubernetes";
import type { NodeConfig } from "./schema/nodes";
import type { sshObject } from "./schema/ssh";
import type { StateConfig } from "./schema/state";

/**
 * The sections that every stack works with, as they are written, with defaults, and without each value that is not valid
 * in itself.
 */
export type SharedDraft = Draft<{
  name: string;
  kubernetes: z.output<typeof kubernetesObject>;
  ssh: z.output<typeof sshObject>;
  nodes: NodeConfig[];
  state: StateConfig;
}>;
