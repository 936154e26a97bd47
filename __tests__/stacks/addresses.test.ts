import { configuration, nodeProof, keptOriginal, restartId } from "../../stacks/kube-proxy/addresses";
import { KubeProxyStack } from "../../stacks/kube-proxy/kube-proxy-stack";
import { memberlist } from "../../stacks/metallb/addresses";
import { MetallbStack } from "../../stacks/metallb/metallb-stack";
import { preparedNode } from "../../stacks/nodes/addresses";
import { NodesStack } from "../../stacks/nodes/nodes-stack";
import { cluster } from "../cluster-fixture";
import { addresses, synthesisedOnce } from "../synthesised";

const [managed, unmanaged] = [cluster(), cluster({ kubeProxy: "unmanaged" })];
const nodes = managed.nodes.map(({ name }) => name);

test.each([
  ["nodes", () => synthesisedOnce(NodesStack, "nodes", managed), nodes.map(preparedNode)],
  [
    "kube-proxy",
    () => synthesisedOnce(KubeProxyStack, "kube-proxy", managed),
    [configuration, keptOriginal, restartId, ...nodes.map(nodeProof)],
  ],
  ["kube-proxy, unmanaged", () => synthesisedOnce(KubeProxyStack, "kube-proxy", unmanaged), nodes.map(nodeProof)],
  ["metallb", () => synthesisedOnce(MetallbStack, "metallb", managed), [memberlist.secret, memberlist.key]],
])("the stack %s has what the commands know by its address", (_stack, make, known) => {
  expect(addresses(make())).toEqual(expect.arrayContaining(known.map(({ address }) => address)));
});
