import type { StackUpgrade, UpgradeReport } from "../day-two/upgrade/upgrade";
import { colours } from "./terminal";

/** Lines of a list that are shown. */
const shownAtMost = 20;

/** The move to another version for a person: stack by stack what it does, then what to know before it is made. */
export function upgradeText(report: UpgradeReport): string {
  const { from, to, bgpType, status, stacks, warnings, silence, stays, losing } = report;
  const by = (type: string | undefined) => (type === undefined ? "" : ` with bgpType ${type}`);
  const annotations = report.olderAnnotations.map(
    ({ service, annotations: names }) => `${service}: ${names.join(", ")}`,
  );
  const parts = [
    status === "up-to-date"
      ? `MetalLB ${to} runs, as declared.\n`
      : `MetalLB ${from} runs${by(bgpType?.from)}, ${to}${by(bgpType?.to)} is declared.\n`,
    ...stacks.map(stackText),
    section(from === to ? "What another bgpType brings" : "What the versions between bring", warnings, colours.yellow),
    section(
      "Services that would lose an address",
      losing.map(({ service, address, why }) => `${service} (${address}): ${why}`),
      colours.red,
    ),
    section("How long an address is silent", silence),
    section("What stays", stays),
    section(
      "Services with annotations metallb.universe.tf/…, which are deprecated: metallb.io/… takes their place",
      annotations,
    ),
    conclusion(report),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function stackText({ stack, planned, error, ...lists }: StackUpgrade): string {
  const titles = [
    ["creates", lists.creates],
    ["changes", lists.changes],
    ["replaces", lists.replaces],
    ["brings to what is declared", lists.keeps],
    ["removes", lists.removes],
  ] as const;
  const how = planned ? "" : ", which can be planned only when those before it are deployed; it";
  const head = `Stack ${stack}${how}\n`;
  if (error !== undefined) return `Stack ${stack} ${colours.red("could not be planned")}: ${error}\n`;
  return head + titles.map(([title, lines]) => list(title, lines)).join("");
}

function list(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const rest = lines.length > shownAtMost ? `    … and ${lines.length - shownAtMost} more\n` : "";
  const shown = lines.slice(0, shownAtMost).map((line) => `    ${line}\n`);
  return `  ${title} (${lines.length}):\n${shown.join("")}${rest}`;
}

function section(title: string, lines: readonly string[], paint = (text: string) => text): string {
  return lines.length === 0 ? "" : `${title}:\n${lines.map((line) => `- ${paint(line)}\n`).join("")}`;
}

function conclusion({ status, losing, how }: UpgradeReport): string {
  if (status === "up-to-date") return "";
  if (losing.length > 0) return "Declare pools that hold these addresses first.\n";
  return status === "failed" ? "Not everything could be found out.\n" : `To make it: ${how}\n`;
}
