import "./in-terminal";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { driftText } from "../../cli/drift-report";
import { explainText } from "../../cli/explain-report";
import { statusText } from "../../cli/status-report";
import { verifyText } from "../../cli/verify-report";
import type { ExplainReport } from "../../day-two/explain/explain";
import type { DriftReport } from "../../day-two/drift";
import type { StatusReport } from "../../day-two/status/status";
import type { VerifyReport } from "../../day-two/verify/check";
import drift from "./drift.json";
import explain from "./explain.json";
import status from "./status.json";
import { terminalPicture } from "./terminal-picture";
import verify from "./verify.json";

// What the commands found, as --json has it, on labs of two nodes on 26 November 2026: drift after a ConfigMap and a file were
// deleted, explain after the Deployment behind the Service was scaled to nothing, verify after a kernel setting was set back.
// The pictures are what the commands print of it today.

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
      description: "The story of a Service line by line; its cause is that no pod is behind it, with what mends it.",
      command: "npx baremetal-lb explain default/web",
      output: explainText(explain as ExplainReport),
    }),
    "verify.svg": terminalPicture({
      title: "npx baremetal-lb verify",
      description:
        "A line for each node and each subject; of node2 the check that failed, with what mends it. All others are ok.",
      command: "npx baremetal-lb verify",
      output: verifyText(verify as VerifyReport, { all: false }),
    }),
  };
}

if (require.main === module) {
  for (const [name, picture] of Object.entries(screens())) writeFileSync(join(__dirname, "../pictures", name), picture);
}
