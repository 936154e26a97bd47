import { createHash } from "node:crypto";
import type { MetallbVersion } from "../../stacks/metallb/release/releases";
import { isSince } from "../../values/versions";

/**
 * What the speakers hash beside a node's name: the Service up to 0.10, its first address from then on, so that Services that
 * share an address have the same announcer. Upstream: ShouldAnnounce in speaker/layer2_controller.go of v0.9.6 to v0.16.2.
 */
export const electionKey = (version: MetallbVersion, service: string, firstAddress: string): string =>
  isSince(version, "0.11.0") ? firstAddress : service;

/**
 * The order in which nodes announce a Service by layer2: the first one does, and where it goes away the second. Each speaker
 * finds it out for itself, by SHA-256 of "node#key"; from 0.16 on preferred nodes come before others, by their weights.
 */
export function inElectionOrder(
  nodes: readonly string[],
  key: string,
  weights: ReadonlyMap<string, number> = new Map(),
): string[] {
  const hashes = new Map(nodes.map((node) => [node, createHash("sha256").update(`${node}#${key}`).digest()]));
  const hashOf = (node: string) => hashes.get(node) ?? Buffer.alloc(0);
  const weightOf = (node: string) => weights.get(node) ?? 0;
  return [...nodes].sort((a, b) => weightOf(b) - weightOf(a) || Buffer.compare(hashOf(a), hashOf(b)));
}
