import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { askEndpoints } from "../../../operations/verify/ask-endpoints";

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
