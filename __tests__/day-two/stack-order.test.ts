import { waitsForAnother } from "../../day-two/stack-order";
import { MetallbStack } from "../../stacks/metallb/metallb-stack";
import type { Manifest } from "../../stacks/metallb/release/manifest-objects";
import { upstreamManifest } from "../stacks/metallb/upstream-manifest";
import { cluster } from "../cluster-fixture";
import { synthesised } from "../synthesised";

const stacks = ["nodes", "kube-proxy", "metallb-crds", "address-pools", "metallb"].map((name) => ({ name }));

/** Of the gate that no deployment of another stack opens. */
const ofAnotherMetallb = "Another MetalLB is in this cluster";

/** The messages of the other conditions on a stack's data sources. */
const conditions = (changes: Record<string, unknown>, manifest?: Manifest): string[] =>
  allConditions(changes, manifest).filter((message) => !message.startsWith(ofAnotherMetallb));

const allConditions = (changes: Record<string, unknown>, manifest?: Manifest): string[] =>
  Object.values(synthesised((app) => new MetallbStack(app, "metallb", { ...cluster(changes), manifest })).data).flatMap(
    (byName) =>
      Object.values(byName).flatMap(
        ({ lifecycle }) =>
          (lifecycle as { postcondition?: { error_message: string }[] } | undefined)?.postcondition?.map(
            ({ error_message: message }) => message,
          ) ?? [],
      ),
  );

test.each(["ipvs", "unmanaged"])("the gate of a kube-proxy that is %s waits for another stack", (mode) => {
  const messages = conditions({ kubeProxy: mode === "unmanaged" ? mode : { mode } });
  expect(messages.length).toBeGreaterThan(0);
  expect(messages.map((message) => waitsForAnother(message, stacks))).toEqual(messages.map(() => true));
});

test("so does MetalLB without its pools, and its gate beside that", () => {
  const metallb = { version: "0.15.2", pools: [{ name: "default", addresses: ["192.168.1.240-192.168.1.250"] }] };
  const messages = conditions({ metallb }, upstreamManifest("0.15.2"));
  expect(messages.map((message) => waitsForAnother(message, [{ name: "address-pools" }]))).toContain(true);
  expect(messages.map((message) => waitsForAnother(message, stacks))).toEqual(messages.map(() => true));
});

test("another MetalLB is nothing that a stack would mend", () => {
  const messages = allConditions({}).filter((message) => message.startsWith(ofAnotherMetallb));
  expect(messages.map((message) => waitsForAnother(message, stacks))).toEqual([false]);
});

test("so does a kind that the cluster does not know yet, in the provider's words", () => {
  expect(
    waitsForAnother(
      'API did not recognize GroupVersionKind from manifest (CRD may not be installed): no matches for kind "X"',
      [],
    ),
  ).toBe(true);
});

test.each(["the Kubernetes API cannot be reached", "deploy the stack elsewhere first (cdktf deploy elsewhere)"])(
  "anything else does not: %s",
  (message) => expect(waitsForAnother(message, stacks)).toBe(false),
);
