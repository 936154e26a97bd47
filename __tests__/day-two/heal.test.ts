import { destroyedBy, replacements } from "../../day-two/heal";
import type { NodeDrift } from "../../day-two/drift";
import { fault } from "../faults";

const node = (name: string, ...stacks: ("nodes" | "kube-proxy")[]): NodeDrift => ({
  node: name,
  status: stacks.length > 0 ? "drifted" : "in-sync",
  differences: stacks.map((stack) => ({ stack, text: "x" })),
});

test("only the nodes that drifted are replaced, by their address in Terraform", () => {
  expect(replacements({ nodes: [node("node1"), node("rack1.node2", "nodes")] }, { mode: "ipvs" })).toEqual({
    nodes: ["null_resource.rack1_node2"],
    "kube-proxy": [],
  });
});

test("a node whose kube-proxy differs makes a rolling restart, once", () => {
  expect(replacements({ nodes: [node("a", "kube-proxy"), node("b", "kube-proxy")] }, { mode: "iptables" })).toEqual({
    nodes: [],
    "kube-proxy": ["random_id.restart-id"],
  });
});

test("a kube-proxy that is not managed is proven again on the nodes where it differs, which says what to set", () => {
  expect(replacements({ nodes: [node("a"), node("rack1.b", "kube-proxy")] }, { mode: "unmanaged" })).toEqual({
    nodes: [],
    "kube-proxy": ["null_resource.proof-rack1_b"],
  });
});

describe(`${fault(85)}: what a repair destroys`, () => {
  const change = (type: string, actions: string[], more = {}) => ({
    address: `${type}.x`,
    type,
    name: "x",
    change: { actions, before: null, after: null, before_sensitive: {}, after_sensitive: {} },
    ...more,
  });

  test.each([
    ["kubernetes_namespace_v1", ["delete"]],
    ["kubernetes_config_map_v1", ["delete", "create"]],
    ["random_password", ["create", "delete"]],
    ["null_resource", ["delete"]],
  ])("has to be named: %s, %j", (type, actions) => {
    expect(destroyedBy([change(type, actions)])).toEqual([`${type}.x`]);
  });

  test.each([
    ["null_resource", ["delete", "create"], {}],
    ["random_id", ["create", "delete"], {}],
    ["kubernetes_config_map_v1", ["delete", "create"], { action_reason: "replace_by_triggers" }],
    ["kubernetes_namespace_v1", ["update"], {}],
    ["kubernetes_namespace_v1", ["create"], {}],
  ])("has not: %s, %j, %j", (type, actions, more) => {
    expect(destroyedBy([change(type, actions, more)])).toEqual([]);
  });
});
