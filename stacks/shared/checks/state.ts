import type { SharedDraft } from "../draft";
import { longestStateName, stateName } from "../state-block";
import type { Finding } from "../../../values/problem";

/** The longest of the stacks' names. */
const longestStack = "address-pools";

/** PostgreSQL cuts a longer name off, with which all stacks would have one state; Kubernetes refuses it. */
export function checkState({ name, state }: SharedDraft): Finding[] {
  if (name === undefined || (state?.backend !== "pg" && state?.backend !== "kubernetes")) return [];
  const longest = longestStateName - stateName("", longestStack).length;
  if (name.length <= longest) return [];
  return [
    {
      severity: "error",
      path: ["name"],
      given: `a name of ${name.length} characters`,
      expected: `at most ${longest} with backend: ${state.backend}, whose states are named <name>-${longestStack} and so on, at most ${longestStateName} characters long`,
      remedy: "choose a shorter name, or another backend",
    },
  ];
}
