import { z } from "zod";
import { dnsSubdomain, duration, hostKey, ipAddress, port, userName } from "./scalars";

/** How the stacks prove who they are to a node. */
export type SshAuthentication =
  | { readonly method: "keyFile"; readonly path: string }
  | { readonly method: "agent" }
  | { readonly method: "variable" };

export const sshSchema = z
  .strictObject({
    user: userName.meta({ description: "The user on every node: root, or one that may use sudo without a password." }),
    privateKeyFile: z
      .string()
      .min(1)
      .optional()
      .meta({
        description:
          "Path of an unencrypted private key; ~ is the home directory. It is read when Terraform applies, never at synth.",
      }),
    agent: z.boolean().optional().meta({ description: "true: use the SSH agent of the shell that runs Terraform." }),
    privateKeyVariable: z
      .boolean()
      .optional()
      .meta({
        description:
          "true: the key is the sensitive Terraform variable ssh_private_key. The kube-proxy stack can then not be destroyed: see docs/undo.md.",
      }),
    port: port.default(22).meta({ description: "The SSH port of every node." }),
    sudo: z
      .boolean()
      .optional()
      .meta({ description: "Run the scripts with sudo -n. Default: true unless user is root." }),
    timeout: duration.default("60s").meta({ description: "How long Terraform tries to connect to a node." }),
    scriptDirectory: z
      .string()
      .regex(/^\/[A-Za-z0-9._/-]*$/, { error: "expected an absolute path of letters, digits, . _ - and /" })
      .default("/tmp")
      .meta({
        description:
          "Directory on the nodes that Terraform copies scripts to. It must allow execution: name another where /tmp is mounted noexec.",
      }),
    bastion: z
      .strictObject({
        host: z.union([ipAddress, dnsSubdomain]).meta({ description: "Address or name of the bastion host." }),
        user: userName.optional().meta({ description: "User on the bastion. Default: ssh.user." }),
        port: port.default(22).meta({ description: "SSH port of the bastion." }),
        hostKey: hostKey.optional().meta({ description: "The bastion's host key." }),
      })
      .optional()
      .meta({ description: "A host to connect through. It is given the same key as the nodes." }),
    insecureIgnoreHostKeys: z
      .boolean()
      .default(false)
      .meta({ description: "true: connect to nodes whose hostKey is not given, whoever answers. Warns each time." }),
  })
  .transform(({ privateKeyFile, agent, privateKeyVariable, sudo, ...rest }) => ({
    ...rest,
    sudo: sudo ?? rest.user !== "root",
    authentication: (privateKeyVariable
      ? { method: "variable" }
      : agent
        ? { method: "agent" }
        : { method: "keyFile", path: privateKeyFile ?? "" }) as SshAuthentication,
  }));
