import type { Environment } from "../../values/environment";
import type { ClusterConfig } from "../../cluster/schema";
import type { VerifyReport } from "./check";
import { verifyCluster } from "./cluster";
import { verifyNodes } from "./nodes";
import { tryService } from "./trial-service";

export interface VerifyOptions {
  readonly config: ClusterConfig;
  readonly home: string;
  readonly environment: Environment;
  /** Whether to make a Service, ask it and remove it again. Without it nothing is changed. */
  readonly service: boolean;
  /** Ends the trial of a Service early; what it made is removed all the same. */
  readonly signal: AbortSignal;
}

/** Looks at every node and at the cluster, side by side, then tries a Service where that is wanted. */
export async function verify({ config, service, signal, ...sources }: VerifyOptions): Promise<VerifyReport> {
  const [ofNodes, { checks: ofCluster, api }] = await Promise.all([
    verifyNodes(config, sources),
    verifyCluster(config, sources),
  ]);
  const ofTrial = service && api !== undefined ? await tryService(api, config, signal) : [];
  const checks = [...ofNodes, ...ofCluster, ...ofTrial];
  return { cluster: config.name, passed: checks.every(({ status }) => status !== "failed"), checks };
}
