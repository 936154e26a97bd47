import type { Since } from "../day-two/status/announcements";
import type { StatusReport } from "../day-two/status/status";
import type { NodeStatus } from "../day-two/status/nodes";
import type { ServiceStatus } from "../day-two/status/services";
import { rest, shownAtMost } from "./cluster-summary";
import { table } from "./table";
import { colours } from "./terminal";

/** The status for a person, on one screen: of long tables what needs looking after, and 20 rows at most. */
export function statusText(report: StatusReport): string {
  const { pools, services, nodes, notes } = report;
  const conflicts = pools.flatMap(({ name, conflicts: found }) => found.map((text) => `pool ${name}: ${text}`));
  const lines = [...conflicts.map(colours.red), ...notes.map(colours.yellow)].map((line) => `- ${line}\n`).join("");
  return [
    `Cluster ${report.cluster}\n`,
    tableOf(["POOL", "PROTOCOL", "SIZE", "USED", "FREE", "ADDRESSES"], "pools", pools, ({ addresses, ...pool }) => [
      pool.name,
      pool.protocol,
      pool.size,
      pool.used,
      pool.free === "0" ? colours.yellow(pool.free) : pool.free,
      addresses.join(", "),
    ]),
    services.length === 0
      ? "No Service of type LoadBalancer.\n"
      : tableOf(
          ["SERVICE", "ADDRESS", "PORTS", "ANNOUNCED BY", "SINCE"],
          "Services",
          first(services, ({ address, announcedBy }) => address === undefined || announcedBy.length === 0),
          serviceRow,
        ),
    tableOf(
      ["NODE", "ADDRESS", "STATUS", "SINCE", "KUBE-PROXY", "SPEAKER"],
      "nodes",
      first(nodes, (node) => node.status !== "Ready" || !isFine(node.kubeProxy) || node.speaker !== "ready"),
      nodeRow,
    ),
    ...(lines === "" ? [] : [lines]),
  ].join("\n");
}

function tableOf<T>(
  head: readonly string[],
  noun: string,
  items: readonly T[],
  row: (item: T) => readonly string[],
): string {
  return table([head, ...items.slice(0, shownAtMost).map(row)]) + rest(items.length, noun);
}

/** Where not all can be shown, those that need looking after come first. */
function first<T>(items: readonly T[], isStrange: (item: T) => boolean): readonly T[] {
  if (items.length <= shownAtMost) return items;
  return [...items.filter(isStrange), ...items.filter((item) => !isStrange(item))];
}

const namedAtMost = 3;

function serviceRow({ name, address, ports, announcedBy }: ServiceStatus): string[] {
  const nodes = announcedBy.slice(0, namedAtMost).map(({ node }) => node);
  const more = announcedBy.length - nodes.length;
  return [
    name,
    address ?? colours.yellow("pending"),
    ports.join(", "),
    nodes.join(", ") + (more > 0 ? ` and ${more} more` : "") || "-",
    sinceText(announcedBy[0]?.since),
  ];
}

const isFine = (kubeProxy: NodeStatus["kubeProxy"]) => kubeProxy === "ready" || kubeProxy === "unmanaged";

function nodeRow({ name, address, status, since, kubeProxy, speaker }: NodeStatus): string[] {
  return [
    name,
    address,
    status === "Ready" ? colours.green(status) : colours.red(status),
    since === undefined ? "-" : timeText(since),
    isFine(kubeProxy) ? kubeProxy : colours.red(kubeProxy),
    speaker === "ready" ? speaker : colours.red(speaker),
  ];
}

function sinceText(since: Since | undefined): string {
  return since === undefined ? "-" : `${since.before ? "before " : ""}${timeText(since.at)}`;
}

/** "2026-11-24 06:49:57 UTC" */
export const timeText = (time: string) => `${time.slice(0, 19).replace("T", " ")} UTC`;
