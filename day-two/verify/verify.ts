import type { Environment } from "../../values/environment";
import type { ClusterConfig } from "../../cluster/schema";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { findInstallations } from "../metallb/installation";
import { look, type VerifyReport } from "./check";
import { verifyCluster } from "./cluster";
import { verifyMemberlistKeys } from "./memberlist-keys";
import { type NodesAnswer, verifyNodes } from "./nodes";
import { tryService } from "./trial-service";

export interface VerifyOptions {
  readonly config: ClusterConfig;
  readonly home: string;
  readonly environment: Environment;
  /** Whether to make a Service, ask it and remove it again. Without it nothing is changed. */
  readonly service: boolean;
  /** Whether the nodes are looked at over SSH. @default true */
  readonly nodes?: boolean;
  /** Ends the trial of a Service early; what it made is removed all the same. */
  readonly signal: AbortSignal;
}

/** Looks at every node and at the cluster, side by side, then tries a Service where that is wanted. */
export async function verify({
  config,
  service,
  nodes = true,
  signal,
  ...sources
}: VerifyOptions): Promise<VerifyReport> {
  const [{ checks: ofNodes, answers }, { checks: ofCluster, api }] = await Promise.all([
    nodes ? verifyNodes(config, sources) : { checks: [], answers: [] },
    verifyCluster(config, sources),
  ]);
  const ofKeys = api === undefined ? [] : await verifyKeys(api, config, answers);
  const ofTrial = service && api !== undefined ? await tryService(api, config, signal) : [];
  const checks = [...ofNodes, ...ofCluster, ...ofKeys, ...ofTrial];
  return { cluster: config.name, passed: checks.every(({ status }) => status !== "failed"), checks };
}

/** What takes both to know: nodes, and the cluster. */
const verifyKeys = (api: KubernetesApi, config: ClusterConfig, answers: NodesAnswer["answers"]) =>
  look("metallb.memberlist-key", "MetalLB", async () =>
    verifyMemberlistKeys(api, config, (await findInstallations(api)).metallb, answers),
  );
