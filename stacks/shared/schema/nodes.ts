import { z } from "zod";
import { expectation } from "../../../values/expectation";
import { dnsSubdomain, hostKey, ipAddress } from "../../../values/scalars";

export const nodeSchema = z.strictObject({
  name: dnsSubdomain.meta({
    description: "The node's name in Kubernetes. It keys the node's resources: a new name is a new resource.",
  }),
  address: ipAddress.meta({ description: "The address that SSH connects to, and that kubelet reports." }),
  role: z
    .enum(["control-plane", "worker"], {
      error: expectation(
        "control-plane or worker",
        "write control-plane for a node that runs the API server, else worker",
      ),
    })
    .default("worker")
    .meta({ description: "At least one node is a control-plane node; kubectl runs on the first of them." }),
  hostKey: hostKey.optional().meta({
    description:
      "The node's SSH host key: \"ecdsa-sha2-nistp256 AAAA…\". Prefer the ECDSA key: where the server has several, it is the one that Terraform's client asks for.",
  }),
});

/** One of `nodes`, with every default in its place. */
export type NodeConfig = z.output<typeof nodeSchema>;
