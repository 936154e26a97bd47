import { isDeepStrictEqual } from "node:util";
import { localStatePath } from "./local-state";
import type { CloudStateConfig, StateConfig } from "./schema/state";
import type { StackFolder } from "./stack-folder";
import { literalJson } from "./terraform-text";

/** Whose state it is, and where it is kept. */
export interface ClusterState {
  /** The cluster's name. */
  readonly name: string;
  /** One state per stack, each named by the cluster and the stack. */
  readonly state: StateConfig;
}

/** What stands in Terraform's own block: the backend's type, which for HCP Terraform is called cloud, and its arguments. */
export interface StateBlock {
  readonly type: StateConfig["backend"];
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** The longest name in PostgreSQL, which cuts off the rest, and the longest value of a label in Kubernetes. */
export const longestStateName = 63;

/** A state's name, where a backend has one name for it. */
export const stateName = (prefix: string, stack: string): string => `${prefix}-${stack}`;

/** The name of a stack's workspace, which keeps its state. */
export const workspaceName = (
  { workspacePrefix }: Pick<CloudStateConfig, "workspacePrefix">,
  cluster: string,
  stack: string,
): string => stateName(workspacePrefix ?? cluster, stack);

/**
 * Where a stack's state is, as Terraform's configuration says it. No credential is in it: Terraform takes them from the
 * environment, or reads the file that is named when it runs.
 */
export function stateBlock({ name, state }: ClusterState, folder: StackFolder): StateBlock {
  const { backend: type } = state;
  const own = stateName(name, folder.stack);
  switch (type) {
    case "local":
      return { type, arguments: { path: localStatePath(name, folder) } };
    case "cloud": {
      const { hostname, organization, project } = state;
      const workspaces = { name: workspaceName(state, name, folder.stack), ...(project !== undefined && { project }) };
      return { type, arguments: { hostname, organization, workspaces } };
    }
    case "s3":
      return { type, arguments: s3Arguments(state, `${name}/${folder.stack}.tfstate`) };
    case "pg":
      return { type, arguments: { schema_name: own } };
    case "kubernetes": {
      const { namespace, kubeconfig, context } = state;
      return {
        type,
        arguments: { namespace, secret_suffix: own, config_path: kubeconfig, config_context: context },
      };
    }
    case "http":
      return { type, arguments: httpArguments(`${state.address}/${own}`, state.lockMethod) };
  }
}

function s3Arguments(state: Extract<StateConfig, { backend: "s3" }>, name: string) {
  const { bucket, region, keyPrefix, endpoint, encrypt } = state;
  const key = keyPrefix === undefined ? name : `${keyPrefix}/${name}`;
  const common = { bucket, region, key, encrypt, use_lockfile: true };
  if (endpoint === undefined) return common;
  // Another server than Amazon's has neither its regions nor its accounts, and its buckets are paths.
  const unlikeAmazon = {
    skip_credentials_validation: true,
    skip_region_validation: true,
    skip_requesting_account_id: true,
    skip_metadata_api_check: true,
    skip_s3_checksum: true,
    use_path_style: true,
  };
  return { ...common, endpoints: { s3: endpoint }, ...unlikeAmazon };
}

function httpArguments(address: string, lockMethod: "LOCK" | "POST") {
  const ofGitlab = lockMethod === "POST";
  const lock = ofGitlab ? `${address}/lock` : address;
  return {
    address,
    ...(ofGitlab && { update_method: "POST" }),
    lock_address: lock,
    lock_method: lockMethod,
    unlock_address: lock,
    unlock_method: ofGitlab ? "DELETE" : "UNLOCK",
  };
}

/** A state's place in a few words, such as "PostgreSQL, schema search-nodes". */
export function placeText({ type, arguments: given }: StateBlock): string {
  const of = (key: string) => String(given[key]);
  switch (type) {
    case "local":
      return `the file ${of("path").replace(/^(\.\.\/)+/, "")}`;
    case "cloud":
      return `the workspace ${(given.workspaces as { name: string }).name} on ${of("hostname")}`;
    case "s3":
      return `the bucket ${of("bucket")}, ${of("key")}`;
    case "pg":
      return `PostgreSQL, schema ${of("schema_name")}`;
    case "kubernetes":
      return `Kubernetes (context ${of("config_context")}), Secret ${of("namespace")}/tfstate-default-${of("secret_suffix")}`;
    case "http":
      return of("address");
  }
}

/** Whether two blocks name one place, whatever else they say of the way there. */
export const isSamePlace = (one: StateBlock, other: StateBlock): boolean =>
  isDeepStrictEqual(placeOf(one), placeOf(other));

/** Of a block as it is declared, or as Terraform noted it, with null for what was not given. */
function placeOf({ type, arguments: given }: StateBlock): readonly unknown[] {
  const within = (block: string, key: string) => (given[block] as Record<string, unknown> | null | undefined)?.[key];
  const places: Readonly<Record<StateBlock["type"], readonly unknown[]>> = {
    local: [given.path],
    cloud: [given.hostname, given.organization, within("workspaces", "name")],
    s3: [given.bucket, given.key, within("endpoints", "s3")],
    pg: [given.schema_name],
    kubernetes: [given.namespace, given.secret_suffix, given.config_path, given.config_context],
    http: [given.address],
  };
  return [type, ...(places[type] ?? [given])].map((part) => part ?? null);
}

/** The block in Terraform's JSON. */
export const terraformBlock = ({ type, arguments: given }: StateBlock): Readonly<Record<string, unknown>> =>
  type === "cloud" ? { cloud: literalJson(given) } : { backend: { [type]: literalJson(given) } };
