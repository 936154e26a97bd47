import { fieldsOf } from "../../../../stacks/metallb/constructs/provider-fields";

test("selectors that the provider has as blocks are lists of one, whatever is in them", () => {
  const term = { labelSelector: { matchLabels: { app: "a" } }, namespaceSelector: {}, topologyKey: "zone" };
  expect(fieldsOf({ requiredDuringSchedulingIgnoredDuringExecution: [term] })).toStrictEqual({
    requiredDuringSchedulingIgnoredDuringExecution: [
      { labelSelector: [{ matchLabels: { app: "a" } }], namespaceSelector: [{}], topologyKey: "zone" },
    ],
  });
  expect(fieldsOf({ nodeAffinity: { nodeSelectorTerms: [{ matchFields: [] }] } })).toStrictEqual({
    nodeAffinity: { nodeSelectorTerm: [{ matchFields: [] }] },
  });
  // A label of that name is none.
  expect(fieldsOf({ labels: { labelSelector: "x" } })).toStrictEqual({ labels: { labelSelector: "x" } });
});
