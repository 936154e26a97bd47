import { SSHProvisionerConnection, TerraformStack } from "cdktf";
import type { NodeConfig } from "../schema/nodes";
import type { SshConfig } from "../schema/ssh";
import { literal, quoted } from "../terraform-text";
import { sensitiveVariable } from "./sensitive-variable";

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
      this.privateKey = sensitiveVariable(stack, "ssh_private_key");
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
      // Always said: with SSH_AUTH_SOCK set and nothing said, Terraform takes the agent. It forwards each agent that it takes,
      // and no setting turns that off: SECURITY.md.
      agent: String(this.config.authentication.method === "agent"),
      privateKey: this.privateKey,
      scriptPath: scriptPath(`baremetal-lb-${scriptName}-%RAND%`, scriptDirectory),
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

/**
 * Where Terraform copies a script to, in such a way that nobody else on the node can change what is run.
 *
 * Terraform copies the file with scp, 0644, then runs `chmod 0777 <path>`, then `<path>` (UploadScript in
 * internal/communicator/ssh, runScripts in its provisioner remote-exec). Whoever can enter the folder could write to the
 * file between the last two. The path is no word to the node's shell, so this one makes of them
 *
 *     chmod 0777 :&&exec sh *NAME*;true     which finds no file `:`, changes nothing, and succeeds
 *     :&&exec sh *NAME*;true                which reads the one file that has NAME in its name: this
 *
 * The file keeps its mode, and needs no right to be executed. Tried with dash, bash and busybox as the
 * shell of the user. A Terraform that quoted the path would find no such command, and say so.
 *
 * For scp the path is relative to the home, where each command starts; the name before the first slash and the `..` after
 * it take each other away (filepath.Clean). For the shell it is absolute: there is nothing above /.
 *
 * @param name Letters, digits, - and Terraform's %RAND%, a number that it replaces.
 * @param folder An absolute path, or nothing for the home of ssh.user.
 */
function scriptPath(name: string, folder: string | undefined): string {
  const up = `/${"../".repeat(deepestHome)}`;
  const path = folder === undefined ? "" : `${up}${folder.replace(/^\/+|\/+$/g, "")}/`.replace(/\/+$/, "/");
  return `:&&exec sh ${path}*${name}*;true`;
}

/** More folders than any home has above it. */
const deepestHome = 16;
