import type { z } from "zod";
import type { Draft } from "../../values/draft";
import type { kubeProxyObject } from "./schema";

/** The section `kubeProxy` of a file that may have mistakes. */
export type KubeProxyDraft = Draft<{ kubeProxy: z.output<typeof kubeProxyObject> | { mode: "unmanaged" } }>;
