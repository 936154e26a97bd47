/** A text as Terraform's JSON wants it, so that the text's own `${` and `%{` are not read as templates. */
export const literal = (text: string): string => text.replace(/[$%](?=\{)/g, "$&$&");

/** A text as a quoted string inside a Terraform expression. */
export const quoted = (text: string): string => literal(JSON.stringify(text));

/** A JSON value whose texts, keys included, are as `literal` has them. */
export function literalJson<Value>(value: Value): Value {
  if (typeof value === "string") return literal(value) as Value;
  if (Array.isArray(value)) return value.map((item: unknown) => literalJson(item)) as Value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [literal(key), literalJson(field)])) as Value;
}
