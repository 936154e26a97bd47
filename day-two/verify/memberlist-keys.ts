import { createHash } from "node:crypto";
import type { ClusterConfig } from "../../cluster/schema";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import type { PerNode } from "../../remote/ssh/every-node";
import { memberlistSecret } from "../../stacks/metallb/release/component";
import type { Installation } from "../metallb/installation";
import type { NodeFacts } from "../nodes/node-facts";
import { type Check, failed, ifExists, passed } from "./check";

const id = "metallb.memberlist-key";

/**
 * Whether each speaker started with the key that the Secret has now: one with another key is alone, and one that starts
 * anew takes the Secret's. Compared are hashes, and none is shown.
 */
export async function verifyMemberlistKeys(
  { core }: Pick<KubernetesApi, "core">,
  { metallb: declared }: Pick<ClusterConfig, "metallb">,
  metallb: Installation,
  answers: readonly PerNode<Pick<NodeFacts, "speakers">>[],
): Promise<Check[]> {
  const { namespace, memberlistSecret: name } = metallb;
  if (name === undefined || (metallb.own && !declared.speaker.memberlist.enabled)) return [];
  const secret = await ifExists(core.readNamespacedSecret({ namespace, name }));
  const value = secret?.data?.[memberlistSecret.key];
  // That it is missing is a check of its own.
  if (value === undefined) return [];
  const wanted = createHash("sha256").update(Buffer.from(value, "base64")).digest("hex");
  const place = `Secret ${namespace}/${name}`;
  const remedy = `restart all speakers at the same time: kubectl -n ${namespace} delete pods -l ${metallb.speakerSelector}`;
  return answers.flatMap(({ node, answer }) => {
    const found = Object.values(answer?.speakers ?? {});
    if (found.length === 0) return [];
    const speaker = `speaker on ${node.name} started`;
    if (found.every((hash) => hash === wanted)) {
      return [passed(id, node.name, `${speaker} with the memberlist key of ${place}`)];
    }
    const problem = found.some((hash) => hash !== wanted && hash !== "unknown")
      ? `${speaker} with another memberlist key than that of ${place}`
      : `${speaker} before the memberlist key of ${place} was changed`;
    return [failed(id, node.name, problem, remedy)];
  });
}
