/** What a secret may look like where it is printed. */
export interface SecretForm {
  /** At least four characters. */
  readonly text: string;
  /** What belongs to it behind that, as far as it goes; sticky. @default nothing */
  readonly more?: RegExp;
}

/** Shortest part of a secret by which a cut one is found. */
const longEnoughToBeCut = 24;
const keptOfACut = 16;

/** Shortest text in base64 that is looked for by itself: a shorter one is part of much that is no secret. */
const shortestBase64 = 8;

/** Shortest line of a text of several lines that is a secret by itself, such as one of a private key. */
const shortestLine = 16;

/**
 * The forms of a secret: as it is, cut off at its end, line by line, escaped in JSON, in a URL, in hexadecimal digits, and in
 * base64, of either alphabet, also where it stands within what was encoded.
 */
export function secretForms(secret: string): SecretForm[] {
  const whole = secret.trim();
  const lines = whole.includes("\n")
    ? whole
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line.length >= shortestLine && !line.startsWith("-----"))
    : [];
  return [...new Set([secret, whole, ...lines])].flatMap(formsOf);
}

function formsOf(text: string): SecretForm[] {
  const hex = Buffer.from(text).toString("hex");
  const base64 = inBase64(text);
  const exact = [text, ...escaped(text), ...inUrl(text), hex, hex.toUpperCase(), ...base64.flatMap(inUrl)];
  const isCut = text.length >= longEnoughToBeCut && !/\s/.test(text);
  return [
    ...[...new Set(exact)].map((one) => ({ text: one })),
    ...base64.map((one) => ({ text: one, more: /[\w+/=-]*/y })),
    ...(isCut ? [{ text: text.slice(0, keptOfACut), more: /[\w+/=.~%-]*/y }] : []),
  ];
}

/** In a string of JSON, and in one within another. */
function escaped(text: string): string[] {
  const once = JSON.stringify(text).slice(1, -1);
  return [once, JSON.stringify(once).slice(1, -1)];
}

function inUrl(text: string): string[] {
  const encoded = encodeURIComponent(Buffer.from(text).toString());
  // Not of what has nothing to be encoded.
  if (encoded === text) return [];
  const strict = encoded.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const lower = (one: string) => one.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  return [encoded, strict].flatMap((one) => [one, lower(one), one.replaceAll("%20", "+")]);
}

/** What of its encoding does not depend on what stands before and behind it, for each place that it can begin at. */
function inBase64(text: string): string[] {
  const bytes = Buffer.from(text);
  const found = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    // Of its first characters some bits are of what stands before, of the last one of what stands behind.
    const end = Math.floor(((before + bytes.length) * 8) / 6);
    return encoded.slice([0, 2, 3][before], end);
  });
  return found
    .filter((one) => one.length >= shortestBase64)
    .flatMap((one) => [one, one.replaceAll("+", "-").replaceAll("/", "_")]);
}
