import type { AddressRange } from "../../../values/address-ranges";
import type { MetallbDraft } from "../draft";
import { type Finding, itemText, type Path } from "../../../values/problem";
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
    pool?.addresses?.forEach((range, index) => {
      if (range === undefined) return;
      const { text } = range;
      const path: Path = ["metallb", "pools", poolIndex, "addresses", index];
      const named = itemText("pool", pool.name, poolIndex);
      const special = specialNetworkOf(range);
      if (special === undefined) {
        ranges.push({ range, text, path, poolIndex, pool: named });
        return;
      }
      findings.push({
        severity: "error",
        path,
        given: `${JSON.stringify(text)} in ${named}`,
        expected: `addresses that a Service can have: not ${special}`,
        remedy: "choose free addresses of the nodes' network",
      });
    }),
  );
  return { ranges, findings };
}

/** Networks that no Service can use. MetalLB 0.9 accepts loopback and multicast. */
export function checkPoolRanges(draft: MetallbDraft): Finding[] {
  return readPoolRanges(draft).findings;
}
