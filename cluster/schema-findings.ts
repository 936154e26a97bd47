import { z } from "zod";
import { type Finding, itemText, type Path, shown } from "../values/problem";
import { at, descriptionOf, isMapping, type Schema } from "./schema-tree";
import { explainIssue } from "../values/explain-issue";
import { readExpectation } from "../values/expectation";

type Written = (path: Path) => string | undefined;

/**
 * What a schema finds wrong with a value, one finding for each value.
 * @param written gives a scalar as it stands in the file.
 */
export function schemaFindings(schema: Schema, value: unknown, written: Written): Finding[] {
  const result = z.safeParse(schema, value, { error: explainIssue });
  const issues = (result.error?.issues ?? []).flatMap(ofTheMapping);
  // Several bounds may fail for one value, each with the same message.
  const first = new Map(issues.map((issue) => [JSON.stringify(issue.path), issue] as const).reverse());
  return issues
    .filter((issue) => first.get(JSON.stringify(issue.path)) === issue)
    .map((issue) => finding(schema, value, issue, written));
}

/** What is wrong inside of a mapping in whose place a word could stand; the issue itself where it is no mapping. */
function ofTheMapping(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const inside = issue.errors.find((issues) => issues.every(({ path }) => path.length > 0));
  return inside?.map((below) => ({ ...below, path: [...issue.path, ...below.path] })) ?? [issue];
}

function finding(schema: Schema, root: unknown, issue: z.core.$ZodIssue, written: Written): Finding {
  const path = issue.path as Path;
  const { schema: found, value } = at(schema, root, path);
  const { expected, remedy, within } = readExpectation(issue.message);
  const severity = "error";
  if (value === undefined && found !== undefined) {
    return { severity, path, given: "nothing", expected, remedy: addKey(path, descriptionOf(found)) };
  }
  const source = typeof value === "string" ? undefined : written(path);
  // Nothing, ~ and null are nobody's text.
  const inQuotes = source !== undefined && value !== null && found !== undefined && z.safeParse(found, source).success;
  if (inQuotes) {
    return { severity, path, given: source, expected, remedy: quote(path, source, value) };
  }
  const given = value === null ? "nothing" : (source ?? shown(value));
  const place = within === undefined ? "" : ` in ${itemAround(schema, root, path, within)}`;
  return { severity, path, given: given + place, expected, remedy };
}

/** The nearest item of a list that a value stands in, by its name where that is valid. */
function itemAround(schema: Schema, root: unknown, path: Path, noun: string): string {
  const end = path.findLastIndex((_step, index) => isMapping(at(schema, root, path.slice(0, index)).value));
  const name = at(schema, root, [...path.slice(0, end), "name"]);
  return itemText(noun, name.schema && z.safeParse(name.schema, name.value).data, Number(path[end - 1]));
}

/** "add the key address: the address that SSH connects to …" */
function addKey(path: Path, description: string | undefined): string {
  const [meaning = ""] = (description ?? "").split(/\.( |$)/);
  const inSentence = /^[A-Z][a-z]* /.test(meaning) ? meaning.charAt(0).toLowerCase() + meaning.slice(1) : meaning;
  return `add the key ${String(path.at(-1))}${inSentence === "" ? "" : `: ${inSentence}`}`;
}

/** For a value that would be right if it were text. YAML reads 1.20 as the number 1.2. */
function quote(path: Path, source: string, value: unknown): string {
  const key = path.at(-1);
  const text = typeof key === "string" ? `${key}: ${JSON.stringify(source)}` : JSON.stringify(source);
  return `put it in quotes: ${text} (without them YAML reads the ${typeof value} ${String(value)})`;
}
