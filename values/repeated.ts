/** A value that stands in a list a second time. */
export interface Repetition<T> {
  readonly value: T;
  readonly index: number;
  readonly firstIndex: number;
}

/** The repetitions in a list, without those of undefined. Two values with the same key are the same value. */
export function repeated<T>(values: readonly (T | undefined)[], keyOf: (value: T) => unknown = (value) => value) {
  const firstIndexOf = new Map<unknown, number>();
  return values.flatMap((value, index): Repetition<T>[] => {
    if (value === undefined) return [];
    const key = keyOf(value);
    const firstIndex = firstIndexOf.get(key);
    if (firstIndex !== undefined) return [{ value, index, firstIndex }];
    firstIndexOf.set(key, index);
    return [];
  });
}
