import { serverThatRuns } from "../../stacks/shared/schema/state";
import type { ClusterState } from "../../stacks/shared/state-block";
import { Terraform, type TerraformOptions } from "../terraform/terraform";
import { CloudApi } from "./cloud-api";
import { tokenFor, type TokenPlaces } from "./token";
import { checkWorkspaces } from "./workspaces";

type Options = TokenPlaces &
  Pick<TerraformOptions, "say" | "patienceSeconds" | "signal"> & {
    /** Whether the states are to be locked. @default true */
    readonly lock?: boolean;
  };

/**
 * Terraform for a cluster's stacks. With Terraform Cloud the workspaces are looked at first, and so it is said at once what
 * Terraform would wait for.
 * @throws UserError with what is wrong with token, organization and workspaces.
 */
export async function terraformFor(
  { name, state }: ClusterState,
  stacks: readonly string[],
  { say, patienceSeconds, signal, lock = true, ...places }: Options,
): Promise<Terraform> {
  const { environment } = places;
  if (state.backend !== "cloud") return new Terraform(environment, { signal });
  const { hostname } = state;
  const token = tokenFor(hostname, places);
  const cloud = token === undefined ? undefined : new CloudApi({ hostname, token, environment });
  if (cloud !== undefined) await checkWorkspaces(cloud, { state, cluster: name, stacks, lock });
  return new Terraform(environment, { server: serverThatRuns(state), cloud, say, patienceSeconds, signal });
}
