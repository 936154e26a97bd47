import type { MetallbDraft } from "../draft";
import type { Finding } from "../../../values/problem";
import { type PoolRange, readPoolRanges } from "./pool-ranges";

/** Ranges that have addresses in common, within a pool or between two. MetalLB 0.9.5 takes neither. */
export function checkPoolOverlaps(draft: MetallbDraft): Finding[] {
  const { ranges } = readPoolRanges(draft);
  const order = new Map(ranges.map((range, index) => [range, index]));
  const position = (range: PoolRange) => order.get(range) ?? 0;
  // In order of the first address, a range can only overlap the one that reaches furthest so far.
  const sorted = [...ranges].sort((a, b) => a.range.family - b.range.family || compare(a.range.first, b.range.first));
  const findings: Finding[] = [];
  let furthest: PoolRange | undefined;
  for (const next of sorted) {
    if (furthest !== undefined && overlaps(furthest, next)) {
      const [earlier, later] = position(furthest) < position(next) ? [furthest, next] : [next, furthest];
      findings.push({
        severity: "error",
        path: later.path,
        given: `${JSON.stringify(later.text)} in ${later.pool}`,
        expected: `addresses that no other range has: it overlaps ${JSON.stringify(earlier.text)} in ${earlier.pool}`,
        remedy: "remove the common addresses from one of the two",
      });
    }
    if (
      furthest === undefined ||
      next.range.family !== furthest.range.family ||
      next.range.last > furthest.range.last
    ) {
      furthest = next;
    }
  }
  return findings;
}

const compare = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);

const overlaps = (furthest: PoolRange, next: PoolRange) =>
  furthest.range.family === next.range.family && next.range.first <= furthest.range.last;
