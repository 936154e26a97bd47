import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** Terraform's note of who holds a lock. */
interface Lock {
  readonly ID: string;
}

/**
 * A server of states that speaks the protocol of Terraform's backend http, with basic authentication: GET, POST and DELETE of
 * a state, LOCK and UNLOCK of it, or POST and DELETE of /lock below it; 423 with the note of the lock that holds it.
 */
export class StateServer {
  /** States by their path. */
  readonly states = new Map<string, string>();
  readonly locks = new Map<string, Lock>();
  /** "LOCK /demo-nodes" */
  readonly requests: string[] = [];
  /** Is called before each write; what it throws is the server's failure. */
  beforeWrite: (path: string) => void = () => undefined;
  private readonly server: Server;

  private constructor(readonly environment: Readonly<Record<string, string>>) {
    const { TF_HTTP_USERNAME: user, TF_HTTP_PASSWORD: password } = environment;
    const wanted = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    this.server = createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        if (request.headers.authorization !== wanted) response.writeHead(401).end();
        else this.answer(request, response, body);
      });
    });
  }

  static async start(): Promise<StateServer> {
    const server = new StateServer({ TF_HTTP_USERNAME: "search", TF_HTTP_PASSWORD: "kept-out-of-files" });
    await new Promise<void>((done) => server.server.listen(0, "127.0.0.1", done));
    return server;
  }

  get address(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/states`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private answer({ method = "", url = "" }: IncomingMessage, response: ServerResponse, body: string): void {
    const { pathname, searchParams } = new URL(url, "http://state");
    this.requests.push(`${method} ${pathname}`);
    const path = pathname.replace(/\/lock$/, "");
    const verb = path === pathname ? method : { POST: "LOCK", DELETE: "UNLOCK" }[method];
    const held = this.locks.get(path);
    switch (verb) {
      case "GET": {
        const state = this.states.get(path);
        return void (state === undefined ? response.writeHead(404).end() : response.end(state));
      }
      case "POST":
        if (held !== undefined && searchParams.get("ID") !== held.ID) return void response.writeHead(409).end();
        try {
          this.beforeWrite(path);
        } catch {
          return void response.writeHead(500).end();
        }
        this.states.set(path, body);
        return void response.end();
      case "LOCK":
        if (held !== undefined) return void response.writeHead(423).end(JSON.stringify(held));
        this.locks.set(path, JSON.parse(body) as Lock);
        return void response.end();
      case "UNLOCK":
        this.locks.delete(path);
        return void response.end();
      default:
        return void response.writeHead(405).end();
    }
  }
}
