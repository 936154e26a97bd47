import { type AddressRange, isRange, parseRange } from "../../../values/address-ranges";
import type { MetallbDraft } from "../draft";
import type { Finding, Path } from "../../../values/problem";
import { specialNetworkOf } from "./special-networks";

/** One entry of a pool's addresses that can be used. */
export interface PoolRange {
  readonly range: AddressRange;
  /** As it is written. */
  readonly text: string;
  readonly path: Path;
  readonly poolIndex: number;
  /** "the pool default", or "pool 2" where the name cannot be used. */
  readonly pool: string;
}

/** Every range of every pool, and what is wrong with those that cannot be used. */
export function readPoolRanges(draft: MetallbDraft): { ranges: PoolRange[]; findings: Finding[] } {
  const ranges: PoolRange[] = [];
  const findings: Finding[] = [];
  draft.metallb?.pools?.forEach((pool, poolIndex) =>
    pool?.addresses?.forEach((text, index) => {
      if (text === undefined) return;
      const path: Path = ["metallb", "pools", poolIndex, "addresses", index];
      const named = pool.name === undefined ? `pool ${poolIndex + 1}` : `the pool ${pool.name}`;
      const report = (expected: string, remedy: string) =>
        findings.push({
          severity: "error",
          path,
          given: `${JSON.stringify(text)} in ${named}`,
          expected,
          remedy,
        });
      const range = parseRange(text);
      if (!isRange(range)) {
        report(range.expected, range.remedy);
        return;
      }
      const special = specialNetworkOf(range);
      if (special !== undefined) {
        report(`addresses that a Service can have: not ${special}`, "choose free addresses of the nodes' network");
        return;
      }
      ranges.push({ range, text, path, poolIndex, pool: named });
    }),
  );
  return { ranges, findings };
}

/** The form of a pool's addresses, and networks that no Service can use. MetalLB 0.9 accepts loopback and multicast. */
export function checkPoolRanges(draft: MetallbDraft): Finding[] {
  return readPoolRanges(draft).findings;
}
