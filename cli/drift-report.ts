import type { DriftReport, DriftStatus } from "../day-two/drift";
import { colours } from "./terminal";

/** A stack or a node, and what is to be said of it. */
interface Part {
  readonly name: string;
  readonly status: DriftStatus;
  readonly lines: readonly string[];
}

const words: Readonly<Record<DriftStatus, string>> = {
  "in-sync": "as declared",
  drifted: "drifted",
  "not-deployed": "not deployed",
  failed: "could not be found out",
};

const colour: Readonly<Record<DriftStatus, (text: string) => string>> = {
  "in-sync": colours.green,
  drifted: colours.yellow,
  "not-deployed": colours.yellow,
  failed: colours.red,
};

/** For a person: each stack and each drifted node with what differs; nodes that are as declared are counted. */
export function driftText(report: DriftReport): string {
  const parts = partsOf(report);
  const width = Math.max(...parts.map(({ name }) => name.length));
  const lines = parts.flatMap(({ name, status, lines: said }) => [
    `${name.padEnd(width)}  ${colour[status](words[status])}`,
    ...said.map((line) => `  - ${line.replaceAll("\n", "\n    ")}`),
  ]);
  return [...lines, ...fineNodes(report), conclusion(report)].map((line) => `${line}\n`).join("");
}

/** For a job summary of GitHub Actions. */
export function driftMarkdown(report: DriftReport): string {
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", "<br>");
  const rows = partsOf(report).map(
    ({ name, status, lines }) => `| ${name} | ${words[status]} | ${lines.map(cell).join("<br>")} |`,
  );
  return [
    `### Cluster ${report.cluster}: ${words[report.status]}`,
    "",
    "| | | |",
    "| --- | --- | --- |",
    ...rows,
    "",
    ...fineNodes(report),
    "",
  ].join("\n");
}

function partsOf({ stacks, nodes }: DriftReport): Part[] {
  return [
    ...stacks.map(({ stack, status, differences, error }) => ({
      name: `stack ${stack}`,
      status,
      // The first of a stack that is not deployed says just that.
      lines: error === undefined ? differences.slice(status === "not-deployed" ? 1 : 0) : [error],
    })),
    ...nodes
      .filter(({ status }) => status !== "in-sync")
      .map(({ node, status, differences, error }) => ({
        name: `node ${node}`,
        status,
        lines: error === undefined ? differences.map(({ text }) => text) : [error],
      })),
  ];
}

function fineNodes({ nodes }: DriftReport): string[] {
  const fine = nodes.filter(({ status }) => status === "in-sync").length;
  return fine === 0 ? [] : [`${fine} of ${nodes.length} nodes as declared`];
}

function conclusion({ status, stacks, nodes }: DriftReport): string {
  if (status === "in-sync") return "No drift.";
  if (status === "not-deployed") return "Nothing is deployed yet: npx cdktf deploy '*'";
  // What nodes were given by a stack that no state knows of.
  const lost = stacks.every((one) => one.status === "not-deployed") && nodes.some((node) => node.status === "in-sync");
  if (status === "drifted" && lost) {
    return "No stack is deployed by its state, and yet nodes are as declared. Where the states were lost: npx baremetal-lb adopt. Otherwise: npx cdktf deploy '*'";
  }
  return status === "drifted" ? "Drift. To repair it: npx baremetal-lb heal" : "Not everything could be found out.";
}
