import { z } from "zod";
import { explain } from "../../../values/explain";
import { dnsLabel, hostAndPort, someText } from "../../../values/scalars";

const localStateSchema = z.strictObject({
  backend: z.literal("local"),
});

const cloudStateSchema = z.strictObject({
  backend: z.literal("cloud"),
  organization: someText("the name of an HCP Terraform organization").meta({
    description: "The HCP Terraform organization.",
  }),
  hostname: hostAndPort
    .default("app.terraform.io")
    .meta({ description: "Host of HCP Terraform or Terraform Enterprise, with :PORT if it is not 443." }),
  project: someText("the name of a project")
    .optional()
    .meta({ description: "The project that new workspaces are made in." }),
  execution: z
    .enum(["remote", "agent", "local"], {
      error: explain("remote, agent or local", "write what the settings of the workspaces say under Execution Mode"),
    })
    // As new workspaces have it; and where it is not known, no secret may leave this machine.
    .default("remote")
    .meta({
      description:
        "The workspaces' execution mode. remote, agent: they run Terraform, with the credentials that are sensitive variables of theirs. local: Terraform runs where it is started, with TF_VAR_….",
    }),
  workspacePrefix: dnsLabel
    .optional()
    .meta({ description: "Workspaces are named <prefix>-<stack>. Default: the cluster's name." }),
});

export const stateSchema = z.discriminatedUnion("backend", [localStateSchema, cloudStateSchema], {
  error: explain("local or cloud", "write backend: local, or backend: cloud with an organization"),
});

/** The section `state`, with every default in its place. */
export type StateConfig = z.output<typeof stateSchema>;

/** The server that runs Terraform, or has it run by an agent; undefined where it runs where it is started. */
export const serverThatRuns = (state: StateConfig): string | undefined =>
  state.backend === "cloud" && state.execution !== "local" ? state.hostname : undefined;
