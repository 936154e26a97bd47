/** What a terminal shows of one command. */
export interface Screen {
  /** "The status of a cluster" */
  readonly title: string;
  /** In words, for those who do not see the picture. */
  readonly description: string;
  /** "npx baremetal-lb status" */
  readonly command: string;
  /** What it printed, with the escape sequences of its colours. */
  readonly output: string;
}

/** A terminal is as wide as what it shows, within these bounds; a longer line is broken. */
const columns = { least: 80, most: 132 };
const [characterWidth, lineHeight, margin, barHeight] = [7.8, 20, 20, 36];

/** Colours by their escape sequence; 39 and 0 go back to that of the text. */
const colours: Readonly<Record<string, string>> = { "31": "red", "32": "green", "33": "yellow" };

interface Run {
  readonly text: string;
  readonly colour?: string;
}

const escapeSequence = new RegExp(String.raw`${"\u001b"}\[(\d+)m`);

/**
 * A line as runs of one colour each.
 * @throws Error at a sequence that is no colour known here, which would be lost
 */
function runsOf(line: string): Run[] {
  const [first = "", ...rest] = line.split(escapeSequence);
  const runs: Run[] = [{ text: first }];
  for (let index = 0; index < rest.length; index += 2) {
    const [code = "", text = ""] = rest.slice(index, index + 2);
    if (!(code in colours) && code !== "39" && code !== "0") throw new Error(`no colour of a picture: ${code}`);
    runs.push({ text, colour: colours[code] });
  }
  return runs.filter(({ text }) => text !== "");
}

/** A line as the rows that a terminal breaks it into. */
function rowsOf(runs: readonly Run[], columns: number): Run[][] {
  const rows: Run[][] = [[]];
  let room = columns;
  for (const { text, colour } of runs) {
    for (let left = text; left !== "";) {
      if (room === 0) {
        rows.push([]);
        room = columns;
      }
      rows.at(-1)?.push({ text: left.slice(0, room), colour });
      const taken = Math.min(left.length, room);
      left = left.slice(taken);
      room -= taken;
    }
  }
  return rows;
}

const lengthOf = (runs: readonly Run[]): number => runs.reduce((sum, { text }) => sum + text.length, 0);

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** The exact width, so that columns stand below each other in every font. */
function rowText(row: readonly Run[], index: number): string {
  const width = lengthOf(row) * characterWidth;
  const spans = row.map(({ text, colour }) =>
    colour === undefined ? escaped(text) : `<tspan class="${colour}">${escaped(text)}</tspan>`,
  );
  const y = barHeight + margin + 8 + index * lineHeight;
  return `  <text x="${margin}" y="${y}" textLength="${width.toFixed(1)}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">${spans.join("")}</text>\n`;
}

/** The picture of a terminal, as SVG: light on a light page, dark on a dark one. */
export function terminalPicture({ title, description, command, output }: Screen): string {
  const lines = [`$ ${command}`, ...output.trimEnd().split("\n")].map(runsOf);
  const wide = Math.min(columns.most, Math.max(columns.least, ...lines.map(lengthOf)));
  const rows = lines.flatMap((line) => rowsOf(line, wide));
  const width = Math.ceil(wide * characterWidth + 2 * margin);
  const height = barHeight + 2 * margin + rows.length * lineHeight;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc">
  <title id="title">${escaped(title)}</title>
  <desc id="desc">
    ${escaped(description)}
  </desc>
  <style>
    text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #1f2328; }
    .page { fill: #ffffff; stroke: #d1d9e0; }
    .bar { fill: #f6f8fa; stroke: #d1d9e0; }
    .light { fill: #d1d9e0; }
    .green { fill: #1a7f37; }
    .yellow { fill: #9a6700; }
    .red { fill: #d1242f; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .page { fill: #0d1117; stroke: #3d444d; }
      .bar { fill: #151b23; stroke: #3d444d; }
      .light { fill: #3d444d; }
      .green { fill: #3fb950; }
      .yellow { fill: #d29922; }
      .red { fill: #f85149; }
    }
  </style>
  <rect class="page" x="1" y="1" width="${width - 2}" height="${height - 2}" rx="10" />
  <path class="bar" d="M1 ${barHeight}V11a10 10 0 0 1 10-10H${width - 11}a10 10 0 0 1 10 10V${barHeight}z" />
${[22, 42, 62].map((x) => `  <circle class="light" cx="${x}" cy="${barHeight / 2}" r="6" />\n`).join("")}${rows.map(rowText).join("")}</svg>
`;
}
