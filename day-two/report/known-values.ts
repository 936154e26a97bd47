import { type SecretForm, secretForms } from "./secret-forms";

/** Shortest value that is looked for wherever it stands: a shorter one is part of too many words. */
export const shortestKnown = 4;

/**
 * Values that are looked for in every form, in one pass over a text: an expression with some thousand alternatives would try
 * each of them at each character.
 */
export class KnownValues {
  private readonly values = new Set<string>();
  /** By its first characters, the longest first. */
  private readonly forms = new Map<string, SecretForm[]>();

  get size(): number {
    return this.values.size;
  }

  /** A value that is too short is left out. */
  add(value: string): void {
    if (value.length < shortestKnown || this.values.has(value)) return;
    this.values.add(value);
    for (const form of secretForms(value)) {
      const start = form.text.slice(0, shortestKnown);
      const others = this.forms.get(start) ?? [];
      if (others.some(({ text, more }) => text === form.text && more?.source === form.more?.source)) continue;
      this.forms.set(
        start,
        [...others, form].sort((a, b) => b.text.length - a.text.length),
      );
    }
  }

  /** A text with something else in place of each. */
  replacedIn(text: string, instead: string): string {
    let result = "";
    let rest = 0;
    for (let at = 0; at + shortestKnown <= text.length; at += 1) {
      const form = this.forms.get(text.slice(at, at + shortestKnown))?.find((one) => text.startsWith(one.text, at));
      if (form === undefined) continue;
      result += text.slice(rest, at) + instead;
      rest = endOf(form, text, at);
      at = rest - 1;
    }
    return result + text.slice(rest);
  }
}

function endOf({ text: found, more }: SecretForm, text: string, at: number): number {
  const end = at + found.length;
  if (more === undefined) return end;
  more.lastIndex = end;
  return end + (more.exec(text)?.[0].length ?? 0);
}
