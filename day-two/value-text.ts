/** A value of a configuration in words: "not set", "empty", "a, b", 7. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return "not set";
  if (typeof value === "string") return value.trimEnd().replace(/\s*\n\s*/g, " ⏎ ") || "empty";
  if (!Array.isArray(value) || value.length === 0) return JSON.stringify(value);
  const isPlain = (one: unknown) => typeof one !== "object" || one === null;
  return value.every(isPlain) ? value.map(valueText).join(", ") : JSON.stringify(value);
}
