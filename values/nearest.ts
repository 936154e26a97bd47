import { distance } from "fastest-levenshtein";

/** The name that somebody most probably meant: the same letters in another case or joined otherwise, or nearly so. */
export function nearestOf(written: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[-_ ]/g, "");
  const [best] = known
    .map((name) => ({ name, steps: distance(plain(written), plain(name)) }))
    .sort((a, b) => a.steps - b.steps);
  const allowed = Math.max(1, Math.floor(plain(written).length / 3));
  return best !== undefined && best.steps <= allowed ? best.name : undefined;
}
