import { z } from "zod";
import { expectation } from "../../../values/expectation";
import { localPath, someText } from "../../../values/scalars";

/** Where the stacks find the Kubernetes API. */
export type KubernetesCredentials =
  { readonly source: "kubeconfig"; readonly path: string; readonly context: string } | { readonly source: "variables" };

const versionError = expectation(
  'a Kubernetes version in quotes, such as "1.18" or "1.35.4"',
  "write major.minor or major.minor.patch in quotes, with no v in front",
);

const networksError = expectation(
  "a network such as 10.244.0.0/16, or for dual stack two, comma-separated",
  "write the network as kubeadm was given it",
);

/** One or two networks; the output has no space after the comma. What they must be like is in checks/networks.ts. */
const networks = z
  .string({ error: networksError })
  .min(1, { error: networksError })
  .transform((text) => text.replace(/\s*,\s*/, ","));

/** The section as it is written; `kubernetesSchema` is what the stacks get. */
export const kubernetesObject = z.strictObject({
  version: z
    .string({ error: versionError })
    .regex(/^1\.\d{1,2}(\.\d{1,3})?$/, { error: versionError })
    .meta({ description: "The cluster's Kubernetes version, in quotes: major.minor or major.minor.patch." }),
  credentials: z.enum(["kubeconfig", "variables"]).default("kubeconfig").meta({
    description:
      "kubeconfig: a file and a context in it. variables: sensitive Terraform variables kubernetes_host, kubernetes_ca_certificate and kubernetes_token, for Terraform Cloud workspaces.",
  }),
  kubeconfig: localPath
    .optional()
    .meta({ description: "Path of the kubeconfig file; ~ is the home directory. Default: ~/.kube/config." }),
  context: someText("the name of a context in the kubeconfig").optional().meta({
    description:
      "The kubeconfig's context. Required with a kubeconfig, so that no other cluster is changed by mistake.",
  }),
  nodeKubeconfig: z
    .string({ error: expectation("an absolute path on the control-plane nodes", "write a path that starts with /") })
    .regex(/^\/[A-Za-z0-9._/-]+$/, {
      error: expectation(
        "an absolute path on the control-plane nodes, of letters, digits, . _ - and /",
        "write a path such as /etc/kubernetes/admin.conf",
      ),
    })
    .default("/etc/kubernetes/admin.conf")
    .meta({
      description:
        "Path of an administrator's kubeconfig on the control-plane nodes, used there by the rollout proofs and the restore step.",
    }),
  podCIDR: networks.default("10.244.0.0/16").meta({
    description: "The pods' network, such as 10.244.0.0/16; dual stack: two networks, comma-separated.",
  }),
  serviceCIDR: networks.default("10.96.0.0/12").meta({
    description: "The Services' network, such as 10.96.0.0/12; dual stack: two networks, comma-separated.",
  }),
});

export const kubernetesSchema = kubernetesObject.transform(({ credentials, kubeconfig, context, ...rest }) => ({
  ...rest,
  credentials: credentialsOf(credentials, kubeconfig, context),
}));

/** Credentials with their defaults. checks/credentials.ts sees to it that a kubeconfig comes with its context. */
export function credentialsOf(
  source: KubernetesCredentials["source"],
  path = "~/.kube/config",
  context = "",
): KubernetesCredentials {
  return source === "variables" ? { source } : { source, path, context };
}

/** The section `kubernetes`, with every default in its place. */
export type KubernetesConfig = z.output<typeof kubernetesSchema>;
