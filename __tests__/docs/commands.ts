/** The stacks, each after those that it needs, for MetalLB 0.9 and for 0.13 and later: main.ts. */
const orders = [
  ["nodes", "kube-proxy", "metallb"],
  ["nodes", "kube-proxy", "metallb-crds", "address-pools", "metallb"],
];
const stackNames = new Set(orders.flat());

const ofOneStack = "--ignore-missing-stack-dependencies";

/** Every `cdktf deploy …` and `cdktf destroy …` of a text, with the stacks and options that it names. */
export function cdktfCommands(text: string): { command: string; verb: string; words: string[] }[] {
  const found = text.matchAll(/\bcdktf (deploy|destroy)((?:\s+(?:'\*'|\*|--[a-z-]+|[a-z][a-z-]*))*)/g);
  return [...found].flatMap(([, verb = "", rest = ""]) => {
    const words: string[] = [];
    for (const word of rest.trim().split(/\s+/)) {
      // What is no stack and no option belongs to the sentence around the command.
      if (!stackNames.has(word) && !word.includes("*") && !word.startsWith("--")) break;
      words.push(word);
    }
    return words.length === 0 ? [] : [{ command: `cdktf ${verb} ${words.join(" ")}`, verb, words }];
  });
}

/**
 * What cdktf 0.21 says of a command: it deploys a stack only together with those below it, and destroys one only together
 * with those above it (checkIfAllDependenciesAreIncluded in @cdktf/cli-core's stack-helpers).
 * @returns undefined if it runs, for each order of stacks that has all that the command names
 */
export function refusal(verb: string, words: readonly string[]): string | undefined {
  if (words.some((word) => word.includes("*")) || words.includes(ofOneStack)) return undefined;
  const named = words.filter((word) => stackNames.has(word));
  const fitting = orders.filter((order) => named.every((name) => order.includes(name)));
  for (const order of fitting) {
    const needed = named.flatMap((name) => {
      const at = order.indexOf(name);
      return verb === "deploy" ? order.slice(0, at) : order.slice(at + 1);
    });
    const missing = order.filter((name) => needed.includes(name) && !named.includes(name));
    if (missing.length > 0) return `not included: ${missing.join(", ")}`;
  }
  return undefined;
}
