import type { CloudApi, CloudChange } from "../../remote/cloud/cloud-api";
import { ownName, type SensitiveVariable } from "../../stacks/shared/sensitive-variables";
import { UserError } from "../../values/user-error";
import type { FoundCloud, FoundWorkspace } from "./found";
import type { WantedCloud } from "./wanted";

/** Something of the server by what a person calls it, such as "workspace demo-nodes": its id may be known later only. */
export type Named = `${"project" | "agent pool" | "workspace" | "variable set"} ${string}`;

/** One call of the API. */
export interface SetupStep {
  /** What it does, in words. */
  readonly says: string;
  /** What it makes, whose id later steps need. */
  readonly makes?: Named;
  readonly change: (values: StepValues) => CloudChange;
}

/** What a step needs that is not in the configuration. */
export interface StepValues {
  readonly id: (named: Named) => string;
  readonly secret: (variable: SensitiveVariable) => string;
}

export interface SetupPlan {
  readonly steps: readonly SetupStep[];
  /** What is left to do for a person. */
  readonly notes: readonly string[];
  /** The ids that are known. */
  readonly known: ReadonlyMap<Named, string>;
}

export interface SetupOptions {
  /** Whether values of variables that are there are set anew. @default false: nobody can read what they are */
  readonly renew?: boolean | undefined;
  /**
   * Whether an apply of a stack has a run of the next one made, as runs on the server's page and VCS-driven ones need it.
   * With cdktf such a run may wait for an approval in front of cdktf's own. @default false
   */
  readonly triggers?: boolean | undefined;
}

/**
 * What has to be called to come from what a server has to what is wanted. Nothing is deleted.
 * @throws UserError where the server lacks what the configuration asks for.
 */
export function planSetup(
  wanted: WantedCloud,
  found: FoundCloud,
  { renew = false, triggers = false }: SetupOptions = {},
): SetupPlan {
  const { organization, project, agentPool, workspaces } = wanted;
  const root = `/organizations/${encodeURIComponent(organization)}`;
  if (project !== undefined && found.projects === undefined) {
    throw new UserError(`${wanted.hostname} has no projects: leave out state.project`);
  }
  const known = new Map<Named, string>();
  const keep = (named: Named, id: string | undefined) => void (id !== undefined && known.set(named, id));
  if (project !== undefined) keep(`project ${project}`, found.projects?.get(project));
  if (agentPool !== undefined) keep(`agent pool ${agentPool}`, found.agentPools.get(agentPool));
  for (const [name, { id }] of found.workspaces) keep(`workspace ${name}`, id);
  keep(`variable set ${wanted.variableSet}`, found.variableSet?.id);

  const ofPools: SetupStep[] = [
    ...(project === undefined
      ? []
      : [makeNamed(root, { named: `project ${project}`, type: "projects", name: project })]),
    ...(agentPool === undefined
      ? []
      : [makeNamed(root, { named: `agent pool ${agentPool}`, type: "agent-pools", name: agentPool })]),
  ].filter(({ makes }) => makes === undefined || !known.has(makes));
  const steps = [
    ...ofPools,
    ...workspaces.flatMap((workspace) => ofWorkspace(wanted, workspace, found.workspaces.get(workspace.name), known)),
    ...(wanted.variables.length === 0 ? [] : ofVariables(wanted, found, renew)),
    ...(triggers && wanted.execution !== "local" ? workspaces.slice(1) : []).flatMap((_, index) =>
      ofTrigger(wanted, index + 1, found),
    ),
  ];
  const pool = agentPool !== undefined && !known.has(`agent pool ${agentPool}`);
  const notes = pool
    ? [`the agent pool ${agentPool} is new: make a token on its page, and start an agent beside the nodes`]
    : [];
  return { steps, notes, known };
}

type Type = "projects" | "agent-pools";

const makeNamed = (
  root: string,
  one: { readonly named: Named; readonly type: Type; readonly name: string },
): SetupStep => ({
  says: `make the ${one.named}`,
  makes: one.named,
  change: () => ({
    method: "POST",
    path: `${root}/${one.type}`,
    body: { data: { type: one.type, attributes: { name: one.name } } },
  }),
});

type WantedWorkspace = WantedCloud["workspaces"][number];

function ofWorkspace(
  wanted: WantedCloud,
  { name, tags }: WantedWorkspace,
  found: FoundWorkspace | undefined,
  known: ReadonlyMap<Named, string>,
): SetupStep[] {
  const { execution, agentPool, project, terraformVersion } = wanted;
  const named: Named = `workspace ${name}`;
  const body = (id: StepValues["id"]) => ({
    data: {
      type: "workspaces",
      attributes: {
        name,
        "execution-mode": execution,
        ...(agentPool !== undefined && { "agent-pool-id": id(`agent pool ${agentPool}`) }),
        "terraform-version": terraformVersion,
      },
      ...(project !== undefined && {
        relationships: { project: { data: { type: "projects", id: id(`project ${project}`) } } },
      }),
    },
  });
  const different = found === undefined ? [] : differences(wanted, found, known);
  const untagged = tags.filter((tag) => found?.tags.includes(tag) !== true);
  const settings = [
    `execution ${execution}`,
    ...(agentPool === undefined ? [] : [`agent pool ${agentPool}`]),
    ...(project === undefined ? [] : [`project ${project}`]),
    `Terraform ${terraformVersion}`,
  ].join(", ");
  const root = `/organizations/${encodeURIComponent(wanted.organization)}/workspaces`;
  return [
    ...(found === undefined
      ? [
          {
            says: `make the ${named}: ${settings}`,
            makes: named,
            change: ({ id }: StepValues): CloudChange => ({ method: "POST", path: root, body: body(id) }),
          },
        ]
      : different.length === 0
        ? []
        : [
            {
              says: `change the ${named}: ${different.join(", ")}`,
              change: ({ id }: StepValues): CloudChange => ({
                method: "PATCH",
                path: `/workspaces/${id(named)}`,
                body: body(id),
              }),
            },
          ]),
    ...(untagged.length === 0
      ? []
      : [
          {
            says: `tag the ${named}: ${untagged.join(", ")}`,
            change: ({ id }: StepValues): CloudChange => ({
              method: "POST",
              path: `/workspaces/${id(named)}/relationships/tags`,
              body: { data: untagged.map((tag) => ({ type: "tags", attributes: { name: tag } })) },
            }),
          },
        ]),
  ];
}

function differences(wanted: WantedCloud, found: FoundWorkspace, known: ReadonlyMap<Named, string>): string[] {
  const { execution, agentPool, project, terraformVersion } = wanted;
  const isOther = (kind: "agent pool" | "project", name: string | undefined, id: string | undefined) =>
    name !== undefined && (id === undefined || known.get(`${kind} ${name}`) !== id);
  return [
    ...(found.execution === execution ? [] : [`execution ${found.execution} to ${execution}`]),
    ...(isOther("agent pool", agentPool, found.agentPool) ? [`agent pool to ${agentPool}`] : []),
    ...(isOther("project", project, found.project) ? [`project to ${project}`] : []),
    ...(found.terraformVersion === terraformVersion
      ? []
      : [`Terraform ${found.terraformVersion} to ${terraformVersion}`]),
  ];
}

function ofVariables(wanted: WantedCloud, { variableSet, workspaces }: FoundCloud, renew: boolean): SetupStep[] {
  const named: Named = `variable set ${wanted.variableSet}`;
  const root = `/organizations/${encodeURIComponent(wanted.organization)}/varsets`;
  const without = wanted.workspaces.filter(({ name }) => {
    const id = workspaces.get(name)?.id;
    return id === undefined || variableSet?.workspaces.includes(id) !== true;
  });
  const variables = wanted.variables.filter(({ key }) => renew || variableSet?.variables.has(key) !== true);
  return [
    ...(variableSet === undefined
      ? [
          {
            says: `make the ${named}`,
            makes: named,
            change: (): CloudChange => ({
              method: "POST",
              path: root,
              body: { data: { type: "varsets", attributes: { name: wanted.variableSet, global: false } } },
            }),
          },
        ]
      : []),
    ...variables.map(({ key, description }): SetupStep => {
      const there = variableSet?.variables.get(key);
      return {
        says: `${there === undefined ? "set" : "renew"} the sensitive variable ${key} of the ${named}, from ${ownName(key)}`,
        change: ({ id, secret }) => ({
          method: there === undefined ? "POST" : "PATCH",
          path: `/varsets/${id(named)}/relationships/vars${there === undefined ? "" : `/${there}`}`,
          body: {
            data: {
              type: "vars",
              // Of one that is there its value alone: not every server takes its key once more.
              ...(there === undefined
                ? {
                    attributes: {
                      key,
                      value: secret(key),
                      description,
                      category: "terraform",
                      hcl: false,
                      sensitive: true,
                    },
                  }
                : { id: there, attributes: { value: secret(key) } }),
            },
          },
        }),
      };
    }),
    ...(without.length === 0
      ? []
      : [
          {
            says: `give the ${named} to ${without.map(({ name }) => name).join(", ")}`,
            change: ({ id }: StepValues): CloudChange => ({
              method: "POST",
              path: `/varsets/${id(named)}/relationships/workspaces`,
              body: { data: without.map(({ name }) => ({ type: "workspaces", id: id(`workspace ${name}`) })) },
            }),
          },
        ]),
  ];
}

/** A run of a workspace when one of the workspace before it was applied. */
function ofTrigger(wanted: WantedCloud, index: number, found: FoundCloud): SetupStep[] {
  const [source, target] = [wanted.workspaces[index - 1], wanted.workspaces[index]];
  if (source === undefined || target === undefined) return [];
  const sourceId = found.workspaces.get(source.name)?.id;
  const there = found.workspaces.get(target.name);
  if (sourceId !== undefined && there?.triggeredBy?.includes(sourceId) === true) return [];
  return [
    {
      says: `have each apply of ${source.name} trigger a run of ${target.name}`,
      change: ({ id }) => ({
        method: "POST",
        path: `/workspaces/${id(`workspace ${target.name}`)}/run-triggers`,
        body: {
          data: {
            type: "run-triggers",
            relationships: { sourceable: { data: { type: "workspaces", id: id(`workspace ${source.name}`) } } },
          },
        },
      }),
    },
  ];
}

/** What each step would call, with names in the place of what is not known yet. */
export function printedCalls({ steps, known }: SetupPlan): string {
  const values: StepValues = {
    id: (named) => known.get(named) ?? `<id of the ${named}>`,
    secret: (variable) => `<${ownName(variable)}>`,
  };
  const calls = steps.map(({ says, change }) => {
    const { method, path, body } = change(values);
    return `# ${says}\n${method} /api/v2${path}\n${JSON.stringify(body, null, 2)}\n`;
  });
  return calls.join("\n");
}

/**
 * Makes the calls, one after the other.
 * @param secret gives the value of a variable; throws UserError where there is none.
 * @param done is told what each step did.
 */
export async function setUp(
  api: CloudApi,
  { steps, known }: SetupPlan,
  { secret, done }: { readonly secret: StepValues["secret"]; readonly done: (says: string) => void },
): Promise<void> {
  const ids = new Map(known);
  const id = (named: Named) => {
    const found = ids.get(named);
    if (found === undefined) throw new Error(`no step made the ${named}`);
    return found;
  };
  for (const { says, makes, change } of steps) {
    const made = await api.change(change({ id, secret }));
    if (makes !== undefined && made !== undefined) ids.set(makes, made.id);
    done(says);
  }
}
