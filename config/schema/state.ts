import { z } from "zod";
import { dnsLabel } from "./scalars";

const localStateSchema = z.strictObject({
  backend: z.literal("local"),
});

const cloudStateSchema = z.strictObject({
  backend: z.literal("cloud"),
  organization: z.string().min(1).meta({ description: "The HCP Terraform organization." }),
  hostname: z
    .string()
    .min(1)
    .default("app.terraform.io")
    .meta({ description: "Host of HCP Terraform or Terraform Enterprise." }),
  project: z.string().min(1).optional().meta({ description: "The project that new workspaces are made in." }),
  workspacePrefix: dnsLabel
    .optional()
    .meta({ description: "Workspaces are named <prefix>-<stack>. Default: the cluster's name." }),
});

export const stateSchema = z.discriminatedUnion("backend", [localStateSchema, cloudStateSchema], {
  error: "expected backend: local or backend: cloud",
});
