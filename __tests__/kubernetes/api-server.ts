import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
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

/** A small HTTP server in the Kubernetes API's place, and a kubeconfig that leads to it. */
export class ApiServer {
  /** Paths with their queries, in the order of arrival. */
  readonly requests: string[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
  readonly kubeconfig = join(this.folder, "kubeconfig");
  private readonly server: Server;

  private constructor(answers: Readonly<Record<string, Answer>>) {
    this.server = createServer((request, response) => {
      const url = request.url ?? "";
      this.requests.push(url);
      const answer = answers[decodeURIComponent(url.split("?")[0] ?? "")];
      if (answer === "silence") return;
      if (answer === undefined) {
        response.writeHead(404, { "content-type": "application/json" });
        response.end(JSON.stringify({ kind: "Status", message: `no ${url}`, code: 404 }));
      } else if ("text" in answer) {
        response.writeHead(200, { "content-type": "text/plain" }).end(answer.text);
      } else {
        const status = "status" in answer ? answer.status : 200;
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer.json));
      }
    });
  }

  static async start(answers: Readonly<Record<string, Answer>> = {}): Promise<ApiServer> {
    const api = new ApiServer(answers);
    await new Promise<void>((done) => api.server.listen(0, "127.0.0.1", done));
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
