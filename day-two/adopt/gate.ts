import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { otherMetallbGate } from "../../stacks/metallb/other-metallb";
import type { Stack } from "../../remote/terraform/stack";

interface Synthesised {
  readonly data?: { readonly kubernetes_resources?: Readonly<Record<string, { lifecycle?: unknown }>> };
}

/** Takes the refusal of another MetalLB out of a stack that was synthesised for an adoption: that one is what is adopted. */
export function letPass(stack: Stack): void {
  const file = join(stack.folder, "cdk.tf.json");
  const synthesised = JSON.parse(readFileSync(file, "utf8")) as Synthesised;
  const gate = synthesised.data?.kubernetes_resources?.[otherMetallbGate];
  if (gate === undefined) return;
  delete gate.lifecycle;
  writeFileSync(file, JSON.stringify(synthesised), { mode: 0o600 });
}
