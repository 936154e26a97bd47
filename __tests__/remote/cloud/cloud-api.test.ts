import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { CloudApi } from "../../../remote/cloud/cloud-api";
import { type Answer, type Change, CloudServer, token } from "./cloud-server";

describe("the API's client", () => {
  let server: CloudServer;
  let answer: (request: Change) => Answer | undefined;
  let proxy: Server | undefined;
  let other: CloudServer | undefined;
  beforeEach(async () => {
    answer = () => undefined;
    server = await CloudServer.start({ answer: (request) => answer(request) });
  });
  afterEach(async () => {
    await server.dispose();
    await other?.dispose();
    other = undefined;
    proxy?.closeAllConnections();
    proxy?.close();
    proxy = undefined;
  });

  const api = (environment: Readonly<Record<string, string>> = {}, hostname = server.hostname) =>
    new CloudApi({ hostname, token, environment: { ...server.environment, ...environment }, timeoutSeconds: 2 });
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => "it did not fail",
      (error: Error) => error.message.replaceAll(server.hostname, "tfe.example.org"),
    );
  const one = (id: string) => ({ id, type: "things", attributes: {} });

  test("a list is read page by page", async () => {
    const pages: Record<string, Answer> = {
      "1": { data: [one("a")], meta: { pagination: { "next-page": 2 } } },
      "2": { data: [one("b")], meta: { pagination: { "next-page": null } } },
    };
    answer = () => pages[String(server.requests.length)];
    expect(await api().list("/things?search=x")).toEqual([one("a"), one("b")]);
    expect(server.requests).toEqual([
      "GET /things?search=x&page[number]=1&page[size]=100",
      "GET /things?search=x&page[number]=2&page[size]=100",
    ]);
  });

  test("what there is not is undefined, an object and a list", async () => {
    expect(await api().get("/things/1")).toBeUndefined();
    expect(await api().list("/things")).toBeUndefined();
  });

  test("a document that is kept elsewhere is fetched there, without the token", async () => {
    const asked: (string | undefined)[] = [];
    const elsewhere = (other = await CloudServer.start());
    elsewhere.onRequest = ({ headers }) => asked.push(headers.authorization);
    answer = ({ path }) =>
      path === "/plans/1/json-output"
        ? { status: 307, location: `https://${elsewhere.hostname}/.well-known/terraform.json` }
        : undefined;
    const both = api({ SSL_CERT_FILE: elsewhere.environment.SSL_CERT_FILE });
    expect(await failure(both.json("/plans/1/json-output"))).toMatch(/certificate/);
    server.trust(elsewhere);
    expect(await api().json("/plans/1/json-output")).toEqual({ "tfe.v2": "/api/v2/" });
    expect(asked).toEqual([undefined]);
  });

  test("a refusal is told with the server's words", async () => {
    answer = () => ({
      status: 422,
      errors: [{ title: "invalid", detail: "Name has been taken" }, { title: "unlucky" }],
    });
    expect(await failure(api().change({ method: "POST", path: "/things", body: {} }))).toBe(
      "tfe.example.org refused POST /things: HTTP 422 (Name has been taken; unlucky)",
    );
  });

  test("a server that is silent", async () => {
    answer = () => ({ status: 0 });
    expect(await failure(api().get("/things"))).toBe("tfe.example.org cannot be asked: no answer within 2 s");
  });

  test("the way to the server is the proxy's, but for those hosts that are named", async () => {
    const through: string[] = [];
    proxy = createServer().on("connect", ({ url = "" }, client) => {
      through.push(url);
      const [, port] = server.hostname.split(":");
      const upstream = connect(Number(port), "127.0.0.1", () => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.pipe(client).pipe(upstream);
      });
    });
    await new Promise<void>((done) => proxy?.listen(0, "127.0.0.1", done));
    const HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const [, port] = server.hostname.split(":");
    const hostname = `tfe.localhost:${port}`;
    await failure(api({ HTTPS_PROXY }, hostname).get("/things"));
    expect(through).toEqual([hostname]);
    await failure(api({ HTTPS_PROXY, NO_PROXY: "example.org,.localhost" }, hostname).get("/things"));
    expect(await api({ HTTPS_PROXY }).get("/things")).toBeUndefined();
    expect(through).toEqual([hostname]);
  });
});
