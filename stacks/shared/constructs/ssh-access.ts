import { SSHProvisionerConnection, TerraformStack, TerraformVariable } from "cdktf";
import type { NodeConfig } from "../schema/nodes";
import type { SshConfig } from "../schema/ssh";
import { literal, quoted } from "../terraform-text";

/** How a stack reaches nodes over SSH. */
export class SshAccess {
  /** False where the key is a Terraform variable: a destroy-time provisioner may not refer to one. */
  readonly worksAtDestroy: boolean;
  private readonly privateKey: string | undefined;

  constructor(
    stack: TerraformStack,
    readonly config: SshConfig,
  ) {
    const { authentication } = config;
    this.worksAtDestroy = authentication.method !== "variable";
    if (authentication.method === "keyFile") {
      // Read when Terraform applies, so that no key stands in the synthesised files or in the state.
      this.privateKey = `\${file(${quoted(authentication.path)})}`;
    } else if (authentication.method === "variable") {
      this.privateKey = new TerraformVariable(stack, "ssh_private_key", {
        type: "string",
        sensitive: true,
        description: "The private key, PEM or OpenSSH format, that every node accepts for ssh.user.",
      }).stringValue;
    }
  }

  /**
   * The connection to a node. All of it comes from the configuration of the day, at destroy too: a node that moved or
   * a key that was renewed is reached by its new data, not by what an old state remembers.
   */
  connection(node: NodeConfig, scriptName: string): SSHProvisionerConnection {
    const { user, port, timeout, scriptDirectory, bastion } = this.config;
    return {
      type: "ssh",
      host: node.address,
      port,
      user: literal(user),
      timeout,
      hostKey: node.hostKey,
      // Always said: with SSH_AUTH_SOCK set and nothing said, Terraform forwards the agent to the node.
      agent: String(this.config.authentication.method === "agent"),
      privateKey: this.privateKey,
      // Terraform replaces %RAND%. Without a path it would be /tmp whatever the node allows there.
      scriptPath: literal(`${scriptDirectory.replace(/\/$/, "")}/baremetal-lb-${scriptName}-`) + "%RAND%.sh",
      ...(bastion && {
        bastionHost: bastion.host,
        bastionPort: bastion.port,
        bastionUser: literal(bastion.user ?? user),
        bastionHostKey: bastion.hostKey,
        bastionPrivateKey: this.privateKey,
      }),
    };
  }
}
