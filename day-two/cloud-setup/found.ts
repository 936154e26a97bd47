import { type CloudApi, type CloudObject, reference } from "../../remote/cloud/cloud-api";
import { agentPoolOf, checkOrganization } from "../../remote/cloud/workspaces";
import type { WantedCloud } from "./wanted";

export interface FoundWorkspace {
  readonly id: string;
  readonly execution: string;
  readonly agentPool?: string | undefined;
  readonly project?: string | undefined;
  readonly terraformVersion: string;
  readonly tags: readonly string[];
  /** The ids of the workspaces that trigger its runs; undefined where the server has no run triggers. */
  readonly triggeredBy?: readonly string[] | undefined;
}

/** What of it the server has. */
export interface FoundCloud {
  /** Ids by name; undefined where the server has no projects. */
  readonly projects?: ReadonlyMap<string, string> | undefined;
  readonly agentPools: ReadonlyMap<string, string>;
  readonly workspaces: ReadonlyMap<string, FoundWorkspace>;
  readonly variableSet?:
    | { readonly id: string; readonly variables: ReadonlyMap<string, string>; readonly workspaces: readonly string[] }
    | undefined;
}

/** What there is when there is nothing, as for a list of all calls. */
export const nothingFound: FoundCloud = { projects: new Map(), agentPools: new Map(), workspaces: new Map() };

/** Asks the server; changes nothing. @throws UserError where the organization is not there. */
export async function findCloud(api: CloudApi, wanted: WantedCloud): Promise<FoundCloud> {
  await checkOrganization(api, wanted);
  const root = `/organizations/${encodeURIComponent(wanted.organization)}`;
  const [projects, pools, sets, ...workspaces] = await Promise.all([
    wanted.project === undefined ? undefined : api.list(`${root}/projects`),
    wanted.agentPool === undefined ? undefined : api.list(`${root}/agent-pools`),
    wanted.variables.length === 0 ? undefined : api.list(`${root}/varsets`),
    ...wanted.workspaces.map(async ({ name }) => {
      const found = await api.get(`${root}/workspaces/${encodeURIComponent(name)}`);
      return found === undefined ? undefined : ([name, await foundWorkspace(api, found)] as const);
    }),
  ]);
  const set = sets?.find(({ attributes }) => attributes["name"] === wanted.variableSet);
  const variables = (set && (await api.list(`/varsets/${set.id}/relationships/vars`))) ?? [];
  return {
    projects: projects && idsByName(projects),
    agentPools: idsByName(pools ?? []),
    workspaces: new Map(workspaces.filter((one) => one !== undefined)),
    variableSet: set && {
      id: set.id,
      variables: new Map(variables.map(({ id, attributes }) => [String(attributes["key"]), id])),
      workspaces: references(await api.get(`/varsets/${set.id}`), "workspaces"),
    },
  };
}

async function foundWorkspace(api: CloudApi, object: CloudObject): Promise<FoundWorkspace> {
  const { id, attributes } = object;
  const inbound = encodeURIComponent("filter[run-trigger][type]");
  const triggers = await api.list(`/workspaces/${id}/run-triggers?${inbound}=inbound`);
  return {
    id,
    execution: String(attributes["execution-mode"]),
    agentPool: agentPoolOf(object),
    project: reference(object, "project"),
    terraformVersion: String(attributes["terraform-version"]),
    tags: (attributes["tag-names"] as string[] | null | undefined) ?? [],
    triggeredBy: triggers?.map((one) => reference(one, "sourceable") ?? ""),
  };
}

const idsByName = (objects: readonly CloudObject[]): Map<string, string> =>
  new Map(objects.map(({ id, attributes }) => [String(attributes["name"]), id]));

function references(object: CloudObject | undefined, name: string): string[] {
  const data = object?.relationships?.[name]?.data;
  return Array.isArray(data) ? data.map(({ id }: { id: string }) => id) : [];
}
