/** A value of a configuration in words: "not set", "a, b", 7. */
export const short = (value: unknown): string =>
  value === undefined
    ? "not set"
    : Array.isArray(value)
      ? value.map((one) => short(one)).join(", ")
      : JSON.stringify(value);
