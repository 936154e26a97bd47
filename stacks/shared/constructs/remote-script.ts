import { createHash } from "node:crypto";
import { RemoteExecProvisioner, TerraformLocal, TerraformStack } from "cdktf";
import type { NodeConfig } from "../schema/nodes";
import { assignments, type ScriptName, scriptText } from "../script";
import { fileBeside } from "./file-beside";
import type { SshAccess } from "./ssh-access";
import { literal, quoted } from "../terraform-text";

/** Values that a script reads as shell variables. */
export type ScriptParameters = Readonly<Record<string, string | number | boolean>>;

/** CDKTF's type lacks `when`, though its JSON carries it. */
export type DestroyTimeProvisioner = RemoteExecProvisioner & { readonly when: "destroy" };

/**
 * A script that a stack runs on nodes. Its text stands once in the stack, as a local: repeated in each of 1,000 nodes it would
 * make a plan take minutes. Destroy-time provisioners may not refer to a local, so for them it is a file in the stack's folder.
 */
export class RemoteScript {
  /** What the script is called in Terraform, and in the name of its file on a node: its own name, without the room's. */
  readonly name: string;
  private readonly text: string;
  private local: TerraformLocal | undefined;
  private file: string | undefined;

  constructor(
    private readonly stack: TerraformStack,
    private readonly ssh: SshAccess,
    script: ScriptName,
    private readonly parameters: ScriptParameters = {},
  ) {
    this.name = script.slice(script.indexOf("/") + 1);
    this.text = scriptText(script, Object.keys(parameters));
  }

  /** What the script and its parameters hash to: a trigger that runs the script again when either changes. */
  get hash(): string {
    return createHash("sha256")
      .update(assignments(this.parameters) + this.text)
      .digest("hex")
      .slice(0, 16);
  }

  /**
   * Runs the script on a node when its resource is created. `ofNode`: parameters that are the node's own; `expressions`:
   * those whose values Terraform computes, as expressions without `${}`.
   */
  onCreate(
    node: NodeConfig,
    ofNode: ScriptParameters = {},
    expressions: Readonly<Record<string, string>> = {},
  ): RemoteExecProvisioner {
    this.local ??= new TerraformLocal(this.stack, this.name, literal(this.text));
    const head = [literal(this.assignments(node, ofNode)), ...fromTerraform(expressions)].join("\n");
    return this.provisioner(node, head, this.local.expression);
  }

  /** Runs the script on a node when its resource is destroyed. `self` gives values of the resource's own triggers. */
  onDestroy(node: NodeConfig, self: Readonly<Record<string, string>> = {}): DestroyTimeProvisioner {
    this.file ??= fileBeside(this.stack, `${this.name}.sh`, this.text);
    const triggers = Object.entries(self).map(([name, trigger]) => [name, `self.triggers.${trigger}`] as const);
    const head = [literal(this.assignments(node)), ...fromTerraform(Object.fromEntries(triggers))].join("\n");
    return { ...this.provisioner(node, head, this.file), when: "destroy" };
  }

  private assignments(node: NodeConfig, ofNode: ScriptParameters = {}): string {
    const { user, sudo } = this.ssh.config;
    return assignments({ NODE: node.name, SSH_USER: user, SUDO: sudo, ...this.parameters, ...ofNode });
  }

  private provisioner(node: NodeConfig, ...inline: string[]): RemoteExecProvisioner {
    return { type: "remote-exec", inline, connection: this.ssh.connection(node, this.name) };
  }
}

/** Shell assignments of what Terraform computes, which may come from the cluster: no value can break out of them either. */
const fromTerraform = (expressions: Readonly<Record<string, string>>): string[] =>
  Object.entries(expressions).map(
    ([name, expression]) => `${name}='\${replace(${expression}, ${quoted("'")}, ${quoted("'\\''")})}'`,
  );
