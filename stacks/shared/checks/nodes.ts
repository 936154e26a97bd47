import { parseAddress } from "../../../values/address-ranges";
import type { SharedDraft } from "../draft";
import type { Finding } from "../../../values/problem";
import { repeated } from "../../../values/repeated";

/** The nodes as a whole: one of them is a control-plane node, and none is there twice. */
export function checkNodes(draft: SharedDraft): Finding[] {
  const nodes = draft.nodes ?? [];
  return [...controlPlane(nodes), ...repeatedNames(nodes), ...repeatedAddresses(nodes)];
}

type Nodes = NonNullable<SharedDraft["nodes"]>;

function controlPlane(nodes: Nodes): Finding[] {
  // A role that is not valid may have been meant as control-plane.
  if (nodes.length === 0 || nodes.some((node) => node?.role !== "worker")) return [];
  return [
    {
      severity: "error",
      path: ["nodes"],
      given: `${nodes.length} ${nodes.length === 1 ? "worker" : "workers"}`,
      expected: "at least one control-plane node, on which kubectl runs",
      remedy: "set role: control-plane for each node that runs the API server",
    },
  ];
}

function repeatedNames(nodes: Nodes): Finding[] {
  return repeated(nodes.map((node) => node?.name)).map(({ value, index, firstIndex }) => ({
    severity: "error",
    path: ["nodes", index, "name"],
    given: JSON.stringify(value),
    expected: `a name that no other node has: nodes[${firstIndex}] has it too`,
    remedy: "write each node once, under the name that kubectl get nodes shows",
  }));
}

function repeatedAddresses(nodes: Nodes): Finding[] {
  const addresses = nodes.map((node) => node?.address);
  // One IPv6 address has many forms.
  return repeated(addresses, (address) => parseAddress(address)?.first).map(({ value, index, firstIndex }) => ({
    severity: "error",
    path: ["nodes", index, "address"],
    given: JSON.stringify(value),
    expected: `an address that no other node has: ${nodes[firstIndex]?.name ?? `nodes[${firstIndex}]`} has it too`,
    remedy: "correct one of the two",
  }));
}
