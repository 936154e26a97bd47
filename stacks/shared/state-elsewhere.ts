import { existsSync, readFileSync, rmSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { ConfigurationError, type Problem } from "../../values/problem";
import { resourcesInLocalState, stateFile } from "./local-state";
import { folderOf, type StackFolder } from "./stack-folder";
import { type ClusterState, isSamePlace, placeText, type StateBlock, stateBlock } from "./state-block";

const moveIt = "npx baremetal-lb state move takes it along (docs/state.md)";

/** A local state that still has resources, while it is declared to be elsewhere. */
export function leftBehind({ name, state }: ClusterState, folder: StackFolder): Problem | undefined {
  const count = state.backend === "local" ? 0 : resourcesInLocalState(name, folder);
  if (count === 0) return undefined;
  const found =
    count === "encrypted"
      ? "an encrypted local state"
      : `a local state of ${count} ${count === 1 ? "resource" : "resources"}`;
  return {
    severity: "warning",
    file: stateFile(name, folder),
    path: "",
    given: `${found}, with state.backend: ${state.backend}`,
    expected: `none: a deploy makes anew what the state in ${placeText(stateBlock({ name, state }, folder))} does not have`,
    remedy: `${moveIt}; or write backend: local again; or, if it was moved${count === "encrypted" ? ", move the file away, since an encrypted one does not show that it is empty" : " by hand, move the file away"}`,
  };
}

/**
 * For what changes the cluster: with the state at another place it would bring old keys back, or make all anew.
 * @throws ConfigurationError where a stack's state was not moved to the declared place
 */
export function refuseStateElsewhere(props: ClusterState, folders: readonly StackFolder[]): void {
  const problems = folders.flatMap((folder) => [
    ...asErrors(leftBehind(props, folder)),
    ...asErrors(initialisedElsewhere(props, folder)),
  ]);
  if (problems.length > 0) throw new ConfigurationError(problems);
}

const asErrors = (problem: Problem | undefined): Problem[] =>
  problem === undefined ? [] : [{ ...problem, severity: "error" }];

/**
 * What stands between a stack's folder and the declared state: Terraform noted there where the state was when it worked in
 * it last, and would not go on with another one. A note of another cluster's state is removed, or Terraform would offer to
 * copy the one over the other; so is one of the same state, reached in another way.
 * @returns an error where it is this cluster's, in another place
 */
export function initialisedElsewhere(props: ClusterState, folder: StackFolder): Problem | undefined {
  const file = noteFile(folder);
  const noted = existsSync(file) ? noteIn(readFileSync(file, "utf8")) : undefined;
  const declared = stateBlock(props, folder);
  if (noted === undefined || isSame(noted, declared)) return undefined;
  const isOurs = ownerOf(noted, folder.stack) === ownerOf(declared, folder.stack);
  if (!isOurs || isSamePlace(noted, declared)) {
    rmSync(file);
    return undefined;
  }
  return {
    severity: "error",
    file,
    path: "",
    given: `the note that the state of the stack ${folder.stack} is in ${placeText(noted)}`,
    expected: `${placeText(declared)}, as state.backend: ${declared.type} says`,
    remedy: `${moveIt}; or declare the former place again; or, if it was moved, remove this file`,
  };
}

const noteFile = (folder: StackFolder): string => join(folderOf(folder), ".terraform", "terraform.tfstate");

/** Removes Terraform's note of where a stack's state is, once it is elsewhere. */
export const forgetInitialisation = (folder: StackFolder): void => rmSync(noteFile(folder), { force: true });

function noteIn(text: string): StateBlock | undefined {
  const { backend } = JSON.parse(text) as { backend?: { type: StateBlock["type"]; config: Record<string, unknown> } };
  return backend && { type: backend.type, arguments: backend.config };
}

/** Whether the second one's arguments are the first one's, which has those, too, that were not given. */
const isSame = (noted: StateBlock, declared: StateBlock): boolean =>
  noted.type === declared.type &&
  Object.keys({ ...withoutNothing(noted.arguments), ...declared.arguments }).every((key) =>
    isDeepStrictEqual(given(noted.arguments[key]), given(declared.arguments[key])),
  );

const withoutNothing = (values: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => [key, given(value)]),
  );

const given = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? withoutNothing(value) : (value ?? undefined);

/** The cluster, or the prefix, in a state's name. */
function ownerOf({ type, arguments: all }: StateBlock, stack: string): string | undefined {
  const workspaces = all.workspaces as { name?: string } | undefined;
  const named: Readonly<Record<StateBlock["type"], unknown>> = {
    local: all.path,
    cloud: workspaces?.name,
    s3: all.key,
    pg: all.schema_name,
    kubernetes: all.secret_suffix,
    http: all.address,
  };
  return new RegExp(`(?:^|/)([^/]+)[-/]${stack}(?:\\.tfstate)?$`).exec(String(named[type]))?.[1];
}
