import { stringify } from "yaml";
import { clusterName, type Lab } from "../lab-settings";
import { familyPlans, type NodePlan, ofFamilies } from "../network-plan";
import { runFiles } from "../run-files";

/** The lab's cluster.yaml, with nothing left to edit. `hostKey` gives a node's public host key. */
export function clusterYaml(lab: Lab, nodes: readonly NodePlan[], hostKey: (node: NodePlan) => string): string {
  const files = runFiles(lab);
  return stringify(
    {
      name: clusterName,
      kubernetes: {
        version: lab.versions.kubernetes,
        kubeconfig: files.kubeconfig,
        context: `kubernetes-admin@${clusterName}`,
        podCIDR: ofFamilies(lab.ipFamilies, "podNetwork"),
        serviceCIDR: ofFamilies(lab.ipFamilies, "serviceNetwork"),
      },
      ssh: { user: "ops", privateKeyFile: files.sshKey },
      nodes: nodes.map((node) => ({
        name: node.name,
        address: node.addresses[lab.ipFamilies[0]],
        role: node.role,
        hostKey: hostKey(node),
      })),
      metallb: {
        version: lab.versions.metallb,
        ...(lab.bgpTypes[0] !== "native" && { bgpType: lab.bgpTypes[0] }),
        pools: [
          {
            name: "default",
            protocol: "layer2",
            addresses: lab.ipFamilies.map((family) => familyPlans[family].addressPool),
          },
        ],
      },
    },
    { lineWidth: 0 },
  );
}
