import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";

/** What the API holds: objects (JSON) and texts by path. What is not in it gets 404. */
export type Objects = Record<string, unknown>;

/** A request that changes something. */
export interface Change {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** A Kubernetes API over HTTP that serves what a test gives it, and a kubeconfig that leads to it. */
export class KubernetesServer {
  readonly changes: Change[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
  readonly kubeconfig = join(this.folder, "kubeconfig");
  private readonly server: Server;

  /** @param onChange what a change does to the objects, and what it is answered with. */
  constructor(objects: Objects, onChange: (change: Change) => unknown = () => ({})) {
    this.server = createServer((request, response) => {
      void textOf(request).then((text) => {
        const path = decodeURIComponent((request.url ?? "").split("?")[0] ?? "");
        let found = objects[path];
        if (request.method !== "GET") {
          const change = { method: request.method ?? "", path, body: text === "" ? undefined : JSON.parse(text) };
          this.changes.push(change);
          found = onChange(change);
        }
        if (typeof found === "string") {
          response.writeHead(200, { "content-type": "text/plain" }).end(found);
          return;
        }
        const status = { kind: "Status", message: `${path} not found`, code: 404 };
        response
          .writeHead(found === undefined ? 404 : 200, { "content-type": "application/json" })
          .end(JSON.stringify(found ?? status));
      });
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    const { port } = this.server.address() as AddressInfo;
    const config = {
      clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
      users: [{ name: "u", user: {} }],
      contexts: [{ name: "admin", context: { cluster: "c", user: "u" } }],
    };
    writeFileSync(this.kubeconfig, stringify(config));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
    rmSync(this.folder, { recursive: true });
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk as string;
  return text;
}
