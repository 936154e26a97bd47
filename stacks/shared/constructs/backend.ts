import { App, CloudBackend, NamedCloudWorkspace, TerraformBackend, TerraformRemoteState, TerraformStack } from "cdktf";
import { type ClusterState, type StateBlock, stateBlock } from "../state-block";
import { literalJson } from "../terraform-text";
import { oldestTerraformFor } from "../terraform-versions";
import { serverThatRuns } from "../schema/state";
import { keepOutOfPlans } from "./sensitive-variable";
import { requireTerraform } from "./terraform-version";

/** Where a cluster keeps its state, and the name that it keeps it under. */
export type BackendProps = ClusterState;

/**
 * Keeps a stack's state where the configuration says, under a name of its own. A local one has a relative path, so that
 * synth gives the same on every machine.
 */
export function addBackend(stack: TerraformStack, props: BackendProps): void {
  const block = stateBlock(props, { outdir: App.of(stack).outdir, stack: stack.node.id });
  const oldest = oldestTerraformFor(block.type);
  if (oldest !== undefined) requireTerraform(stack, oldest);
  if (props.state.backend !== "cloud") {
    new DeclaredBackend(stack, block);
    return;
  }
  if (serverThatRuns(props.state) !== undefined) keepOutOfPlans(stack);
  const { hostname, organization } = props.state;
  const { name, project } = block.arguments.workspaces as { name: string; project?: string };
  new CloudBackend(stack, { hostname, organization, workspaces: new NamedCloudWorkspace(name, project) });
}

/** A backend's block as it is: CDKTF has no class for each backend, nor all arguments of those that it has. */
class DeclaredBackend extends TerraformBackend {
  constructor(
    stack: TerraformStack,
    private readonly block: StateBlock,
  ) {
    super(stack, "backend", block.type);
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return literalJson(this.block.arguments);
  }

  override getRemoteStateDataSource(): TerraformRemoteState {
    throw new Error("the stacks do not read each other's states");
  }
}
