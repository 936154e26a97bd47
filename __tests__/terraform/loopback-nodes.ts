import { writeFileSync } from "node:fs";
import { NodesStack } from "../../stacks/nodes/nodes-stack";
import { cluster } from "../cluster-fixture";
import { ipvsNode, type NodeToPrepareProps } from "../stacks/nodes/scripts/node-to-prepare";
import { type NodeUnderTest, shells } from "../stacks/shared/scripts/node-under-test";
import { ecdsaKey } from "../remote/ssh/keys";
import { SshServer, type SshServerProps } from "./ssh-server";
import { TerraformProject } from "./terraform-project";

/** A node of cluster.yaml; a real server answers for it, or nobody does. */
export interface LoopbackNode {
  readonly name: string;
  readonly address: string;
  readonly hostKey: string;
}

/** The stack `nodes` of fake nodes behind real SSH servers on one port, in a scratch folder of its own. */
export class LoopbackNodes {
  readonly project = new TerraformProject("nodes");
  readonly key = ecdsaKey();
  private readonly fakes: NodeUnderTest[] = [];
  private readonly servers: SshServer[] = [];

  constructor() {
    writeFileSync(this.project.path("key"), this.key.private, { mode: 0o600 });
  }

  get port(): number {
    const [first] = this.servers;
    if (first === undefined) throw new Error("no server was started");
    return first.port;
  }

  /** A fake node on which prepare-node works; Terraform needs scp on it. */
  fake(props: NodeToPrepareProps = {}): NodeUnderTest {
    const [shell] = shells;
    if (shell === undefined) throw new Error("this machine has none of the shells");
    const node = ipvsNode(shell, props).link("scp");
    this.fakes.push(node);
    return node;
  }

  /** Starts a server; all of them have the port of the first. */
  async serve(node: NodeUnderTest, address: string, props: Partial<SshServerProps> = {}): Promise<SshServer> {
    const port = this.servers[0]?.port;
    const server = await SshServer.start({ node, address, port, user: "ops", publicKey: this.key.public, ...props });
    this.servers.push(server);
    return server;
  }

  /** Synthesises the stack of these nodes. */
  async write(scriptDirectory: string, nodes: readonly LoopbackNode[]): Promise<void> {
    const config = cluster({
      ssh: { user: "ops", port: this.port, timeout: "5s", privateKeyFile: this.project.path("key"), scriptDirectory },
      nodes: nodes.map((node, index) => ({ ...node, ...(index === 0 && { role: "control-plane" }) })),
    });
    await this.project.write((scope, id) => new NodesStack(scope, id, config)).init();
  }

  /** The addresses of the nodes whose preparation is finished; what takes it back is there before. */
  prepared(): string[] {
    return this.project.finished().filter((address) => !address.startsWith("null_resource._removal-"));
  }

  async dispose(): Promise<void> {
    for (const server of this.servers) await server.stop();
    for (const fake of this.fakes) fake.dispose();
    this.project.dispose();
  }
}
