import * as lab from "../../../lab/lab";

interface Report {
  readonly status: string;
  readonly stacks: readonly {
    readonly stack: string;
    readonly differences: readonly string[];
    readonly error?: string;
  }[];
  readonly nodes: readonly { readonly node: string; readonly differences: readonly { readonly text: string }[] }[];
}

/** What `drift --json` says of each stack and each node, and its exit code. */
export interface Drift {
  readonly code: number;
  readonly said: Readonly<Record<string, readonly string[]>>;
  readonly report: Report;
}

export async function drift(...args: string[]): Promise<Drift> {
  const { code, stdout, output } = await lab.baremetalLb(["drift", "--json", ...args]);
  if (stdout === "") throw new Error(output);
  const report = JSON.parse(stdout) as Report;
  const ofStacks = report.stacks.map(({ stack, differences, error }) => [stack, error ? [error] : differences]);
  const ofNodes = report.nodes.map(({ node, differences }) => [node, differences.map(({ text }) => text)]);
  return { code, report, said: Object.fromEntries([...ofStacks, ...ofNodes]) };
}

/** What drift says where nothing differs. */
export const noDifferences = (...names: readonly string[]): Record<string, readonly string[]> =>
  Object.fromEntries(names.map((name) => [name, []]));

/** Runs `heal` to its end, and fails the test with its output where it fails. */
export async function heal(...args: string[]): Promise<string> {
  const { code, output } = await lab.baremetalLb(["heal", "--yes", ...args], { timeoutSeconds: 900 });
  if (code !== 0) throw new Error(output);
  return output;
}
