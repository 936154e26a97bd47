import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ClusterConfig } from "../../cluster/schema";
import { stackNames } from "../../cluster/stack-names";
import { restartId } from "../../stacks/kube-proxy/addresses";
import { kubeProxy } from "../../stacks/kube-proxy/names";
import { connectKubernetes } from "../../remote/kubernetes/connect";
import { removedWithUs } from "../../remote/interruption";
import { planStack, type ResourceChange, type StackPlan } from "../../remote/terraform/plan";
import { type Project, synthesise } from "../../remote/terraform/project";
import { addressesInState } from "../../remote/terraform/state";
import { refuseStateElsewhere } from "../../stacks/shared/state-elsewhere";
import { terraformFor } from "../../remote/cloud/cluster-terraform";
import type { Terraform } from "../../remote/terraform/terraform";
import { describeChanges, subjectOf } from "../differences";
import { findInstallations, ownInstallation } from "../metallb/installation";
import { letPass } from "./gate";
import { adoptableRelease, readRelease, removeReplaced, replacedObjects } from "./helm-release";
import { checkVersion, findImports, importFile, refuseReadSecrets, refuseShownKey } from "./imports";
import { synthesisedObjects } from "./synthesised-objects";
import { UserError } from "../../values/user-error";

/** What adopting would do, in words; nothing in it is a secret. */
export interface AdoptionReport {
  readonly imports: readonly string[];
  /** What of the imported objects would be changed. */
  readonly changes: readonly string[];
  /** What is declared and does not exist. */
  readonly creates: readonly string[];
  /** Workloads whose pods would be restarted, one after the other. */
  readonly restarts: readonly string[];
  /** The Helm release whose place is taken, and what of it is deleted, since it has another name here. @default none */
  readonly release?: { readonly name: string; readonly deletes: readonly string[] };
}

export interface Adoption {
  readonly report: AdoptionReport;
  /** What to apply, in this order; nothing where there is nothing to adopt. */
  readonly planned: readonly StackPlan[];
  readonly terraform: Terraform;
  /** What is to be done before the plan of a stack is applied. */
  readonly before: (stack: string) => Promise<void>;
}

export interface AdoptOptions {
  readonly config: ClusterConfig;
  readonly project: Project;
  readonly home: string;
  /** Says something to the user meanwhile. @default nothing is said */
  readonly say?: (text: string) => void;
  readonly scratch: string;
}

/**
 * The stacks that have objects which may be there already: MetalLB's, of 0.9 to 0.12 the last one only; and of kube-proxy,
 * where a state was lost, its original settings and the record of its proof.
 */
const adoptedStacks = ["kube-proxy", "metallb-crds", "address-pools", "metallb"];

/** The one with controller and speakers: before it is applied, those of a Helm release have to go. */
const lastStack = "metallb";

/**
 * Lends the plans of the stacks with an import block for each object that exists already. The stacks are
 * synthesised into a folder of its own beside the project's output (so that the state's relative path is the same),
 * which is gone afterwards: the memberlist secret's value stands in it.
 * @throws UserError, too if anything would be destroyed.
 */
export async function withAdoption<T>(options: AdoptOptions, work: (adoption: Adoption) => Promise<T>): Promise<T> {
  const { config, project, home, say, scratch } = options;
  const terraform = await terraformFor(config, stackNames(config), { environment: project.environment, home, say });
  const outdir = `${project.outdir}.adopt`;
  await rm(outdir, { recursive: true, force: true });
  const keep = removedWithUs(outdir);
  try {
    await mkdir(outdir, { recursive: true, mode: 0o700 });
    await chmod(outdir, 0o700);
    const api = await connectKubernetes(config.kubernetes.credentials, { home, environment: project.environment });
    const found = await findInstallations(api);
    const releaseName = adoptableRelease(found, config.metallb);
    if (found.other !== undefined && releaseName === undefined) {
      throw new UserError(`nothing was adopted: ${found.other}`);
    }
    await checkVersion(api, config.metallb.version, releaseName === undefined ? ownInstallation : found.metallb);
    const release = releaseName === undefined ? undefined : await readRelease(api, releaseName);
    const stacks = await synthesise({ ...project, outdir });
    refuseStateElsewhere(
      config,
      stacks.map(({ name }) => ({ outdir: project.outdir, stack: name })),
    );
    const adopted = stacks
      .filter(({ name }) => adoptedStacks.includes(name))
      .map((stack) => ({ stack, objects: synthesisedObjects(stack) }));
    const declared = new Set(adopted.flatMap(({ objects }) => objects.map(({ path }) => path)));
    const replaced = release === undefined ? [] : replacedObjects(release, declared);
    const planned: StackPlan[] = [];
    for (const { stack, objects } of adopted) {
      const inState = await addressesInState(terraform, stack);
      const { command } = terraform.program;
      const imports = await findImports(api, stack.name, objects, inState, command);
      const takesPlace = release !== undefined && stack.name === lastStack;
      if (imports.length === 0 && !takesPlace) continue;
      if (release !== undefined) letPass(stack);
      refuseReadSecrets(imports, config.metallb);
      refuseShownKey(imports, terraform.server);
      await writeFile(join(stack.folder, "import.tf.json"), importFile(imports), { mode: 0o600 });
      planned.push(await planStack(terraform, stack, { out: join(scratch, `adopt-${stack.name}.tfplan`) }));
    }
    return await work({
      report: {
        ...describeAdoption(planned.flatMap(({ changes }) => changes)),
        ...(release && { release: { name: release.name, deletes: replaced.map(({ text }) => text) } }),
      },
      planned,
      terraform,
      before: async (stack) => {
        if (release !== undefined && stack === lastStack) await removeReplaced(api, release, replaced);
      },
    });
  } finally {
    await rm(outdir, { recursive: true, force: true });
    keep();
  }
}

/** @throws UserError if anything would be destroyed. */
export function describeAdoption(changes: readonly ResourceChange[]): AdoptionReport {
  const destroyed = changes.filter(({ change }) => change.actions.includes("delete")).map(subjectOf);
  if (destroyed.length > 0) {
    throw new UserError(
      `adopting would destroy ${destroyed.join(", ")}, nothing was changed: declare what the cluster has, then adopt`,
    );
  }
  const imported = changes.filter(({ change }) => change.importing !== undefined);
  const updated = changes.filter(({ change }) => change.actions.includes("update"));
  return {
    imports: imported.map(subjectOf),
    changes: describeChanges(updated.map((one) => ({ ...one, change: { ...one.change, importing: undefined } }))),
    creates: changes.filter(({ change }) => change.actions.includes("create")).map(subjectOf),
    restarts: [
      ...(changes.some(restartsKubeProxy) ? [`DaemonSet ${kubeProxy.namespace}/${kubeProxy.name}`] : []),
      ...updated.filter(changesItsPods).map(subjectOf),
    ],
  };
}

const restartsKubeProxy = ({ address, change }: ResourceChange): boolean =>
  address === restartId.address && change.actions.includes("create");

function changesItsPods({ type, change: { before, after } }: ResourceChange): boolean {
  if (!["kubernetes_daemon_set_v1", "kubernetes_deployment_v1"].includes(type)) return false;
  const template = (values: Record<string, unknown> | null) =>
    JSON.stringify((values?.spec as { template?: unknown }[] | undefined)?.[0]?.template);
  return template(before) !== template(after);
}
