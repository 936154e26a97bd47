import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A request that changes something. */
export interface Change {
  readonly method: string;
  /** Below /api/v2. */
  readonly path: string;
  readonly body: unknown;
}

/** A workspace of the server, as a test sets it up. */
export interface WorkspaceFixture {
  readonly execution: "remote" | "agent" | "local";
  /** The id of its pool. */
  readonly agentPool?: string;
  readonly locked?: boolean;
  /** The user who holds the lock. */
  readonly lockedBy?: string;
}

/** What a request is answered with, and the status where it is not the usual one; 0: never. */
export type Answer = Readonly<Record<string, unknown>> & { readonly status?: number };

export interface CloudServerOptions {
  readonly workspaces?: Readonly<Record<string, WorkspaceFixture>>;
  /** Statuses of each pool's agents. */
  readonly agents?: Readonly<Record<string, readonly string[]>>;
  /** How far a run comes: nothing takes it, its workspace lets no run in, it is planned, or somebody discarded it. */
  readonly runs?: "waiting" | "pending" | "planned" | "discarded";
  /** Whether a run comes without its plan, though that was asked for. @default false */
  readonly withoutIncluded?: boolean;
  /** The plan of each run as JSON. */
  readonly plan?: unknown;
  /** What answers before the server does, which it does where this is undefined. */
  readonly answer?: (request: Change) => Answer | undefined;
}

export const organization = "acme";
export const token = "a-token-of-the-test";

interface Run {
  readonly id: string;
  readonly workspace: string;
  readonly planOnly: boolean;
  readonly attributes: unknown;
  status: string;
}

/**
 * A server on loopback that speaks the documented API of Terraform Enterprise, as far as Terraform asks for a plan and as
 * these tests do: https://developer.hashicorp.com/terraform/cloud-docs/api-docs
 */
export class CloudServer {
  readonly requests: string[] = [];
  readonly changes: Change[] = [];
  readonly runs: Run[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), "cloud-server-"));
  private readonly uploads = new Map<string, { readonly speculative: boolean; isUploaded: boolean }>();
  private readonly server: Server;

  private constructor(private readonly options: CloudServerOptions) {
    const [key, certificate] = [join(this.folder, "key.pem"), this.certificate];
    const words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost";
    const names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate];
    spawnSync("openssl", [...words.split(" "), ...names]);
    this.server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) => {
      void this.handle(request, response);
    });
  }

  static async start(options: CloudServerOptions = {}): Promise<CloudServer> {
    const cloud = new CloudServer(options);
    await new Promise<void>((done) => cloud.server.listen(0, "127.0.0.1", done));
    cloud.hostname = `localhost:${(cloud.server.address() as AddressInfo).port}`;
    const credentials = `credentials "${cloud.hostname}" {\n  token = "${token}"\n}\n`;
    writeFileSync(cloud.environment.TF_CLI_CONFIG_FILE, credentials);
    return cloud;
  }

  private get certificate(): string {
    return join(this.folder, "certificate.pem");
  }

  /** localhost, with its port. */
  hostname = "";

  /** What leads Terraform, and this project's commands, to the server with its token. */
  get environment(): { readonly SSL_CERT_FILE: string; readonly TF_CLI_CONFIG_FILE: string } {
    return { SSL_CERT_FILE: this.certificate, TF_CLI_CONFIG_FILE: join(this.folder, "terraform.rc") };
  }

  /** Is told of each request before it is answered. */
  onRequest: (request: IncomingMessage) => unknown = () => undefined;

  /** Whoever trusts this server's certificate trusts the other's, too. */
  trust(other: CloudServer): void {
    appendFileSync(this.certificate, readFileSync(other.certificate));
  }

  /** From here on nobody answers. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((done) => this.server.close(done));
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.onRequest(request);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const raw = Buffer.concat(parts);
    const { method = "GET", url = "" } = request;
    const { pathname, search, searchParams } = new URL(url, `https://${this.hostname}`);
    response.setHeader("TFP-API-Version", "2.6");
    response.setHeader("TFP-AppName", "Terraform Enterprise");
    const send = (status: number, body?: unknown) => {
      response.writeHead(status, { "Content-Type": "application/vnd.api+json" });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    };
    if (pathname === "/.well-known/terraform.json") {
      response.writeHead(200, { "Content-Type": "application/json" }).end('{"tfe.v2":"/api/v2/"}');
      return;
    }
    if (pathname.startsWith("/upload/")) {
      const upload = this.uploads.get(pathname.slice("/upload/".length));
      if (upload) upload.isUploaded = true;
      return send(200);
    }
    if (pathname.startsWith("/log/")) {
      // Between two marks, behind which nothing comes. Of a run that nothing has taken there is no log.
      const run = this.runs.find(({ id }) => pathname.endsWith(id));
      const log = run?.status.startsWith("planned") ? "\u0002Terraform v1.11.4\non linux_amd64\n\u0003" : "";
      response.end(log.slice(Number(searchParams.get("offset"))));
      return;
    }
    if (request.headers.authorization !== `Bearer ${token}`) return send(401, { errors: [{ title: "unauthorized" }] });
    const path = pathname.replace(/^\/api\/v2/, "").replace(/\/$/, "");
    this.requests.push(`${method} ${path}${search}`);
    const body = raw.length === 0 ? undefined : (JSON.parse(raw.toString("utf8")) as unknown);
    if (method !== "GET") this.changes.push({ method, path, body: structuredClone(body) });
    const answer = this.answer({ method, path, body });
    if (answer === undefined) return send(404, { errors: [{ status: "404", title: "not found" }] });
    const { status = method === "POST" ? 201 : 200, ...content } = answer;
    if (status === 0) return;
    if (typeof content["location"] === "string") response.setHeader("Location", content["location"]);
    send(status, status === 204 ? undefined : content);
  }

  private answer(request: Change): Answer | undefined {
    const { method, path, body } = request;
    const [kind, id = "", ...rest] = path.split("/").slice(1).map(decodeURIComponent);
    const below = rest.join("/");
    const own = this.options.answer?.(request);
    if (own !== undefined) return own;
    if (path === "/ping") return { status: 204 };
    if (kind === "organizations" && id === organization) {
      if (below === "entitlement-set") return { data: entitlements };
      if (below === "capacity") return { data: { id: "c", type: "organization-capacity", attributes: { running: 0 } } };
      if (below === "runs/queue") return { data: [], meta: onePage };
      if (method === "GET" && rest[0] === "workspaces" && rest.length === 2) return this.workspace(rest[1] ?? "");
    }
    if (kind === "workspaces") {
      const name = id.replace(/^ws-/, "");
      if (below === "configuration-versions" && method === "POST") return { data: this.upload(body) };
      if (below === "runs") return { data: this.runs.map((run) => this.run(run)), meta: onePage };
      if (below === "actions/lock" && this.options.workspaces?.[name]?.locked) {
        return { status: 409, errors: [{ status: "409", title: "conflict", detail: "already locked" }] };
      }
      if (below === "" || below.startsWith("actions/")) return this.workspace(name);
    }
    if (kind === "configuration-versions") return { data: this.version(id) };
    if (kind === "runs" && method === "POST" && id === "") return { data: this.run(this.newRun(body)) };
    const run = this.runs.find((one) => id.endsWith(one.id.slice(4)));
    if (run !== undefined) {
      if (kind === "runs" && below === "actions/cancel") run.status = "canceled";
      if (kind === "runs" && below === "actions/discard") run.status = "discarded";
      if (kind === "runs" && below.startsWith("actions/")) return { status: 202 };
      if (kind === "runs" && below === "run-events") return { data: [], meta: onePage };
      if (kind === "runs" && below === "") {
        // Some servers leave out what `terraform show` has included.
        return { data: this.run(run), included: this.options.withoutIncluded ? [] : [this.plan(run)] };
      }
      if (kind === "plans" && below === "") return { data: this.plan(run) };
      if (kind === "plans" && below === "json-output") return this.options.plan as Answer;
    }
    if (kind === "agent-pools" && below === "agents" && this.options.agents?.[id] !== undefined) {
      const agents = this.options.agents[id].map((status, index) => ({
        id: `agent-${index}`,
        type: "agents",
        attributes: { status },
      }));
      return { data: agents, meta: onePage };
    }
    return undefined;
  }

  private workspace(name: string): Answer | undefined {
    const fixture = this.options.workspaces?.[name];
    if (fixture === undefined) return undefined;
    const { execution, agentPool, locked = false, lockedBy } = fixture;
    const user = { id: "user-1", type: "users" };
    return {
      data: {
        id: `ws-${name}`,
        type: "workspaces",
        attributes: {
          name,
          "execution-mode": execution,
          operations: execution !== "local",
          locked,
          "terraform-version": "1.11.4",
          permissions: Object.fromEntries(
            ["destroy", "lock", "queue-apply", "queue-run", "unlock", "update"].map((one) => [`can-${one}`, true]),
          ),
        },
        relationships: {
          organization: { data: { id: organization, type: "organizations" } },
          ...(agentPool && { "agent-pool": { data: { id: agentPool, type: "agent-pools" } } }),
          ...(lockedBy && { "locked-by": { data: user } }),
        },
      },
      included: lockedBy ? [{ ...user, attributes: { username: lockedBy } }] : [],
    };
  }

  private upload(body: unknown): object {
    const { data } = body as { data: { attributes: { speculative: boolean } } };
    const id = `cv-${this.uploads.size + 1}`;
    this.uploads.set(id, { speculative: data.attributes.speculative, isUploaded: false });
    return this.version(id);
  }

  private version(id: string): object {
    const status = this.uploads.get(id)?.isUploaded ? "uploaded" : "pending";
    const uploadUrl = `https://${this.hostname}/upload/${id}`;
    return { id, type: "configuration-versions", attributes: { status, "upload-url": uploadUrl } };
  }

  private newRun(body: unknown): Run {
    const { data } = body as {
      data: {
        attributes: object;
        relationships: Record<"workspace" | "configuration-version", { data: { id: string } }>;
      };
    };
    const { runs: fate = "planned" } = this.options;
    const planOnly = this.uploads.get(data.relationships["configuration-version"].data.id)?.speculative ?? false;
    const status =
      fate === "waiting" ? "plan_queued" : fate !== "planned" ? fate : planOnly ? "planned_and_finished" : "planned";
    const run = {
      id: `run-${"abcdefgh"[this.runs.length] ?? "z"}1`,
      workspace: data.relationships.workspace.data.id,
      planOnly,
      attributes: data.attributes,
      status,
    };
    this.runs.push(run);
    return run;
  }

  private run({ id, workspace, status }: Run): object {
    const isEnded = ["planned_and_finished", "canceled", "discarded"].includes(status);
    return {
      id,
      type: "runs",
      attributes: {
        status,
        "has-changes": true,
        actions: {
          "is-cancelable": !isEnded && status !== "planned",
          "is-confirmable": status === "planned",
          "is-discardable": status === "planned",
        },
      },
      relationships: {
        plan: { data: { id: `plan-${id.slice(4)}`, type: "plans" } },
        workspace: { data: { id: workspace, type: "workspaces" } },
      },
    };
  }

  private plan({ id, status }: Run): { readonly id: string; readonly type: string; readonly attributes: object } {
    const isPlanned = status.startsWith("planned");
    return {
      id: `plan-${id.slice(4)}`,
      type: "plans",
      attributes: {
        status: isPlanned ? "finished" : status === "plan_queued" ? "queued" : "canceled",
        "has-changes": true,
        "log-read-url": `https://${this.hostname}/log/${id}`,
      },
    };
  }
}

const onePage = { pagination: { "current-page": 1, "next-page": null, "total-pages": 1, "total-count": 1 } };

const entitlements = {
  id: "org-1",
  type: "entitlement-sets",
  attributes: { operations: true, "state-storage": true, agents: true },
};
