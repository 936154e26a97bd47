import { z } from "zod";
import { expectation } from "../../../values/expectation";
import { dnsSubdomain, duration, flag, hostKey, ipAddress, localPath, port, userName } from "../../../values/scalars";

/** How the stacks prove who they are to a node. */
export type SshAuthentication =
  | { readonly method: "keyFile"; readonly path: string }
  | { readonly method: "agent" }
  | { readonly method: "variable" };

const bastionHostError = expectation(
  "the IP address or DNS name of the bastion host",
  "write the host alone, with no port",
);

const bastionObject = z.strictObject({
  host: z
    .union([ipAddress, dnsSubdomain], { error: bastionHostError })
    .meta({ description: "Address or name of the bastion host." }),
  user: userName.optional().meta({ description: "User on the bastion. Default: ssh.user." }),
  port: port.default(22).meta({ description: "SSH port of the bastion." }),
  hostKey: hostKey.optional().meta({ description: "The bastion's host key." }),
});

const scriptDirectoryError = expectation(
  "an absolute path on the nodes, of letters, digits, . _ - and /",
  "write a path such as /opt/baremetal-lb, or leave it out for the home of ssh.user",
);

/** The section as it is written; `sshSchema` is what the stacks get. */
export const sshObject = z.strictObject({
  user: userName.meta({ description: "The user on every node: root, or one that may use sudo without a password." }),
  privateKeyFile: localPath.optional().meta({
    description:
      "Path of an unencrypted private key; ~ is the home directory. It is read when Terraform applies, never at synth.",
  }),
  agent: flag.optional().meta({
    description:
      "true: use the SSH agent of the shell that runs Terraform. Terraform forwards it to every node, and has no setting against that: root on a node can use the agent's keys while a script runs. See SECURITY.md.",
  }),
  privateKeyVariable: flag.optional().meta({
    description:
      "true: the key is the sensitive Terraform variable ssh_private_key. The kube-proxy stack can then not be destroyed: see docs/undo.md.",
  }),
  port: port.default(22).meta({ description: "The SSH port of every node." }),
  sudo: flag.optional().meta({ description: "Run the scripts with sudo -n. Default: true unless user is root." }),
  timeout: duration.default("60s").meta({ description: "How long Terraform tries to connect to a node." }),
  scriptDirectory: z
    .string({ error: scriptDirectoryError })
    .regex(/^\/[A-Za-z0-9._/-]*$/, { error: scriptDirectoryError })
    .optional()
    .meta({
      description:
        "Directory on the nodes that Terraform copies scripts to, for nodes where ssh.user has no home that it may write to. Nobody else may write there. Default: the home of ssh.user.",
    }),
  bastion: bastionObject
    .optional()
    .meta({ description: "A host to connect through. It is given the same key as the nodes." }),
  insecureIgnoreHostKeys: flag
    .default(false)
    .meta({ description: "true: connect to hosts whose hostKey is not given, whoever answers. Warns each time." }),
});

export const sshSchema = sshObject.transform(({ privateKeyFile, agent, privateKeyVariable, sudo, ...rest }) => ({
  ...rest,
  sudo: sudo ?? rest.user !== "root",
  authentication: authenticationOf(privateKeyFile, agent, privateKeyVariable),
}));

/** checks/ssh.ts sees to it that exactly one of the three is given. */
function authenticationOf(privateKeyFile = "", agent = false, privateKeyVariable = false): SshAuthentication {
  if (privateKeyVariable) return { method: "variable" };
  return agent ? { method: "agent" } : { method: "keyFile", path: privateKeyFile };
}

/** The section `ssh`, with every default in its place. */
export type SshConfig = z.output<typeof sshSchema>;
