import type { SharedDraft } from "../draft";
import type { Finding } from "../../../values/problem";
import type { IsGiven } from "../../../values/draft";

const ways = { privateKeyFile: "privateKeyFile", agent: "agent: true", privateKeyVariable: "privateKeyVariable: true" };

/** How the stacks prove who they are: exactly one way. */
export function checkSsh(draft: SharedDraft, isGiven: IsGiven): Finding[] {
  const { ssh } = draft;
  if (ssh === undefined) return [];
  const chosen = (["privateKeyFile", "agent", "privateKeyVariable"] as const)
    .filter((key) => isGiven(["ssh", key]) && ssh[key] !== false)
    .map((key) => ways[key]);
  if (chosen.length === 1) return [];
  return [
    {
      severity: "error",
      path: ["ssh"],
      given: chosen.length === 0 ? "none of its ways to authenticate" : chosen.join(" and "),
      expected: `exactly one of ${Object.values(ways).join(", ")}`,
      remedy: chosen.length === 0 ? "add the one that applies" : "keep one of them",
    },
  ];
}
