import type { V1Node } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { internalAddresses } from "../load-balancers";
import type { Note, Written } from "./note";

/** An entry of `nodes`, as it is written. */
export interface WrittenNode {
  readonly name: string;
  /** Absent where Kubernetes has none; `check` then asks for it. */
  readonly address?: string;
  readonly role?: "control-plane";
  readonly hostKey?: string;
}

export const controlPlaneLabel = "node-role.kubernetes.io/control-plane";

const controlPlaneLabels = [controlPlaneLabel, "node-role.kubernetes.io/master"];

/** The labels that a node has. */
export const labelsOf = ({ metadata }: V1Node): Readonly<Record<string, string>> => metadata?.labels ?? {};

export const isControlPlane = (node: V1Node): boolean => controlPlaneLabels.some((label) => label in labelsOf(node));

const isWindows = (node: V1Node): boolean => labelsOf(node)["kubernetes.io/os"] === "windows";

const isReady = ({ status }: V1Node): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true;

/**
 * The cluster's nodes, those of the control plane first, since kubectl runs on the first of them: one that is Ready.
 * @param hostKeys are those that are known, by the nodes' addresses.
 */
export function writtenNodes(
  found: readonly V1Node[],
  hostKeys: ReadonlyMap<string, string> = new Map(),
): Written<readonly WrittenNode[]> {
  const rank = (node: V1Node) => (isControlPlane(node) ? 0 : 2) + (isReady(node) ? 0 : 1);
  // What has no role has its place by name alone.
  const nodes = found
    .filter((node) => !isWindows(node))
    .sort((a, b) => (isControlPlane(a) || isControlPlane(b) ? rank(a) - rank(b) : 0) || byName(a, b));
  const windows = found.filter(isWindows).map(nameOf);
  const known = new Set(nodes.flatMap(allAddresses));
  const notes: Note[] = [
    ...[...hostKeys.keys()]
      .filter((address) => !known.has(address))
      .map((address) => ({
        path: ["nodes"],
        text: `${address} is an address of none of these, so its host key is not recorded: npx baremetal-lb trust.`,
      })),
    ...nodes.flatMap((node, index) => ofNode(node).map((note) => ({ path: ["nodes", index], ...note }))),
    ...(windows.length === 0
      ? []
      : [{ path: ["nodes"], text: `Left out, since the stacks prepare Linux nodes only: ${windows.join(", ")}.` }]),
    ...(nodes.some(isControlPlane)
      ? []
      : [
          {
            path: ["nodes"],
            text: "No node has the label of a control-plane node: write role: control-plane for one on which kubectl may run as an administrator (kubernetes.nodeKubeconfig), or none is managed.",
          },
        ]),
  ];
  return {
    value: nodes.map((node) => {
      const [address = ""] = addressesOf(node);
      const hostKey = allAddresses(node)
        .map((one) => hostKeys.get(one))
        .find((key) => key !== undefined);
      return {
        name: nameOf(node),
        ...(address !== "" && { address }),
        ...(isControlPlane(node) && { role: "control-plane" as const }),
        ...(hostKey !== undefined && { hostKey }),
      };
    }),
    notes,
  };
}

const nameOf = ({ metadata }: V1Node): string => metadata?.name ?? "";
const byName = (a: V1Node, b: V1Node): number => nameOf(a).localeCompare(nameOf(b), "en", { numeric: true });

/** Whatever Kubernetes calls an address of it. */
const allAddresses = (node: V1Node): string[] => (node.status?.addresses ?? []).map(({ address }) => address);

/** Where SSH may find it: what kubelet reports, or, where that is none, what a cloud says of it. */
const addressesOf = (node: V1Node): string[] => {
  const internal = internalAddresses(node);
  if (internal.length > 0) return internal;
  return (node.status?.addresses ?? []).filter(({ type }) => type === "ExternalIP").map(({ address }) => address);
};

function ofNode(node: V1Node): Omit<Note, "path">[] {
  const [address, ...others] = addressesOf(node);
  const name = nameOf(node);
  const external = address !== undefined && internalAddresses(node).length === 0;
  return [
    ...(isReady(node) ? [] : [{ text: `${name} is not Ready.` }]),
    ...(address === undefined
      ? [{ text: `Kubernetes has no address of ${name}: write the one that SSH reaches.` }]
      : []),
    ...(external ? [{ text: `${name} has no InternalIP, which verify compares with: this is its ExternalIP.` }] : []),
    ...(others.length > 0 ? [{ text: `${name} has ${others.join(", ")}, too.`, quiet: true }] : []),
  ];
}
