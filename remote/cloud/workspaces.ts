import type { CloudStateConfig } from "../../stacks/shared/schema/state";
import { workspaceName } from "../../stacks/shared/state-block";
import { UserError } from "../../values/user-error";
import { type CloudApi, type CloudObject, reference } from "./cloud-api";

/** A workspace as the server has it. */
export interface Workspace {
  readonly id: string;
  readonly name: string;
  /** remote, agent or local. */
  readonly execution: string;
  readonly locked: boolean;
  /** Whose lock it is, where the server tells. */
  readonly lockedBy?: string;
  /** The pool whose agents run it. */
  readonly agentPool?: string;
}

/** What is asked of workspaces before Terraform is. */
export interface WorkspaceQuestions {
  readonly state: CloudStateConfig;
  /** The cluster's name. */
  readonly cluster: string;
  readonly stacks: readonly string[];
  /** Whether the states are to be locked. */
  readonly lock: boolean;
}

/**
 * Looks at what would have Terraform wait, or fail with many words: no such organization, workspaces that execute otherwise
 * than `state.execution` says, a locked one where Terraform runs here, and one whose pool has no agent online. A workspace
 * that does not exist yet is none of them: Terraform makes it.
 * @throws UserError with a sentence for each.
 */
export async function checkWorkspaces(
  api: CloudApi,
  { state, cluster, stacks, lock }: WorkspaceQuestions,
): Promise<void> {
  await checkOrganization(api, state);
  const found = await Promise.all(
    stacks.map((stack) => readWorkspace(api, state.organization, workspaceName(state, cluster, stack))),
  );
  const workspaces = found.filter((one) => one !== undefined);
  const problems = [
    ...workspaces.map((workspace) => otherExecution(workspace, state)),
    ...(lock ? workspaces.map((workspace) => lockedHere(workspace, state)) : []),
    ...(await withoutAgent(api, workspaces)),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new UserError(problems.join("\n"));
}

/** @throws UserError where there is no such organization, or none that the token may see: the API does not tell which. */
export async function checkOrganization(
  api: CloudApi,
  { hostname, organization }: Pick<CloudStateConfig, "hostname" | "organization">,
): Promise<void> {
  if ((await api.get(`/organizations/${encodeURIComponent(organization)}/entitlement-set`)) !== undefined) return;
  throw new UserError(
    `${hostname} has no organization ${JSON.stringify(organization)} that this token may see: write its name in state.organization as its address has it, or use the token of a member`,
  );
}

/** A workspace by its name; undefined where there is none. */
export async function readWorkspace(api: CloudApi, organization: string, name: string): Promise<Workspace | undefined> {
  const path = `/organizations/${encodeURIComponent(organization)}/workspaces/${encodeURIComponent(name)}`;
  const { data, included } = await api.getWith(`${path}?include=locked_by`);
  return data === undefined ? undefined : asWorkspace(data, included);
}

function asWorkspace(object: CloudObject, included: readonly CloudObject[]): Workspace {
  const { attributes } = object;
  return {
    id: object.id,
    name: String(attributes["name"]),
    execution: String(attributes["execution-mode"]),
    locked: attributes["locked"] === true,
    lockedBy: holderIn(object, included),
    agentPool: agentPoolOf(object),
  };
}

/** The id of the pool whose agents run a workspace. Not every server has it as a relation. */
export function agentPoolOf(workspace: CloudObject): string | undefined {
  const pool = workspace.attributes["agent-pool-id"] ?? reference(workspace, "agent-pool");
  return typeof pool === "string" ? pool : undefined;
}

/** A user, a team or a run. */
function holderIn(workspace: CloudObject, included: readonly CloudObject[]): string | undefined {
  const id = reference(workspace, "locked-by");
  if (id === undefined) return undefined;
  const holder = included.find((one) => one.id === id);
  const name = holder?.attributes["username"] ?? holder?.attributes["name"];
  return typeof name === "string" ? name : `the run ${id}`;
}

function otherExecution({ name, execution }: Workspace, { hostname, execution: declared }: CloudStateConfig) {
  // Between the two that a server runs, only the machine differs.
  if ((execution === "local") === (declared === "local")) return undefined;
  return `the workspace ${name} on ${hostname} has the Execution Mode ${execution}, and state.execution says ${declared}: change one of the two`;
}

/** Whose lock a run waits for, in words; undefined where its workspace has none. */
export async function lockOf(api: CloudApi, run: string): Promise<string | undefined> {
  const id = reference(await api.get(`/runs/${run}`), "workspace");
  if (id === undefined) return undefined;
  const { data, included } = await api.getWith(`/workspaces/${id}?include=locked_by`);
  if (data?.attributes["locked"] !== true) return undefined;
  const { name, lockedBy } = asWorkspace(data, included);
  return `the workspace ${name} is locked${byWhom(lockedBy)}`;
}

const byWhom = (holder: string | undefined) => (holder === undefined ? "; its page says by whom" : ` by ${holder}`);

/** Where a server runs Terraform a plan that only looks waits for no lock. */
function lockedHere({ name, locked, lockedBy }: Workspace, { hostname, execution }: CloudStateConfig) {
  if (!locked || execution !== "local") return undefined;
  return `the workspace ${name} on ${hostname} is locked${byWhom(lockedBy)}: wait for that to end, or unlock it there`;
}

async function withoutAgent(api: CloudApi, workspaces: readonly Workspace[]): Promise<string[]> {
  const run = workspaces.filter(({ execution }) => execution === "agent");
  const pools = [...new Set(run.map(({ agentPool }) => agentPool).filter((pool) => pool !== undefined))];
  const silent = await Promise.all(pools.map(async (pool) => ((await hasAgent(api, pool)) === false ? [pool] : [])));
  return run
    .filter(({ agentPool }) => agentPool === undefined || silent.flat().includes(agentPool))
    .map(({ name, agentPool }) =>
      agentPool === undefined
        ? `the workspace ${name} has no agent pool: choose one in its settings`
        : `no agent of the pool of the workspace ${name} (${agentPool}) is online: start one, or its runs wait for ever`,
    );
}

/** Whether a pool has an agent that would take a run now or later; undefined where the server does not tell. */
async function hasAgent(api: CloudApi, pool: string): Promise<boolean | undefined> {
  const agents = await api.list(`/agent-pools/${pool}/agents`);
  return agents?.some(({ attributes }) => ["idle", "busy"].includes(String(attributes["status"])));
}
