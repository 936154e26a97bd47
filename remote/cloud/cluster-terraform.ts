import { serverThatRuns, type StateConfig } from "../../stacks/shared/schema/state";
import { Terraform, type TerraformOptions } from "../terraform/terraform";
import { CloudApi } from "./cloud-api";
import { tokenFor, type TokenPlaces } from "./token";
import { checkWorkspaces } from "./workspaces";

/** What of a configuration says where its state is. */
export interface StateSections {
  /** The cluster's name. */
  readonly name: string;
  readonly state: StateConfig;
}

/**
 * Terraform for a cluster's stacks. With Terraform Cloud the workspaces are looked at first, and so it is said at once what
 * Terraform would wait for.
 * @throws UserError with what is wrong with token, organization and workspaces.
 */
export async function terraformFor(
  { name, state }: StateSections,
  stacks: readonly string[],
  { say, patienceSeconds, ...places }: TokenPlaces & Pick<TerraformOptions, "say" | "patienceSeconds">,
): Promise<Terraform> {
  const { environment } = places;
  if (state.backend !== "cloud") return new Terraform(environment);
  const { hostname } = state;
  const token = tokenFor(hostname, places);
  const cloud = token === undefined ? undefined : new CloudApi({ hostname, token, environment });
  if (cloud !== undefined) {
    await checkWorkspaces(cloud, { state, cluster: name, stacks });
  }
  return new Terraform(environment, { server: serverThatRuns(state), cloud, say, patienceSeconds });
}
