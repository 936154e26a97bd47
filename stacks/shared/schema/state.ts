import { z } from "zod";
import { explain } from "../../../values/explain";
import { dnsLabel, dnsSubdomain, someText } from "../../../values/scalars";

const localStateSchema = z.strictObject({
  backend: z.literal("local"),
});

const cloudStateSchema = z.strictObject({
  backend: z.literal("cloud"),
  organization: someText("the name of an HCP Terraform organization").meta({
    description: "The HCP Terraform organization.",
  }),
  hostname: dnsSubdomain
    .default("app.terraform.io")
    .meta({ description: "Host of HCP Terraform or Terraform Enterprise." }),
  project: someText("the name of a project")
    .optional()
    .meta({ description: "The project that new workspaces are made in." }),
  workspacePrefix: dnsLabel
    .optional()
    .meta({ description: "Workspaces are named <prefix>-<stack>. Default: the cluster's name." }),
});

export const stateSchema = z.discriminatedUnion("backend", [localStateSchema, cloudStateSchema], {
  error: explain("local or cloud", "write backend: local, or backend: cloud with an organization"),
});

/** The section `state`, with every default in its place. */
export type StateConfig = z.output<typeof stateSchema>;
