import type { SharedDraft } from "../draft";
import type { Finding } from "../../../values/problem";
import type { IsGiven } from "../../../values/draft";

/** A kubeconfig comes with its context; Terraform variables come with neither. */
export function checkCredentials(draft: SharedDraft, isGiven: IsGiven): Finding[] {
  switch (draft.kubernetes?.credentials) {
    case "kubeconfig":
      return isGiven(["kubernetes", "context"]) ? [] : [missingContext];
    case "variables":
      return (["kubeconfig", "context"] as const)
        .filter((key) => isGiven(["kubernetes", key]))
        .map((key) => ({
          severity: "error",
          path: ["kubernetes", key],
          atKey: true,
          given: `${key} with credentials: variables`,
          expected: "a kubeconfig or variables, never both",
          remedy: `remove ${key}, or remove credentials: variables`,
        }));
    default:
      return [];
  }
}

const missingContext: Finding = {
  severity: "error",
  path: ["kubernetes", "context"],
  given: "nothing",
  expected: "the name of a context in the kubeconfig, so that no other cluster is changed by mistake",
  remedy: "add the key context with a name that kubectl config get-contexts shows",
};
