import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "../../remote/terraform/stack";
import { kindOf, subjectOf } from "../differences";

/** What a synthesised stack declares: addresses, and in words what each is: "DaemonSet metallb-system/speaker". */
export function declaredSubjects(stack: Stack): ReadonlyMap<string, string> {
  const { resource = {} } = JSON.parse(readFileSync(join(stack.folder, "cdk.tf.json"), "utf8")) as {
    resource?: Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;
  };
  const all = Object.entries(resource).flatMap(([type, byName]) =>
    Object.entries(byName).map(([name, values]) => {
      const address = `${type}.${name}`;
      const change = { actions: ["create"], before: null, after: values, before_sensitive: {}, after_sensitive: {} };
      return [address, subjectOf({ address, type, name, change })] as const;
    }),
  );
  return new Map(all);
}

/** What an address of the state stands for, as far as it tells: "ConfigMap config". */
export function subjectAt(address: string): string {
  const [type = "", name = ""] = address.split(".");
  const kind = kindOf(type);
  return kind === undefined ? address : `${kind} ${name}`;
}
