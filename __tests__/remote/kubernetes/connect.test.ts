import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fault } from "../../faults";
import { apiProblem, connectKubernetes } from "../../../remote/kubernetes/connect";
import { type Answer, ApiServer, Refusal, writeKubeconfig } from "./api-server";

describe("The Kubernetes API", () => {
  let folder: string;
  const stops: (() => unknown)[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    for (const stop of stops.splice(0)) await stop();
  });

  const given = async (answers: Readonly<Record<string, Answer>>) => {
    const server = await ApiServer.start(answers);
    stops.push(() => server.stop());
    return server;
  };
  const connect = (path: string, context = "admin") =>
    connectKubernetes({ source: "kubeconfig", path, context }, { home: folder, environment: {} });
  const problem = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "nothing went wrong",
      (error: unknown) => apiProblem(error),
    );

  it("is asked with the context that is named, whatever the current one is", async () => {
    const server = await given({ "/api/v1/nodes": { json: { items: [{ metadata: { name: "node1" } }] } } });
    const { core } = await connect(server.kubeconfig);
    expect((await core.listNode()).items.map(({ metadata }) => metadata?.name)).toStrictEqual(["node1"]);
  });

  it("takes ~ for the home directory", async () => {
    writeKubeconfig(join(folder, "kubeconfig"), "http://127.0.0.1:1");
    await expect(connect("~/kubeconfig")).resolves.toHaveProperty("core");
  });

  it("a kubeconfig that is not there is named as it was written", async () => {
    expect(await problem(connect("~/none"))).toBe(
      "the kubeconfig ~/none does not exist: set kubernetes.kubeconfig in cluster.yaml",
    );
  });

  it("a context that is not there is named with those that are", async () => {
    writeKubeconfig(join(folder, "kubeconfig"), "http://127.0.0.1:1");
    expect(await problem(connect("~/kubeconfig", "none"))).toBe(
      "the kubeconfig ~/kubeconfig has no context none; it has other, admin",
    );
  });

  it("a kubeconfig that cannot be read is named", async () => {
    const file = join(folder, "kubeconfig");
    writeFileSync(file, "clusters: [\n");
    expect(await problem(connect("~/kubeconfig"))).toMatch(/^the kubeconfig ~\/kubeconfig cannot be read: .+$/);
    // The client takes each of the list for a mapping.
    writeFileSync(file, "clusters: [null]\nusers: []\ncontexts: []\n");
    expect(await problem(connect("~/kubeconfig"))).toMatch(/^the kubeconfig ~\/kubeconfig cannot be read: .+$/);
  });

  it("an address of the API that is no URL is named", async () => {
    writeKubeconfig(join(folder, "kubeconfig"), "192.168.1.10:6443");
    expect(await problem(connect("~/kubeconfig"))).toBe(
      "the Kubernetes API's address is \"192.168.1.10:6443\"; expected a URL such as https://192.168.1.10:6443: correct the cluster's server in the kubeconfig",
    );
  });

  it("a token that no header can carry is said to be none, and not shown", async () => {
    const file = join(folder, "kubeconfig");
    writeKubeconfig(file, "https://127.0.0.1:1");
    writeFileSync(file, readFileSync(file, "utf8").replace(/"?token"?: .*/g, 'token: "secret\\n"'));
    expect(await problem(connect("~/kubeconfig"))).toBe(
      "the token for the Kubernetes API has a line break or another character that no token has (it is not shown): correct it in the kubeconfig",
    );
  });

  it("an answer that is no JSON is said to be none", async () => {
    const api = await connect((await given({ "/apis/x": { text: "<html>" } })).kubeconfig);
    expect(await problem(api.get("/apis/x"))).toBe(
      "GET /apis/x is answered with what is no JSON: see whether the Kubernetes API answers there",
    );
  });

  it.each([new TypeError("x is not a function"), new ReferenceError("x is not defined"), new RangeError("x")])(
    "a mistake of this project is not the API's: %s",
    (mistake) => {
      expect(() => apiProblem(mistake)).toThrow(mistake);
    },
  );

  it("gives any path, and undefined for one that is not there", async () => {
    const server = await given({ "/apis/x": { json: { a: 1 } } });
    const api = await connect(server.kubeconfig);
    expect([await api.get("/apis/x"), await api.get("/apis/y")]).toStrictEqual([{ a: 1 }, undefined]);
  });

  it("says what the API answered", async () => {
    const forbidden = { status: 403, json: { kind: "Status", message: "nodes is forbidden" } };
    const server = await given({ "/api/v1/nodes": forbidden, "/apis/x": forbidden });
    const api = await connect(server.kubeconfig);
    expect(await problem(api.core.listNode())).toBe("the Kubernetes API answers 403: nodes is forbidden");
    expect(await problem(api.get("/apis/x"))).toBe("the Kubernetes API answers 403 to GET /apis/x: nodes is forbidden");
  });

  it("deletes an object by its path; one that is gone already is no error, a refusal is", async () => {
    const server = await ApiServer.start({}, ({ path }) =>
      path === "/a" ? {} : new Refusal(path === "/b" ? 404 : 403, { kind: "Status", message: `${path} is forbidden` }),
    );
    stops.push(() => server.stop());
    const api = await connect(server.kubeconfig);
    await api.remove("/a");
    await api.remove("/b");
    expect(await problem(api.remove("/c"))).toBe("the Kubernetes API answers 403 to DELETE /c: /c is forbidden");
    expect(server.verbs).toStrictEqual(["DELETE /a", "DELETE /b", "DELETE /c"]);
  });

  it("says that it cannot be reached", async () => {
    writeKubeconfig(join(folder, "kubeconfig"), "http://127.0.0.1:1");
    const api = await connect("~/kubeconfig");
    expect(await problem(api.core.listNode())).toBe(
      "the Kubernetes API cannot be reached: http://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1",
    );
  });

  it("a request that nobody answers ends within its bound", async () => {
    const server = await given({ "/api/v1/nodes": "silence", "/apis/x": "silence" });
    const api = await connect(server.kubeconfig);
    const { timeout } = AbortSignal;
    const faster = jest.spyOn(AbortSignal, "timeout").mockImplementation((bound) => timeout(bound / 100));
    stops.push(() => faster.mockRestore());
    const seconds = "the Kubernetes API did not answer within 15 s";
    expect(await Promise.all([problem(api.core.listNode()), problem(api.get("/apis/x"))])).toStrictEqual([
      seconds,
      seconds,
    ]);
  });

  describe("with variables", () => {
    const connectWith = (environment: Readonly<Record<string, string>>) =>
      connectKubernetes({ source: "variables" }, { home: folder, environment });

    const all = {
      BAREMETAL_LB_KUBERNETES_CA_CERTIFICATE: "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n",
      BAREMETAL_LB_KUBERNETES_HOST: "https://127.0.0.1:1",
      BAREMETAL_LB_KUBERNETES_TOKEN: "x",
    };

    it.each(["kubernetes_ca_certificate", "kubernetes_host", "kubernetes_token"])("%s is needed", async (variable) => {
      const name = `BAREMETAL_LB_${variable.toUpperCase()}`;
      expect(await problem(connectWith({ ...all, [name]: "" }))).toBe(
        `kubernetes.credentials is variables, and ${name} is not set: export it here`,
      );
    });

    it.each([
      ["KUBERNETES_HOST", "http://127.0.0.1:1", "the URL of the Kubernetes API, such as https://192.168.1.10:6443"],
      ["KUBERNETES_TOKEN", "secret\n", "a bearer token in one line, without spaces"],
    ])(`${fault(151)}: %s of another form is refused, and not shown: %j`, async (name, value, expected) => {
      expect(await problem(connectWith({ ...all, [`BAREMETAL_LB_${name}`]: value }))).toBe(
        `${name.toLowerCase()} is of another form; expected ${expected}; set BAREMETAL_LB_${name}`,
      );
    });

    it("asks the host with the token, and trusts the certificate alone", async () => {
      const [key, certificate] = [join(folder, "key.pem"), join(folder, "cert.pem")];
      const words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1";
      spawnSync("openssl", [...words.split(" "), "-keyout", key, "-out", certificate]);
      const seen: (string | undefined)[] = [];
      const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) => {
        seen.push(request.headers.authorization);
        response.writeHead(200, { "content-type": "application/json" }).end('{"items":[]}');
      });
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
      stops.push(() => (server.closeAllConnections(), new Promise((done) => server.close(done))));
      const api = await connectWith({
        BAREMETAL_LB_KUBERNETES_CA_CERTIFICATE: readFileSync(certificate, "utf8"),
        BAREMETAL_LB_KUBERNETES_HOST: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
        BAREMETAL_LB_KUBERNETES_TOKEN: "secret",
      });
      expect((await api.core.listNode()).items).toStrictEqual([]);
      expect(await api.get("/x")).toStrictEqual({ items: [] });
      expect(seen).toStrictEqual(["Bearer secret", "Bearer secret"]);
    });
  });
});
