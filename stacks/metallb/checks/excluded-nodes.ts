import type { Finding } from "../../../values/problem";
import { isSince } from "../../../values/versions";
import { isControlPlaneOnly } from "../../shared/control-plane";
import type { MetallbDraft } from "../draft";

/** The label of nodes that MetalLB from `excludedSince` on announces nothing from; upstream: internal/k8s/nodes. */
const excludeLabel = "node.kubernetes.io/exclude-from-external-load-balancers";
const excludedSince = "0.14.2";

/** Control-plane nodes alone: kubeadm excludes them from load balancers, when it makes and when it upgrades them. */
export function checkExcludedNodes({ nodes = [], metallb }: MetallbDraft): Finding[] {
  if (metallb?.version === undefined || !isSince(metallb.version, excludedSince)) return [];
  if (metallb.ignoreExcludeLB !== false || !isControlPlaneOnly(nodes)) return [];
  return [
    {
      severity: "warning",
      path: ["nodes"],
      given: `${nodes.length} control-plane ${nodes.length === 1 ? "node" : "nodes"}, and no worker`,
      expected: `a node that announces: kubeadm labels control-plane nodes ${excludeLabel}, and MetalLB from ${excludedSince} on announces nothing from there, without a word`,
      remedy:
        "set metallb.ignoreExcludeLB: true; or, until kubeadm's next upgrade, remove the label with kubectl label node NODE " +
        `${excludeLabel}-`,
    },
  ];
}
