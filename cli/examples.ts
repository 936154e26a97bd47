/**
 * The end of a command's help: lines that can be typed, each with what it is for.
 * @param examples by the line, as it is typed
 */
export function examplesText(examples: Readonly<Record<string, string>>): string {
  const lines = Object.entries(examples);
  const width = Math.max(...lines.map(([line]) => line.length));
  const head = lines.length === 1 ? "Example:" : "Examples:";
  return ["", head, ...lines.map(([line, says]) => `  ${line.padEnd(width)}  # ${says}`)].join("\n");
}
