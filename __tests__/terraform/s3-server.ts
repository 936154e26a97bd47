import { createHash } from "node:crypto";
import { createServer, type Server, type ServerResponse } from "node:http";

/** What of S3's API Terraform's backend needs: objects by path, with a condition that an object is not there yet. */
export class S3Server {
  /** Objects by bucket and key: "states/demo/nodes.tfstate". */
  readonly objects = new Map<string, Buffer>();
  /** "PUT states/demo/nodes.tfstate" */
  readonly requests: string[] = [];
  readonly environment = {
    AWS_ACCESS_KEY_ID: "search",
    AWS_SECRET_ACCESS_KEY: "kept-out-of-files",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const { method = "", url = "", headers } = request;
        const { pathname, searchParams } = new URL(url, "http://s3");
        const key = decodeURIComponent(pathname.slice(1)).replace(/\/$/, "");
        this.requests.push(`${method} ${key}`);
        if (!headers.authorization?.includes("Credential=search/")) return void refused(response, 403, "AccessDenied");
        const onlyNew = headers["if-none-match"] === "*";
        if (searchParams.has("list-type")) return void response.end(this.list(key, searchParams.get("prefix") ?? ""));
        return this.answer(method, key, { onlyNew, body: unchunked(Buffer.concat(parts), headers), response });
      });
    });
  }

  static async start(): Promise<S3Server> {
    const server = new S3Server();
    await new Promise<void>((done) => server.server.listen(0, "127.0.0.1", done));
    return server;
  }

  get endpoint(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private answer(
    method: string,
    key: string,
    { onlyNew, body, response }: { onlyNew: boolean; body: Buffer; response: ServerResponse },
  ): void {
    const found = this.objects.get(key);
    switch (method) {
      case "PUT":
        if (onlyNew && found !== undefined) return refused(response, 412, "PreconditionFailed");
        this.objects.set(key, body);
        return void response.writeHead(200, { etag: etag(body) }).end();
      case "DELETE":
        this.objects.delete(key);
        return void response.writeHead(204).end();
      default:
        if (found === undefined) return refused(response, 404, "NoSuchKey");
        return void response
          .writeHead(200, { etag: etag(found), "content-length": found.length })
          .end(method === "HEAD" ? undefined : found);
    }
  }

  private list(bucket: string, prefix: string): string {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(`${bucket}/${prefix}`));
    const contents = keys.map((key) => `<Contents><Key>${key.slice(bucket.length + 1)}</Key></Contents>`);
    return `<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>${contents.join("")}</ListBucketResult>`;
  }
}

const etag = (body: Buffer): string => `"${createHash("md5").update(body).digest("hex")}"`;

function refused(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { "content-type": "application/xml" })
    .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

/** A body that the client signs in pieces: SIZE;… CR LF, the piece, CR LF. */
function unchunked(body: Buffer, headers: Readonly<Record<string, unknown>>): Buffer {
  if (!String(headers["content-encoding"] ?? "").includes("aws-chunked")) return body;
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const end = body.indexOf("\r\n", at);
    const size = parseInt(body.subarray(at, end).toString(), 16);
    if (!(size > 0)) break;
    pieces.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(pieces);
}
