import {
  type Comparison,
  looks,
  measuredOnce,
  nodeCounts,
  type Scale,
  type Step,
  type Summary,
  summary,
  ways,
} from "./figures";
import { mebibytesText, secondsText } from "./wording";

// One picture: on the left the three ways beside each other, on the right what this project takes as nodes get more.

interface Bar {
  readonly label: string;
  readonly seconds: Summary;
  /** What stands behind the seconds. */
  readonly more?: string;
  readonly ours: boolean;
}

interface Panel {
  readonly title: string;
  readonly bars: readonly Bar[];
}

export const stepTitles: Readonly<Record<Exclude<Step, "undo">, string>> = {
  first: "First run, until a host outside has an answer",
  again: "Run again, nothing changed",
  drift: "A look for drift, nothing changed",
};

const stepPanels = ({ seconds }: Comparison): Panel[] =>
  (Object.keys(stepTitles) as (keyof typeof stepTitles)[]).map((step) => ({
    title: stepTitles[step],
    bars: ways.map((way) => ({ label: way, seconds: summary(seconds[way][step]), ours: way === "this project" })),
  }));

const scalePanels = ({ nodes }: Scale): Panel[] =>
  looks.map((look) => ({
    title: `${look[0]?.toUpperCase()}${look.slice(1)} of so many nodes`,
    bars: nodeCounts.map((count) => {
      const { seconds, mebibytes } = nodes[count][look];
      return {
        label: count.toLocaleString("en"),
        seconds: summary(seconds),
        more: mebibytesText(mebibytes),
        ours: true,
      };
    }),
  }));

const [width, top, panelHeight, barPitch, barHeight] = [960, 92, 148, 32, 18];
/** Where a column begins, how wide its labels are, and how long its longest bar. */
const columns = [
  { x: 28, labels: 96, longest: 200 },
  { x: 508, labels: 60, longest: 200 },
];

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Bars of one panel have one scale, on which the slowest run of all is as long as there is room. */
function panelText({ title, bars }: Panel, index: number, { x, labels, longest }: (typeof columns)[number]): string {
  const y = top + index * panelHeight;
  const scale = longest / Math.max(...bars.map(({ seconds }) => seconds.most));
  const start = x + labels;
  const rows = bars.map(({ label, seconds: { median, least, most }, more, ours }, row) => {
    const at = y + 14 + row * barPitch;
    const middle = at + barHeight / 2;
    const [from, to] = [least, most].map((value) => (start + value * scale).toFixed(1));
    const text = `${secondsText(median)}${more === undefined ? "" : `, ${more}`}`;
    return [
      `  <text class="end" x="${start - 10}" y="${middle + 5}">${escaped(label)}</text>`,
      `  <rect class="${ours ? "ours" : "other"}" x="${start}" y="${at}" width="${(median * scale).toFixed(1)}" height="${barHeight}" rx="2" />`,
      // Of one run there is no range.
      ...(least === most
        ? []
        : [`  <path class="range" d="M${from} ${middle}H${to}M${from} ${middle - 4}v8M${to} ${middle - 4}v8" />`]),
      `  <text x="${(Number(to) + 10).toFixed(1)}" y="${middle + 5}">${escaped(text)}</text>`,
    ].join("\n");
  });
  return [`  <text class="strong" x="${x}" y="${y}">${escaped(title)}</text>`, ...rows].join("\n");
}

/** The chart as SVG: light on a light page, dark on a dark one. */
export function chart(comparison: Comparison, scale: Scale): string {
  const [left, right] = [stepPanels(comparison), scalePanels(scale)];
  const height = top + Math.max(left.length, right.length) * panelHeight - 8;
  const rounds = comparison.seconds["this project"].first.length;
  const once = measuredOnce(scale)
    .map((count) => `; ${count.toLocaleString("en")} nodes: one run`)
    .join("");
  const said = [...left, ...right].map(
    ({ title, bars }) =>
      `${title}: ${bars.map(({ label, seconds, more }) => `${label} ${secondsText(seconds.median)}${more === undefined ? "" : ` and ${more}`}`).join(", ")}.`,
  );
  const column = (panels: readonly Panel[], place: (typeof columns)[number] | undefined) =>
    panels.map((panel, index) => (place === undefined ? "" : panelText(panel, index, place))).join("\n");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc">
  <title id="title">What it takes: by hand, with Ansible, with this project</title>
  <desc id="desc">
${said.map((line) => `    ${escaped(line)}`).join("\n")}
  </desc>
  <style>
    text { font: 14px ui-sans-serif, system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
    .strong { font-weight: 600; }
    .quiet { font-size: 13px; fill: #59636e; }
    .end { text-anchor: end; }
    .page { fill: #ffffff; stroke: #d1d9e0; }
    .ours { fill: #54aeff; }
    .other { fill: #afb8c1; }
    .range { fill: none; stroke: #1f2328; stroke-width: 1.5; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .quiet { fill: #9198a1; }
      .page { fill: #0d1117; stroke: #3d444d; }
      .ours { fill: #1f6feb; }
      .other { fill: #656c76; }
      .range { stroke: #f0f6fc; }
    }
  </style>
  <rect class="page" x="1" y="1" width="${width - 2}" height="${height - 2}" rx="10" />
  <text class="strong" x="28" y="34">A lab of two nodes</text>
  <text class="strong" x="508" y="34">This project, more nodes</text>
  <text class="quiet" x="28" y="54">median of ${rounds} rounds in turn; the line is the fastest to the slowest</text>
  <text class="quiet" x="508" y="54">peak of memory with Terraform's${once}</text>
${column(left, columns[0])}
${column(right, columns[1])}
</svg>
`;
}
