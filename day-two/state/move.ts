import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { ClusterConfig } from "../../cluster/schema";
import { removedWithUs } from "../../remote/interruption";
import { type Project, synthesise } from "../../remote/terraform/project";
import type { Stack } from "../../remote/terraform/stack";
import {
  emptyState,
  managedResources,
  pullState,
  pushState,
  snapshotOf,
  type StateSnapshot,
  withSerial,
} from "../../remote/terraform/state-transfer";
import { Terraform } from "../../remote/terraform/terraform";
import { stateFile } from "../../stacks/shared/local-state";
import { forgetInitialisation } from "../../stacks/shared/state-elsewhere";
import {
  type ClusterState,
  isSamePlace,
  placeText,
  type StateBlock,
  stateBlock,
  terraformBlock,
} from "../../stacks/shared/state-block";
import { oldestTerraform, oldestTerraformFor } from "../../stacks/shared/terraform-versions";
import { UserError, userMessage } from "../../values/user-error";

/**
 * What is to be done with a stack's state. copy: all of it; empty: it is at the new place already, and still at the old one;
 * nothing: there is none at the old place.
 */
export type MoveStep = "copy" | "empty" | "nothing";

/** What moving a stack's state means. */
export interface StateMove {
  readonly stack: string;
  readonly from: string;
  readonly to: string;
  /** How many resources it has, without data sources; where there is nothing to move, how many are at the new place. */
  readonly resources: number;
  readonly step: MoveStep;
}

/** What `state move` is about to do. */
export interface PlannedMove {
  readonly moves: readonly StateMove[];
  /** The folder that gets a copy of each state as it was. */
  readonly backup: string;
  /** Moves one stack's state. @throws UserError with what to do; to run the command again is always safe. */
  move(move: StateMove): Promise<void>;
}

export interface MoveOptions {
  /** Where the states are. */
  readonly from: ClusterState;
  /** Says where they are to be. */
  readonly config: ClusterConfig;
  readonly project: Project;
  readonly now: Date;
}

/** A stack's state at both places. */
interface StackStates {
  readonly stack: Stack;
  readonly from: Place;
  readonly to: Place;
  readonly step: MoveStep;
}

interface Place {
  /** Where Terraform runs, with this place as its backend. */
  readonly stack: Stack;
  readonly block: StateBlock;
  readonly state: StateSnapshot | undefined;
}

/**
 * Lends the move of all stacks' states from one place to another. Each is copied, compared, and only then replaced at the old
 * place by an empty one that says where it went: at any moment it can be ended, and begun again. Terraform keeps both from
 * those who use them: it takes the lock for each write, and refuses one over a state that has changed meanwhile.
 * @throws UserError where a place has a state that is not part of the move
 */
export async function withStateMove<T>(options: MoveOptions, work: (planned: PlannedMove) => Promise<T>): Promise<T> {
  const { from, config, project, now } = options;
  // Beside the output, so that a local state's relative path is the same. The states stand in them for moments.
  const folders = { new: `${project.outdir}.move`, old: `${project.outdir}.move-from` };
  const kept = Object.values(folders).map(removedWithUs);
  // Ctrl-C is for Terraform, too, which has it from the terminal; the move ends behind the stack that it is at.
  let isInterrupted = false;
  const interrupt = () => void (isInterrupted = true);
  process.on("SIGINT", interrupt);
  const goOn = (stack: string) => {
    if (isInterrupted) throw new UserError(`interrupted before the stack ${stack}: run this command again to go on`);
  };
  const remove = () => Promise.all(Object.values(folders).map((one) => rm(one, { recursive: true, force: true })));
  try {
    await remove();
    for (const one of Object.values(folders)) {
      await mkdir(one, { recursive: true, mode: 0o700 });
      await chmod(one, 0o700);
    }
    const terraform = new Terraform({ ...project.environment, ...(await oneCopyOfProviders(project, folders.new)) });
    const synthesised = await synthesise({ ...project, outdir: folders.new });
    const states: StackStates[] = [];
    for (const stack of synthesised) {
      goOn(stack.name);
      const [old, declared] = [
        await placeAt(terraform, stack, join(folders.old, "stacks", stack.name), from),
        await placeAt(terraform, stack, stack.folder, config),
      ];
      const known = { last: await lastBackup(options, stack.name), command: terraform.program.command };
      states.push({ stack, from: old, to: declared, step: stepFor({ stack, from: old, to: declared }, known) });
    }
    const backup = join(dirname(stateFileOf(options, "any")), `moved-${now.toISOString().replace(/[:.]/g, "-")}`);
    const result = await work({
      moves: states.map(described),
      backup,
      move: async ({ stack: name }) => {
        goOn(name);
        const found = states.find(({ stack }) => stack.name === name);
        if (found !== undefined) await moveState(terraform, found, { ...options, backup });
      },
    });
    // Otherwise they stay: a message may name a command that unlocks a state from there.
    await remove();
    return result;
  } finally {
    process.off("SIGINT", interrupt);
    kept.forEach((keep) => keep());
  }
}

const stateFileOf = ({ config, project }: Pick<MoveOptions, "config" | "project">, stack: string) =>
  stateFile(config.name, { outdir: project.outdir, stack });

/** Each stack is initialised twice: with providers that are fetched once, where the user has no cache of them. */
async function oneCopyOfProviders({ environment }: Project, folder: string): Promise<Record<string, string>> {
  if (environment.TF_PLUGIN_CACHE_DIR) return {};
  const cache = join(folder, "plugins");
  await mkdir(cache, { recursive: true });
  return { TF_PLUGIN_CACHE_DIR: cache, TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: "1" };
}

/** Makes a folder in which Terraform knows one place, and nothing else of the stack, and reads the state there. */
async function placeAt(terraform: Terraform, stack: Stack, folder: string, props: ClusterState): Promise<Place> {
  const text = await readFile(join(stack.folder, "cdk.tf.json"), "utf8");
  const { terraform: settings } = JSON.parse(text) as { terraform: Record<string, unknown> };
  const block = stateBlock(props, { outdir: dirname(dirname(folder)), stack: stack.name });
  const { required_providers } = settings;
  const required_version = `>= ${oldestTerraformFor(block.type) ?? oldestTerraform}`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(
    join(folder, "cdk.tf.json"),
    JSON.stringify({ terraform: { required_version, required_providers, ...terraformBlock(block) } }),
  );
  const place = { name: stack.name, folder };
  return { stack: place, block, state: await pullState(terraform, place) };
}

const described = ({ stack, from, to, step }: StackStates): StateMove => ({
  stack: stack.name,
  from: placeText(from.block),
  to: placeText(to.block),
  resources: count(step === "nothing" ? to.state : from.state),
  step,
});

const count = (state: StateSnapshot | undefined): number => (state === undefined ? 0 : managedResources(state));

/** Whether two states say the same, as parts of one history. */
const isSame = (a: StateSnapshot | undefined, b: StateSnapshot | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  a.lineage === b.lineage &&
  isDeepStrictEqual(a.resources ?? [], b.resources ?? []) &&
  isDeepStrictEqual(a.outputs ?? {}, b.outputs ?? {});

interface Known {
  /** The state as it was when it was moved last: which of two that differ was not changed since. */
  readonly last: StateSnapshot | undefined;
  /** What people type to start Terraform. */
  readonly command: string;
}

function stepFor({ stack, from, to }: Omit<StackStates, "step">, { last, command }: Known): MoveStep {
  if (isSamePlace(from.block, to.block)) {
    throw new UserError(
      `${placeText(to.block)} is where the state of the stack ${stack.name} was and is to be: there is nothing to move. Was it elsewhere, name the cluster.yaml as it was with --from`,
    );
  }
  if (count(from.state) === 0) return "nothing";
  if (count(to.state) === 0 || isSame(to.state, last)) return isSame(from.state, to.state) ? "empty" : "copy";
  if (isSame(from.state, to.state) || isSame(from.state, last)) return "empty";
  const [here, there] = [from, to].map(({ block, state }) => `${placeText(block)} (${numbers(state)})`);
  const how =
    from.state?.lineage === to.state?.lineage
      ? "both went on after one was copied"
      : "they have nothing to do with each other";
  throw new UserError(
    `there are two states of the stack ${stack.name}, in ${here} and in ${there}, and ${how}: look which one is right (${command} state pull), and remove the other one. Nothing was moved`,
  );
}

const numbers = (state: StateSnapshot | undefined): string =>
  `${count(state)} resources, serial ${state?.serial}, lineage ${state?.lineage}`;

async function moveState(
  terraform: Terraform,
  { stack, from, to, step }: StackStates,
  { project, backup, now }: MoveOptions & { readonly backup: string },
): Promise<void> {
  const { state } = from;
  if (state === undefined || step === "nothing") return;
  await mkdir(backup, { recursive: true, mode: 0o700 });
  // Under its name once it is whole: it is read by the next move.
  const copy = join(backup, `${stack.name}.tfstate`);
  await writeFile(`${copy}.part`, state.text, { mode: 0o600 });
  await rename(`${copy}.part`, copy);
  if (step === "copy") {
    // Changes nothing but the serial; is refused where another run holds the lock, or has gone on. Of one serial Terraform
    // takes states for different ones that differ in the order of their checks, which it writes as they come.
    await pushState(terraform, from.stack, withSerial(state, state.serial + 1));
    await copyState(terraform, state, to);
    const arrived = await pullState(terraform, to.stack);
    if (!isSame(state, arrived) || (arrived?.serial ?? 0) < state.serial) {
      throw new UserError(
        `the state of the stack ${stack.name} did not come to ${placeText(to.block)} as it was (${numbers(state)}; there: ${numbers(arrived)}): it is still in ${placeText(from.block)}, use that`,
      );
    }
  } else await refuseOnePlace(terraform, { stack, from, to });
  const left = await pullState(terraform, from.stack);
  const movedTo = `${placeText(to.block)}, on ${now.toISOString()}`;
  await pushState(terraform, from.stack, emptyState(state.lineage, (left ?? state).serial + 1, movedTo)).catch(
    (error: unknown) => {
      throw new UserError(
        `${userMessage(error)}\nThe stack ${stack.name} still has its state in ${placeText(from.block)}; what is in ${placeText(to.block)} is a copy. Run this command again before anybody deploys`,
      );
    },
  );
  forgetInitialisation({ outdir: project.outdir, stack: stack.name });
}

/**
 * Two addresses may lead to one place, as two names of a server do, and what is emptied there would be the only state. So the
 * new place is written to once more, which changes nothing but the serial, and the old one must not show it.
 */
async function refuseOnePlace(terraform: Terraform, { stack, from, to }: Omit<StackStates, "step">): Promise<void> {
  const { state } = to;
  if (state === undefined) return;
  await pushState(terraform, to.stack, withSerial(state, state.serial + 1));
  const seen = await pullState(terraform, from.stack);
  if (seen?.serial === from.state?.serial) return;
  throw new UserError(
    `the state of the stack ${stack.name} changed in ${placeText(from.block)} when it was written to ${placeText(to.block)}: if nobody deployed meanwhile, these are one place, the state is there, and there is nothing to move. Nothing was removed`,
  );
}

async function copyState(terraform: Terraform, source: StateSnapshot, { stack, state }: Place): Promise<void> {
  // Terraform gives the first state of a place a lineage of its own, whatever it is given: then one that is empty.
  if (state === undefined) await pushState(terraform, stack, emptyState(source.lineage, 0));
  const follows = state?.lineage === source.lineage;
  const serial = follows ? Math.max(source.serial, state.serial + 1) : source.serial;
  // Without resources: what was left there says where another history went, or was destroyed.
  const force = state !== undefined && !follows;
  await pushState(terraform, stack, withSerial(source, serial), { force });
}

/** The copy that the last move of a stack's state made. */
async function lastBackup(options: MoveOptions, stack: string): Promise<StateSnapshot | undefined> {
  const folder = dirname(stateFileOf(options, stack));
  const names = await readdir(folder).catch(() => []);
  const newest = names
    .filter((name) => name.startsWith("moved-"))
    .sort()
    .reverse();
  for (const name of newest) {
    const text = await readFile(join(folder, name, `${stack}.tfstate`), "utf8").catch(() => undefined);
    if (text !== undefined) return snapshotOf(text);
  }
  return undefined;
}
