import { z } from "zod";
import { expectation } from "../../../values/expectation";
import { dnsLabel, flag, hostAndPort, localPath, someText, text, webAddress } from "../../../values/scalars";

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
      error: expectation(
        "remote, agent or local",
        "write what the settings of the workspaces say under Execution Mode",
      ),
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
        expectation(
          "a tag: lower-case letters, digits, colons, hyphens and underscores",
          "write a word such as production",
        ),
      ),
      { error: expectation("a list of tags", "write them as [one, two]") },
    )
    .default([])
    .meta({
      description: "Tags of the workspaces beside the cluster's and the stack's name, as `cloud setup` sets them.",
    }),
  workspacePrefix: dnsLabel
    .optional()
    .meta({ description: "Workspaces are named <prefix>-<stack>. Default: the cluster's name." }),
});

const s3StateSchema = z.strictObject({
  backend: z.literal("s3"),
  bucket: someText("the name of a bucket").meta({
    description: "The bucket. States are its objects <cluster>/<stack>.tfstate. Credentials: AWS_… of the environment.",
  }),
  region: someText("the name of a region, such as eu-central-1").meta({
    description: "The bucket's region; for a server that has none, such as MinIO, us-east-1.",
  }),
  keyPrefix: z
    .string()
    .regex(/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/, {
      error: expectation(
        "names of letters, digits and . _ -, joined by slashes, with no slash at either end",
        "write it as terraform or teams/search",
      ),
    })
    .optional()
    .meta({
      description: "What stands in front of <cluster>/<stack>.tfstate, with a slash between. Default: nothing.",
    }),
  endpoint: webAddress
    .optional()
    .meta({ description: "URL of a server with the S3 API, such as MinIO's or Ceph's. Default: Amazon's." }),
  encrypt: flag.default(true).meta({
    description: "Asks the server to encrypt the states. false for a server that cannot, such as MinIO without keys.",
  }),
});

const pgStateSchema = z.strictObject({
  backend: z.literal("pg").meta({
    description:
      "PostgreSQL: a schema <cluster>-<stack> each. Address and credentials: PG_CONN_STR, or PGHOST, PGUSER, ….",
  }),
});

const kubernetesStateSchema = z.strictObject({
  backend: z.literal("kubernetes").meta({
    description: "Secrets of a Kubernetes cluster, tfstate-default-<cluster>-<stack>; better another one than this.",
  }),
  namespace: dnsLabel.default("kube-system").meta({ description: "The namespace of the Secrets, which exists." }),
  kubeconfig: localPath
    .default("~/.kube/config")
    .meta({ description: "Path of a kubeconfig file of the cluster that keeps the states." }),
  context: someText("the name of a context in the kubeconfig").meta({
    description: "The kubeconfig's context, so that no other cluster keeps them by mistake.",
  }),
});

const httpStateSchema = z.strictObject({
  backend: z.literal("http"),
  address: webAddress.meta({
    description:
      "URL of a server that keeps states; they are at <address>/<cluster>-<stack>. Credentials: TF_HTTP_USERNAME and TF_HTTP_PASSWORD.",
  }),
  lockMethod: z
    .enum(["LOCK", "POST"], {
      error: expectation("LOCK or POST", "write POST for GitLab, and LOCK for a server as Terraform documents it"),
    })
    .default("LOCK")
    .meta({
      description:
        "How a state is locked. LOCK: by LOCK and UNLOCK at its own address. POST: by POST and DELETE at /lock below it, as GitLab has it.",
    }),
});

const backends = [
  localStateSchema,
  cloudStateSchema,
  s3StateSchema,
  pgStateSchema,
  kubernetesStateSchema,
  httpStateSchema,
] as const;

export const stateSchema = z.discriminatedUnion("backend", backends, {
  error: expectation(
    "local, cloud, s3, pg, kubernetes or http",
    "write one of them; docs/state.md has what each of them needs",
  ),
});

/** The section `state`, with every default in its place. */
export type StateConfig = z.output<typeof stateSchema>;

/** The section with `backend: cloud`. */
export type CloudStateConfig = Extract<StateConfig, { backend: "cloud" }>;

/** The server that runs Terraform, or has it run by an agent; undefined where it runs where it is started. */
export const serverThatRuns = (state: StateConfig): string | undefined =>
  state.backend === "cloud" && state.execution !== "local" ? state.hostname : undefined;
