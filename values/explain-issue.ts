import type { z } from "zod";
import { expectation } from "./expectation";
import { nearestOf } from "./nearest";

/** Explains the issues of every schema that does not explain them itself. */
export function explainIssue(issue: z.core.$ZodRawIssue): string {
  if (issue.code === "invalid_value") return explainChoice(issue.values, issue.input);
  if (issue.code !== "invalid_type")
    return expectation("another value", "see the key's description in cluster.schema.json");
  switch (issue.expected) {
    case "array":
      return expectation("a list", "write one item a line, each after a hyphen");
    case "object":
    case "record":
      return expectation("a mapping of keys and values", "write its keys below it, indented");
    default:
      return expectation(`a ${issue.expected}`, "see the key's description in cluster.schema.json");
  }
}

function explainChoice(values: readonly unknown[], input: unknown): string {
  const choices = values.map(String);
  const nearest = typeof input === "string" ? nearestOf(input, choices) : undefined;
  const expected = choices.length === 1 ? choices.join() : `one of ${choices.join(", ")}`;
  return expectation(
    expected,
    nearest === undefined && choices.length > 1 ? "choose one of them" : `write ${nearest ?? choices.join()}`,
  );
}
