import { z } from "zod";
import { explain } from "../../../values/explain";
import { dnsLabel, hostAndPort, someText, text } from "../../../values/scalars";

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
  agentPool: someText("the name of an agent pool").optional().meta({
    description: "The pool whose agents run the workspaces, with execution: agent, as `cloud setup` sets it.",
  }),
  tags: z
    .array(
      text(
        /^[a-z0-9]([a-z0-9:_-]*[a-z0-9])?$/,
        explain(
          "a tag: lower-case letters, digits, colons, hyphens and underscores",
          "write a word such as production",
        ),
      ),
      { error: explain("a list of tags", "write them as [one, two]") },
    )
    .default([])
    .meta({
      description: "Tags of the workspaces beside the cluster's and the stack's name, as `cloud setup` sets them.",
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

/** The section with `backend: cloud`. */
export type CloudStateConfig = Extract<StateConfig, { backend: "cloud" }>;

/** The name of a stack's workspace. */
export const workspaceOf = (state: Pick<CloudStateConfig, "workspacePrefix">, cluster: string, stack: string): string =>
  `${state.workspacePrefix ?? cluster}-${stack}`;

/** The server that runs Terraform, or has it run by an agent; undefined where it runs where it is started. */
export const serverThatRuns = (state: StateConfig): string | undefined =>
  state.backend === "cloud" && state.execution !== "local" ? state.hostname : undefined;
