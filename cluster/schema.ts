import { z } from "zod";
import { expectation } from "../values/expectation";
import { kubeProxySchema } from "../stacks/kube-proxy/schema";
import { kubernetesSchema } from "../stacks/shared/schema/kubernetes";
import { type MetallbConfig, metallbSchema } from "../stacks/metallb/schema/metallb";
import { nodeSchema } from "../stacks/shared/schema/nodes";
import { dnsLabel, ipAddress } from "../values/scalars";
import { sshSchema } from "../stacks/shared/schema/ssh";
import { stateSchema } from "../stacks/shared/schema/state";

/** The definition of cluster.yaml: what it may say, what each key means, and every default. */
export const clusterSchema = z.strictObject({
  name: dnsLabel.meta({ description: "The cluster's name. It names the state and the workspaces." }),
  kubernetes: kubernetesSchema.meta({ description: "The Kubernetes cluster." }),
  ssh: sshSchema.meta({ description: "How the stacks reach the nodes." }),
  nodes: z
    .array(nodeSchema)
    .min(1, { error: expectation("at least one node", "list every node of the cluster with its name and address") })
    .meta({ description: "Every node of the cluster." }),
  reservedAddresses: z.array(ipAddress).optional().meta({
    description:
      "Addresses that no pool may contain, beside the nodes', the bastion's and the BGP peers': gateways, a virtual address of the API server, name servers.",
  }),
  kubeProxy: kubeProxySchema.prefault({}).meta({
    description:
      "kube-proxy's settings, or unmanaged where this project is not to change it: k3s, RKE2, Cilium without kube-proxy.",
  }),
  metallb: metallbSchema.meta({ description: "MetalLB and its address pools." }),
  state: stateSchema.prefault({ backend: "local" }).meta({ description: "Where Terraform keeps its state." }),
});

/** A cluster.yaml that has been read, with every default in its place. */
export type ClusterConfig = z.output<typeof clusterSchema> & { readonly metallb: MetallbConfig };
