import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createSecureServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { askEndpoints, identityAt } from "../../../day-two/verify/ask-endpoints";

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => server?.close(done));
});

/** A Service whose n-th connection is answered by the endpoint that started at `startOf(n)`; undefined: never. */
async function serve(startOf: (connection: number) => number | undefined): Promise<string> {
  let connections = 0;
  const starts = new WeakMap<object, number>();
  server = createServer((request, response) => {
    const start = starts.get(request.socket);
    if (start !== undefined) response.end(`process_start_time_seconds ${start}\n`);
  });
  server.on("connection", (socket) => {
    const start = startOf(connections);
    connections += 1;
    if (start !== undefined) starts.set(socket, start);
  });
  await new Promise<void>((done) => server?.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

const endpoints = new Map([
  [1795502976.7, "node1"],
  [1795502978.5, "node2"],
]);

it("asks over new connections until every endpoint has answered", async () => {
  const url = await serve((connection) => (connection < 6 ? 1795502978.5 : 1795502976.7));
  expect(await askEndpoints(url, { endpoints, enough: 2 }, { seconds: 10 })).toStrictEqual({
    answered: ["node1", "node2"],
    requests: 8,
  });
});

it("is content with one endpoint where a client is always sent to the same one", async () => {
  const url = await serve(() => 1795502978.5);
  expect(await askEndpoints(url, { endpoints, enough: 1 }, { seconds: 10 })).toStrictEqual({
    answered: ["node2"],
    requests: 4,
  });
});

it("ends after its time with who did answer, and why requests were not answered", async () => {
  const url = await serve((connection) => (connection % 2 === 0 ? 1795502978.5 : undefined));
  const { answered, problem } = await askEndpoints(url, { endpoints, enough: 2 }, { seconds: 1 });
  expect({ answered, problem }).toStrictEqual({ answered: ["node2"], problem: "no answer within 3 s" });
});

it("an answer of something else counts for nobody", async () => {
  const url = await serve(() => 1);
  expect(await askEndpoints(url, { endpoints, enough: 1 }, { seconds: 0 })).toStrictEqual({
    answered: [],
    requests: 4,
    problem: "the answer is none of the endpoints'",
  });
});

describe("by HTTPS, as MetalLB 0.16 serves its metrics", () => {
  const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A certificate that a process made for itself. */
  const certificate = (name: string) => {
    const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
    const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
    execFileSync("openssl", [...args, "-subj", `/CN=${name}`, "-keyout", key, "-out", cert], { stdio: "ignore" });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  };
  const pairs = [certificate("a"), certificate("b")] as const;
  const identities = pairs.map(({ cert }) => new X509Certificate(cert).fingerprint256);

  /** Answers with a status, each connection with the next certificate. */
  async function serveSecurely(status: number): Promise<string> {
    let connections = 0;
    const next = () => pairs[connections++ % 2] as (typeof pairs)[number];
    const secure = createSecureServer(
      { ...pairs[0], SNICallback: (_, done) => done(null, createSecureContext(next())) },
      (_, response) => response.writeHead(status).end("Unauthorized"),
    );
    server = secure;
    await new Promise<void>((done) => secure.listen(0, "127.0.0.1", done));
    return `https://localhost:${(secure.address() as AddressInfo).port}/metrics`;
  }

  it("the certificate tells who answers, and that it may not be read is an answer", async () => {
    const url = await serveSecurely(401);
    const endpoints = new Map(identities.map((identity, index) => [identity, `node${index + 1}`]));
    const { answered } = await askEndpoints(url, { endpoints, enough: 2 }, { seconds: 10 });
    expect(answered).toStrictEqual(["node1", "node2"]);
    expect(identities).toContain(await identityAt(url));
  });

  it("another status is none", async () => {
    await expect(identityAt(await serveSecurely(503))).rejects.toThrow(new Error("HTTP status 503"));
  });
});
