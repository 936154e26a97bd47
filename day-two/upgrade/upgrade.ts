import type { V1Node } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { join } from "node:path";
import { type BgpType, isKnown, usesCustomResources } from "../../stacks/metallb/release/releases";
import type { ClusterConfig } from "../../cluster/schema";
import { stackNames } from "../../cluster/stack-names";
import type { MetallbConfig } from "../../stacks/metallb/schema/metallb";
import { excludedNodes, excludeLabel, leavesOutExcluded, withEveryAddress } from "../load-balancers";
import { apiProblem, connectKubernetes } from "../../remote/kubernetes/connect";
import { planStack, type ResourceChange } from "../../remote/terraform/plan";
import { type Project, synthesise } from "../../remote/terraform/project";
import type { Stack } from "../../remote/terraform/stack";
import { addressesInState } from "../../remote/terraform/state";
import { terraformFor } from "../../remote/cloud/cluster-terraform";
import type { Terraform } from "../../remote/terraform/terraform";
import { describeChanges, subjectOf } from "../differences";
import { waitsForAnother } from "../stack-order";
import { findInstallations, type Installation } from "../metallb/installation";
import { runningBgpType, runningVersion } from "../metallb/running-version";
import { changesBetween, changesOfBgpType, hasBgp } from "./changes-between";
import { declaredSubjects, subjectAt } from "./declared-subjects";
import {
  type LosingService,
  losingServices,
  type OlderAnnotations,
  olderAnnotations,
  silencedServices,
} from "./services";
import { isOlder } from "../../values/versions";
import { UserError, userMessage } from "../../values/user-error";

/** What a stack's deploy would do. */
export interface StackUpgrade {
  readonly stack: string;
  /** Whether Terraform could plan it. Where not, `creates`, `keeps` and `removes` are declared objects beside the state's. */
  readonly planned: boolean;
  readonly creates: readonly string[];
  /** What would be changed in place, in words. Only where it could be planned. */
  readonly changes: readonly string[];
  readonly replaces: readonly string[];
  readonly removes: readonly string[];
  /** What is there already, and is brought to what is declared. Only where it could not be planned. */
  readonly keeps: readonly string[];
  /** Why it could not be planned, where that is no matter of the order of the stacks. */
  readonly error?: string;
}

/** up-to-date: that version runs; upgrade: another one does; failed: a part could not be found out. */
export type UpgradeStatus = "up-to-date" | "upgrade" | "failed";

/** What the move to the declared version of MetalLB would do. */
export interface UpgradeReport {
  readonly cluster: string;
  /** The version that runs. */
  readonly from: string;
  /** The version that is declared. */
  readonly to: string;
  /** How BGP is done, where that changes. */
  readonly bgpType?: { readonly from: BgpType; readonly to: BgpType };
  readonly status: UpgradeStatus;
  /** What makes it: a command, or where it is to be made. */
  readonly how: string;
  /** What Terraform would do; nothing where MetalLB is not these stacks', such as a Helm release. */
  readonly stacks: readonly StackUpgrade[];
  /** What breaks or changes between the two versions. */
  readonly warnings: readonly string[];
  /** How long an address may be silent, and why. */
  readonly silence: readonly string[];
  /** What stays. */
  readonly stays: readonly string[];
  readonly olderAnnotations: readonly OlderAnnotations[];
  readonly losing: readonly LosingService[];
}

export interface UpgradeOptions {
  readonly config: ClusterConfig;
  readonly project: Project;
  readonly home: string;
  /** Says something to the user meanwhile. @default nothing is said */
  readonly say?: (text: string) => void;
  /** A folder of this user alone, for the plans: they hold secrets. */
  readonly scratch: string;
}

/**
 * What it would take to come from the MetalLB that runs to the declared one. Changes nothing.
 * @throws UserError where none runs, or the declared one cannot be come to.
 */
export async function findUpgrade(options: UpgradeOptions): Promise<UpgradeReport> {
  const { config, project, home, say } = options;
  const { metallb } = config;
  const environment = project.environment;
  const terraform = await terraformFor(config, stackNames(config), { environment, home, say });
  const api = await connectKubernetes(config.kubernetes.credentials, { home, environment });
  const { from, fromType, services, nodes, installations } = await Promise.all([
    findInstallations(api).then(
      async (found) =>
        [found, await runningVersion(api, found.metallb), await runningBgpType(api, found.metallb)] as const,
    ),
    api.core.listServiceForAllNamespaces(),
    api.get("/api/v1/nodes"),
  ]).then(
    ([[found, running, bgpType], { items }, nodes]) => ({
      nodes: (nodes as { items?: V1Node[] } | undefined)?.items ?? [],
      installations: found,
      from: running?.version,
      fromType: bgpType,
      services: items,
    }),
    (error: unknown) => {
      throw new UserError(apiProblem(error));
    },
  );
  const { metallb: installation, other, several } = installations;
  if (several && other !== undefined) throw new UserError(other);
  if (from === undefined) {
    throw new UserError("there is no MetalLB in the cluster to upgrade: npx cdktf deploy '*' installs it");
  }
  refuseOlderFamily(from, metallb);

  const common = {
    cluster: config.name,
    from,
    to: metallb.version,
    ...(fromType !== metallb.bgpType && { bgpType: { from: fromType, to: metallb.bgpType } }),
    how: howTo(installation, metallb),
  };
  const everyAddress = withEveryAddress(config.nodes, nodes);
  const none = { stacks: [], warnings: [], silence: [], stays: [] };
  const ofServices = {
    olderAnnotations: olderAnnotations(services, metallb),
    losing: [
      ...losingServices(services, metallb, everyAddress),
      ...silencedServices(services, metallb, { version: from, loadBalancerClass: classOf(installation) }, everyAddress),
    ],
  };
  if (from === metallb.version && common.bgpType === undefined)
    return { ...common, status: "up-to-date", ...none, ...ofServices };

  // Of another's, Terraform's plans know nothing.
  const stacks = installation.own ? await stackUpgrades(terraform, options) : [];
  return {
    ...common,
    status: stacks.some(({ error }) => error !== undefined) ? "failed" : "upgrade",
    stacks,
    warnings: [
      ...backwards(from, metallb),
      ...notCompared(metallb),
      ...changesBetween(from, metallb),
      ...changesOfBgpType(fromType, metallb),
      ...leftOut(from, config, excludedNodes(nodes)),
    ],
    silence: silence(metallb),
    stays: installation.own ? stays(from, metallb) : [],
    ...ofServices,
  };
}

/** The class of the Services that the controller looks after. */
const classOf = ({ workloads }: Installation): string | undefined =>
  workloads.find(({ loadBalancerClass }) => loadBalancerClass !== undefined)?.loadBalancerClass;

/** @throws UserError where the declared version does not read what the running one is configured by. */
function refuseOlderFamily(from: string, { version }: MetallbConfig): void {
  if (usesCustomResources(version) || isOlder(from, "0.13.0")) return;
  throw new UserError(
    `MetalLB ${from} runs, cluster.yaml declares ${version}: ${version} reads a ConfigMap and no custom resources, so there is no way down that keeps Services reachable. Stay with ${from}, or remove it first: docs/day-two.md, section "Back to MetalLB 0.9". Nothing was changed`,
  );
}

/** The command that makes the upgrade, or who has it. */
function howTo({ own, namespace, release }: Installation, { version }: MetallbConfig): string {
  if (own) return "npx cdktf deploy '*'";
  if (release === undefined) return "as it was installed, since it is not of these stacks";
  return `helm -n ${namespace} upgrade ${release} metallb/metallb --version ${version} --reuse-values, for upstream's chart: MetalLB is the Helm release ${release}`;
}

const backwards = (from: string, { version }: MetallbConfig): string[] =>
  isOlder(version, from)
    ? [`${version} is older than ${from}: upstream does not try this way, and what only ${from} knows is lost`]
    : [];

/** What is to be known of a version that is not in the table of releases. */
export const notCompared = ({ version }: Pick<MetallbConfig, "version">): string[] =>
  isKnown(version)
    ? []
    : [
        `${version} is declared by metallb.manifestSHA256, and none of the versions that the stacks know: its objects were compared with nothing, and what came with it is not told here`,
      ];

/** What the nodes that MetalLB leaves out from 0.14.2 on are in this cluster. */
function leftOut(from: string, { metallb, nodes }: ClusterConfig, excluded: readonly string[]): string[] {
  if (!leavesOutExcluded(metallb) || !isOlder(from, "0.14.2") || excluded.length === 0) return [];
  const all = nodes.every(({ name }) => excluded.includes(name));
  const who = all
    ? "every node has that label: no address would be announced"
    : `these nodes have it: ${excluded.join(", ")}`;
  return [`0.14.2: ${who}. Take the label ${excludeLabel} away, or set metallb.ignoreExcludeLB: true`];
}

/** How long an address is silent while pods are replaced. */
export function silence(metallb: MetallbConfig): string[] {
  return [
    "each speaker restarts once, one node after the other: an address is silent while the speaker that announces it restarts, a second or less in the lab",
    ...(hasBgp(metallb)
      ? [
          `a node's BGP sessions end when its ${metallb.bgpType === "frr-k8s" ? "frr-k8s" : "speaker"} does: routers take its routes back until it is there again`,
        ]
      : []),
  ];
}

function stays(from: string, { version }: MetallbConfig): string[] {
  const isMove = usesCustomResources(version) && isOlder(from, "0.13.0");
  return [
    isMove
      ? "Services keep their addresses: the pools are in the cluster before the first pod of the new version starts"
      : "Services keep their addresses",
    "the memberlist secret keeps its value",
  ];
}

async function stackUpgrades(terraform: Terraform, { project, scratch }: UpgradeOptions): Promise<StackUpgrade[]> {
  const stacks = await synthesise(project);
  const all = await Promise.all(stacks.map((stack) => stackUpgrade(terraform, stack, { stacks, scratch })));
  return all.filter(
    ({ planned, creates, changes, replaces, removes }) =>
      !planned || [creates, changes, replaces, removes].some((lines) => lines.length > 0),
  );
}

async function stackUpgrade(
  terraform: Terraform,
  stack: Stack,
  { stacks, scratch }: { readonly stacks: readonly Stack[]; readonly scratch: string },
): Promise<StackUpgrade> {
  const unplanned = {
    stack: stack.name,
    planned: false,
    creates: [],
    changes: [],
    replaces: [],
    removes: [],
    keeps: [],
  };
  try {
    const { changes } = await planStack(terraform, stack, { out: join(scratch, `${stack.name}.tfplan`) });
    return { stack: stack.name, planned: true, ...byAction(changes), keeps: [] };
  } catch (error) {
    const text = userMessage(error);
    if (!waitsForAnother(text, stacks)) return { ...unplanned, error: text };
    return { ...unplanned, ...(await besideState(terraform, stack)) };
  }
}

function byAction(changes: readonly ResourceChange[]) {
  const has = (wanted: string) => (one: ResourceChange) => one.change.actions.includes(wanted);
  const [create, remove] = [has("create"), has("delete")];
  const subjects = (wanted: (one: ResourceChange) => boolean) => changes.filter(wanted).map(subjectOf);
  const updated = changes.filter(has("update"));
  return {
    creates: subjects((one) => create(one) && !remove(one)),
    changes: updated.length === 0 ? [] : describeChanges(updated),
    replaces: subjects((one) => create(one) && remove(one)),
    removes: subjects((one) => remove(one) && !create(one)),
  };
}

/** Without a plan: what is declared, beside what the state has. */
async function besideState(terraform: Terraform, stack: Stack) {
  const declared = declaredSubjects(stack);
  const inState = new Set([...(await addressesInState(terraform, stack))].map(withoutIndex));
  const subjects = (wanted: (address: string) => boolean) =>
    [...declared].filter(([address]) => wanted(address)).map(([, subject]) => subject);
  return {
    creates: subjects((address) => !inState.has(address)),
    keeps: subjects((address) => inState.has(address)),
    removes: [...inState].filter((address) => !declared.has(address)).map(subjectAt),
  };
}

const withoutIndex = (address: string) => address.replace(/\[\d+\]$/, "");
