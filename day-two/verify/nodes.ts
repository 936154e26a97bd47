import type { Environment } from "../../values/environment";
import { userMessage } from "../../values/user-error";
import type { ClusterConfig } from "../../cluster/schema";
import type { NodeConfig } from "../../stacks/shared/schema/nodes";
import { type NodeCheck, nodeChecks } from "../nodes/node-checks";
import type { NodeFacts } from "../nodes/node-facts";
import { probeNodes } from "../nodes/probe";
import type { PerNode } from "../../remote/ssh/every-node";
import { type Check, failed, heal, passed } from "./check";

export interface NodesAnswer {
  readonly checks: readonly Check[];
  /** What each node said; none where no node could be asked. */
  readonly answers: readonly PerNode<NodeFacts>[];
}

/** Looks at every node over SSH; one that cannot be asked holds up none of the others. */
export async function verifyNodes(
  config: ClusterConfig,
  sources: { readonly home: string; readonly environment: Environment },
): Promise<NodesAnswer> {
  try {
    const answers = await probeNodes(config, sources);
    return { checks: answers.flatMap((one) => ofNode(one, config)), answers };
  } catch (error) {
    // The credentials: no node can be asked.
    const message = userMessage(error);
    return { checks: config.nodes.map(({ name }) => failed("node.ssh", name, `${name}: ${message}`)), answers: [] };
  }
}

function ofNode({ node, answer, error }: PerNode<NodeFacts>, config: ClusterConfig): Check[] {
  // The message names the node.
  if (answer === undefined) return [failed("node.ssh", node.name, error.message)];
  return [
    passed("node.ssh", node.name, `${node.name}: answers over SSH at ${node.address}`),
    ...nodeChecks(answer, config).map((check) => ofFact(node, check, config)),
  ];
}

const whereItIsSet =
  "set it where kube-proxy gets its settings; npx cdktf deploy nodes kube-proxy then proves it, and says how for k3s and RKE2";

/** What is to be said of one thing on a node. */
export function ofFact(
  { name }: Pick<NodeConfig, "name">,
  { stack, what, ok, found, ...check }: NodeCheck,
  { kubeProxy }: Pick<ClusterConfig, "kubeProxy">,
): Check {
  const id = `node.${what.startsWith("/") ? `file ${what}` : what}`.replaceAll(" ", "-");
  const text = `${name}: ${found}`;
  const remedy = check.remedy ?? (stack === "kube-proxy" && kubeProxy.mode === "unmanaged" ? whereItIsSet : heal);
  return ok ? passed(id, name, text) : failed(id, name, text, remedy);
}
