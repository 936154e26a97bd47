import { App, CloudBackend, LocalBackend, NamedCloudWorkspace, TerraformStack } from "cdktf";
import { serverThatRuns, type StateConfig, workspaceOf } from "../schema/state";
import { keepOutOfPlans } from "./sensitive-variable";
import { localStatePath } from "../local-state";

/** Where a cluster keeps its state, and the name that it keeps it under. */
export interface BackendProps {
  /** The cluster's name. */
  readonly name: string;
  /** A local folder, or HCP Terraform: one state per stack either way. */
  readonly state: StateConfig;
}

/**
 * Keeps a stack's state in the project's `.state` folder, by a relative path, so that synth gives the same on every
 * machine; or in one named HCP Terraform workspace per stack.
 */
export function addBackend(stack: TerraformStack, { name, state }: BackendProps): void {
  if (state.backend === "local") {
    const folder = { outdir: App.of(stack).outdir, stack: stack.node.id };
    new LocalBackend(stack, { path: localStatePath(name, folder) });
    return;
  }
  if (serverThatRuns(state) !== undefined) keepOutOfPlans(stack);
  new CloudBackend(stack, {
    hostname: state.hostname,
    organization: state.organization,
    workspaces: new NamedCloudWorkspace(workspaceOf(state, name, stack.node.id), state.project),
  });
}
