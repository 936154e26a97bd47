import "./in-terminal";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { driftText } from "../../cli/drift-report";
import { explainText } from "../../cli/explain-report";
import { statusText } from "../../cli/status-report";
import type { ExplainReport } from "../../day-two/explain/explain";
import type { DriftReport } from "../../day-two/drift";
import type { StatusReport } from "../../day-two/status/status";
import drift from "./drift.json";
import explain from "./explain.json";
import status from "./status.json";
import { terminalPicture } from "./terminal-picture";

// What the commands found, as --json has it: status and drift on a lab of two nodes on 26 November 2026, the second one after
// a ConfigMap and a file were deleted; explain on the cluster of its own tests, with no ready pod. The pictures are what the
// commands print of it today.

/** The pictures, by their files' names. */
export function screens(): Readonly<Record<string, string>> {
  return {
    "status.svg": terminalPicture({
      title: "npx baremetal-lb status",
      description:
        "A pool with what is free of it, a Service with the node that announces it, and two nodes that are ready.",
      command: "npx baremetal-lb status",
      output: statusText(status as StatusReport),
    }),
    "drift.svg": terminalPicture({
      title: "npx baremetal-lb drift",
      description:
        "Two stacks are as declared; of the third a ConfigMap is missing, and a file on node2. heal repairs both.",
      command: "npx baremetal-lb drift",
      output: driftText(drift as DriftReport),
    }),
    "explain.svg": terminalPicture({
      title: "npx baremetal-lb explain",
      description:
        "The story of a Service line by line; its cause is that no pod behind it is ready, with what mends it.",
      command: "npx baremetal-lb explain default/web",
      output: explainText(explain as ExplainReport),
    }),
  };
}

if (require.main === module) {
  for (const [name, picture] of Object.entries(screens())) writeFileSync(join(__dirname, "../pictures", name), picture);
}
