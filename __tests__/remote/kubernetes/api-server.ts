import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";

/** An answer to GET of a path: JSON, text, or another status than 200; "silence" never answers. */
export type Answer =
  | { readonly json: unknown }
  | { readonly text: string }
  | { readonly status: number; readonly json: unknown }
  | "silence";

/** A request that changes something. */
export interface Change {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** A change that is refused. */
export class Refusal {
  constructor(
    readonly status: number,
    readonly json: unknown,
  ) {}
}

/** A small HTTP server in the Kubernetes API's place, and a kubeconfig that leads to it. */
export class ApiServer {
  /** Paths with their queries, in the order of arrival. */
  readonly requests: string[] = [];
  readonly changes: Change[] = [];
  /** Every request with its method, in the order of arrival: "GET /api/v1/namespaces". */
  readonly verbs: string[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
  readonly kubeconfig = join(this.folder, "kubeconfig");
  private readonly server: Server;

  private constructor(
    answerTo: (path: string, query: URLSearchParams) => Answer | undefined,
    onChange: (change: Change) => unknown,
  ) {
    this.server = createServer((request, response) => {
      void textOf(request).then((text) => {
        const url = request.url ?? "";
        this.requests.push(url);
        const [before = "", query] = url.split("?");
        const path = decodeURIComponent(before);
        const { method = "GET" } = request;
        this.verbs.push(`${method} ${path}`);
        if (method === "GET") {
          respond(response, path, answerTo(path, new URLSearchParams(query)));
          return;
        }
        const change = { method, path, body: text === "" ? undefined : (JSON.parse(text) as unknown) };
        this.changes.push(change);
        const done = onChange(change);
        respond(response, path, done instanceof Refusal ? done : { json: done });
      });
    });
  }

  /**
   * @param answers by path, looked up at each request; what is not among them gets 404.
   * @param onChange what a change does, and what it is answered with, or a Refusal. Default: nothing, and an empty object.
   * @param port where it listens, such as that of one that was stopped. Default: any that is free.
   */
  static async start(
    answers: Readonly<Record<string, Answer>> | ((path: string, query: URLSearchParams) => Answer | undefined) = {},
    onChange: (change: Change) => unknown = () => ({}),
    port = 0,
  ): Promise<ApiServer> {
    const api = new ApiServer(typeof answers === "function" ? answers : (path) => answers[path], onChange);
    await new Promise<void>((done) => api.server.listen(port, "127.0.0.1", done));
    writeKubeconfig(api.kubeconfig, `http://127.0.0.1:${api.port}`);
    return api;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    rmSync(this.folder, { recursive: true });
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

function respond(response: ServerResponse, path: string, answer: Answer | undefined): void {
  if (answer === "silence") return;
  if (answer !== undefined && "text" in answer) {
    response.writeHead(200, { "content-type": "text/plain" }).end(answer.text);
    return;
  }
  const missing = { status: 404, json: { kind: "Status", message: `${path} not found`, code: 404 } };
  const { json, status } = { status: 200, ...(answer ?? missing) };
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk as string;
  return text;
}

/** A kubeconfig with the context admin. Its current context is another, which leads nowhere. */
export function writeKubeconfig(file: string, server: string): void {
  // The client refuses plain HTTP unless it is told not to verify.
  const clusterOf = (url: string) => ({ server: url, "insecure-skip-tls-verify": true });
  writeFileSync(
    file,
    stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        { name: "c", cluster: clusterOf(server) },
        { name: "nowhere", cluster: clusterOf("http://127.0.0.1:2") },
      ],
      users: [{ name: "u", user: { token: "secret" } }],
      contexts: [
        { name: "other", context: { cluster: "nowhere", user: "u" } },
        { name: "admin", context: { cluster: "c", user: "u" } },
      ],
      "current-context": "other",
    }),
  );
}
