import { z } from "zod";

/** Where the stacks find the Kubernetes API. */
export type KubernetesCredentials =
  { readonly source: "kubeconfig"; readonly path: string; readonly context: string } | { readonly source: "variables" };

const cidr = (description: string) => z.string().meta({ description });

export const kubernetesSchema = z
  .strictObject({
    version: z
      .string()
      .regex(/^1\.\d{1,2}(\.\d{1,3})?$/, {
        error: 'expected a Kubernetes version in quotes, such as "1.18" or "1.35.4"',
      })
      .meta({ description: "The cluster's Kubernetes version, in quotes: major.minor or major.minor.patch." }),
    credentials: z.enum(["kubeconfig", "variables"]).default("kubeconfig").meta({
      description:
        "kubeconfig: a file and a context in it. variables: sensitive Terraform variables kubernetes_host, kubernetes_ca_certificate and kubernetes_token, for Terraform Cloud workspaces.",
    }),
    kubeconfig: z
      .string()
      .min(1)
      .optional()
      .meta({ description: "Path of the kubeconfig file; ~ is the home directory. Default: ~/.kube/config." }),
    context: z
      .string()
      .min(1)
      .optional()
      .meta({
        description:
          "The kubeconfig's context. Required with a kubeconfig, so that no other cluster is changed by mistake.",
      }),
    nodeKubeconfig: z
      .string()
      .startsWith("/", { error: "expected an absolute path on the control-plane nodes" })
      .default("/etc/kubernetes/admin.conf")
      .meta({
        description:
          "Path of an administrator's kubeconfig on the control-plane nodes, used there by the rollout proofs and the restore step.",
      }),
    podCIDR: cidr("The pods' network, such as 10.244.0.0/16; dual stack: two networks, comma-separated.").default(
      "10.244.0.0/16",
    ),
    serviceCIDR: cidr(
      "The Services' network, such as 10.96.0.0/12; dual stack: two networks, comma-separated.",
    ).default("10.96.0.0/12"),
  })
  .transform(({ credentials, kubeconfig, context, ...rest }) => ({
    ...rest,
    credentials: (credentials === "variables"
      ? { source: "variables" }
      : {
          source: "kubeconfig",
          path: kubeconfig ?? "~/.kube/config",
          context: context ?? "",
        }) as KubernetesCredentials,
  }));
