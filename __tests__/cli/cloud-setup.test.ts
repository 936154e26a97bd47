import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { type Answer, type Change, CloudServer, organization } from "../remote/cloud/cloud-server";
import { runProgram } from "./run-program";

interface Stored {
  readonly id: string;
  readonly type: string;
  attributes: Record<string, unknown>;
  relationships: Record<string, { data: unknown }>;
}

/** What a server keeps of workspaces and what belongs to them: it makes what it is given, and lists it. */
class Store {
  readonly objects: Stored[] = [];

  constructor(private readonly hasProjects = true) {}

  readonly answer = ({ method, path, body }: Change): Answer | undefined => {
    const [kind = "", id = "", list = "", name = ""] = path.split("/").slice(1);
    const { data } = (body ?? {}) as { data: Omit<Stored, "id"> & Stored[] };
    if (kind === "organizations" && list === "projects" && !this.hasProjects) return undefined;
    if (kind === "organizations" && ["projects", "agent-pools", "varsets", "workspaces"].includes(list)) {
      if (method === "POST") return { data: this.add(list, data) };
      if (name === "") return { data: this.of(list) };
      const found = this.of(list).find(({ attributes }) => attributes["name"] === name);
      return found && { data: found };
    }
    const object = this.objects.find((one) => one.id === id);
    if (object === undefined) return undefined;
    if (list === "" && method === "PATCH") Object.assign(object.attributes, data.attributes);
    if (list === "") return { data: object };
    if (list === "run-triggers") {
      if (method === "GET") return { data: this.of(list).filter((one) => one.attributes["of"] === id) };
      return { data: this.add(list, { ...data, attributes: { of: id } }) };
    }
    if (name === "tags") object.attributes["tag-names"] = data.map(({ attributes }) => attributes["name"]);
    if (name === "workspaces") object.relationships["workspaces"] = { data };
    if (name === "vars" && method === "POST") return { data: this.add("vars", data) };
    if (name === "vars") return { data: this.of("vars") };
    return { status: 204 };
  };

  add(type: string, { attributes, relationships = {} }: Partial<Stored>): Stored {
    const object = { id: `${type}-${this.of(type).length + 1}`, type, attributes: attributes ?? {}, relationships };
    this.objects.push(object);
    return object;
  }

  private of(type: string): Stored[] {
    return this.objects.filter((one) => one.type === type);
  }
}

const pem = (what: string) => `-----BEGIN ${what}-----\nAA==\n-----END ${what}-----\n`;
const secrets = {
  BAREMETAL_LB_KUBERNETES_HOST: "https://192.168.1.10:6443",
  BAREMETAL_LB_KUBERNETES_CA_CERTIFICATE: pem("CERTIFICATE"),
  BAREMETAL_LB_KUBERNETES_TOKEN: "a-secret-token",
  BAREMETAL_LB_SSH_PRIVATE_KEY: pem("OPENSSH PRIVATE KEY"),
};
const state = {
  execution: "agent",
  agentPool: "beside",
  project: "lab",
  tags: ["production"],
};

describe("baremetal-lb cloud setup, against a server of the documented API", () => {
  let server: CloudServer;
  let store: Store;
  let folder: string;
  const start = async (given = new Store()) => {
    store = given;
    server = await CloudServer.start({ answer: store.answer });
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cloud-setup-"));
    writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ app: "true" }));
  });
  afterEach(async () => {
    await server.dispose();
    rmSync(folder, { recursive: true });
  });

  const setup = (
    changes: object,
    words: readonly string[],
    environment: Readonly<Record<string, string>> = secrets,
    triggers: readonly string[] = ["--run-triggers"],
  ) => {
    const { hostname } = server;
    const config = {
      ...clusterInput,
      kubernetes: { version: "1.35.4", credentials: "variables" },
      ssh: { user: "ops", privateKeyVariable: true },
      state: { backend: "cloud", organization, hostname, ...state, ...changes },
    };
    writeFileSync(join(folder, "cluster.yaml"), stringify(config));
    const version = ["--terraform-version", "1.11.4", ...triggers];
    return runProgram(folder, ["cloud", "setup", ...version, ...words], { ...server.environment, ...environment });
  };
  const said = (steps: readonly string[]) =>
    [`In ${organization} on ${server.hostname} (${steps.length}):`, ...steps.map((step) => `  ${step}`)].join("\n");

  const settings = "execution agent, agent pool beside, project lab, Terraform 1.11.4";
  const all = [
    "make the project lab",
    "make the agent pool beside",
    `make the workspace demo-nodes: ${settings}`,
    "tag the workspace demo-nodes: demo, nodes, production",
    `make the workspace demo-kube-proxy: ${settings}`,
    "tag the workspace demo-kube-proxy: demo, kube-proxy, production",
    `make the workspace demo-metallb: ${settings}`,
    "tag the workspace demo-metallb: demo, metallb, production",
    "make the variable set demo-credentials",
    "set the sensitive variable kubernetes_host of the variable set demo-credentials, from BAREMETAL_LB_KUBERNETES_HOST",
    "set the sensitive variable kubernetes_ca_certificate of the variable set demo-credentials, from BAREMETAL_LB_KUBERNETES_CA_CERTIFICATE",
    "set the sensitive variable kubernetes_token of the variable set demo-credentials, from BAREMETAL_LB_KUBERNETES_TOKEN",
    "set the sensitive variable ssh_private_key of the variable set demo-credentials, from BAREMETAL_LB_SSH_PRIVATE_KEY",
    "give the variable set demo-credentials to demo-nodes, demo-kube-proxy, demo-metallb",
    "have each apply of demo-nodes trigger a run of demo-kube-proxy",
    "have each apply of demo-kube-proxy trigger a run of demo-metallb",
  ];
  const newPool = "the agent pool beside is new: make a token on its page, and start an agent beside the nodes";

  test("makes all of it, and then finds nothing to do", async () => {
    await start();
    const first = await setup({}, ["--yes"]);
    expect(first).toEqual({
      status: 0,
      stdout: `${said(all)}\n${newPool}\n`,
      stderr: all.map((step) => `done: ${step}\n`).join(""),
    });
    expect(JSON.stringify(first)).not.toContain("a-secret-token");
    expect(server.changes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /organizations/acme/projects",
      "POST /organizations/acme/agent-pools",
      ...[1, 2, 3].flatMap((n) => [
        "POST /organizations/acme/workspaces",
        `POST /workspaces/workspaces-${n}/relationships/tags`,
      ]),
      "POST /organizations/acme/varsets",
      ...[1, 2, 3, 4].map(() => "POST /varsets/varsets-1/relationships/vars"),
      "POST /varsets/varsets-1/relationships/workspaces",
      "POST /workspaces/workspaces-2/run-triggers",
      "POST /workspaces/workspaces-3/run-triggers",
    ]);
    expect(server.changes[2]?.body).toEqual({
      data: {
        type: "workspaces",
        attributes: {
          name: "demo-nodes",
          "execution-mode": "agent",
          "agent-pool-id": "agent-pools-1",
          "terraform-version": "1.11.4",
        },
        relationships: { project: { data: { type: "projects", id: "projects-1" } } },
      },
    });
    expect(server.changes[11]?.body).toEqual({
      data: {
        type: "vars",
        attributes: {
          key: "kubernetes_token",
          value: "a-secret-token",
          description: "A bearer token of an administrator.",
          category: "terraform",
          hcl: false,
          sensitive: true,
        },
      },
    });
    expect(server.changes.at(-1)?.body).toEqual({
      data: {
        type: "run-triggers",
        relationships: { sourceable: { data: { type: "workspaces", id: "workspaces-2" } } },
      },
    });
    const changes = server.changes.length;
    expect(await setup({}, ["--yes"], {})).toEqual({
      status: 0,
      stdout: `Everything in acme on ${server.hostname} is as the configuration says.\n`,
      stderr: "",
    });
    expect(server.changes).toHaveLength(changes);
  }, 60_000);

  test("changes what differs, and renews variables where it is told to", async () => {
    await start();
    await setup({}, ["--yes"]);
    const [nodes] = store.objects.filter(({ attributes }) => attributes["name"] === "demo-nodes");
    Object.assign(nodes?.attributes ?? {}, { "execution-mode": "remote", "terraform-version": "1.9.0" });
    const changes = server.changes.length;
    const steps = [
      "change the workspace demo-nodes: execution remote to agent, Terraform 1.9.0 to 1.11.4",
      ...all.slice(9, 13).map((step) => step.replace("set the", "renew the")),
    ];
    expect(await setup({}, ["--yes", "--renew-variables"])).toMatchObject({ status: 0, stdout: `${said(steps)}\n` });
    expect(server.changes.slice(changes).map(({ method, path }) => `${method} ${path}`)).toEqual([
      "PATCH /workspaces/workspaces-1",
      ...[1, 2, 3, 4].map((n) => `PATCH /varsets/varsets-1/relationships/vars/vars-${n}`),
    ]);
    expect(server.changes.at(-1)?.body).toEqual({
      data: { type: "vars", id: "vars-4", attributes: { value: secrets.BAREMETAL_LB_SSH_PRIVATE_KEY } },
    });
  }, 60_000);

  test("without a yes it changes nothing", async () => {
    await start();
    expect(await setup({}, [])).toEqual({
      status: 2,
      stdout: `${said(all)}\n${newPool}\n`,
      stderr: "Do this? There is nobody to ask: run it in a terminal, or with --yes.\n",
    });
    expect(server.changes).toEqual([]);
  }, 60_000);

  test(`${fault(151)}: values that are missing or of another form are all told before anything is made`, async () => {
    await start();
    const { BAREMETAL_LB_KUBERNETES_HOST: host, BAREMETAL_LB_KUBERNETES_TOKEN: token } = secrets;
    const given = {
      BAREMETAL_LB_KUBERNETES_HOST: host,
      BAREMETAL_LB_KUBERNETES_TOKEN: token,
      BAREMETAL_LB_KUBERNETES_CA_CERTIFICATE: "LS0tLS1CRUdJTi",
    };
    const { status, stderr } = await setup({}, ["--yes"], given);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: [
        "kubernetes_ca_certificate is in base64, as a kubeconfig has it; expected the cluster's CA certificate in PEM form, with its line breaks, from -----BEGIN CERTIFICATE----- on; decode it with base64 -d, then set BAREMETAL_LB_KUBERNETES_CA_CERTIFICATE",
        "ssh_private_key is empty, as a secret is that CI does not have; expected a private key in PEM or OpenSSH form, with its line breaks, from -----BEGIN … PRIVATE KEY----- on; set BAREMETAL_LB_SSH_PRIVATE_KEY",
        "",
      ].join("\n"),
    });
    expect(server.changes).toEqual([]);
  }, 60_000);

  test("with local execution there are neither variables nor triggers", async () => {
    await start();
    const steps = ["nodes", "kube-proxy", "metallb"].flatMap((stack) => [
      `make the workspace demo-${stack}: execution local, Terraform 1.11.4`,
      `tag the workspace demo-${stack}: demo, ${stack}`,
    ]);
    const local = { execution: "local", project: undefined, agentPool: undefined, tags: undefined };
    expect((await setup(local, ["--yes"], {})).stdout).toBe(`${said(steps)}\n`);
  }, 60_000);

  test("run triggers are made only where that is asked for", async () => {
    await start();
    const { stdout } = await setup({}, [], secrets, []);
    expect(stdout).toBe(`${said(all.slice(0, -2))}\n${newPool}\n`);
  }, 60_000);

  test("--print names every call, asks nobody and shows no value", async () => {
    await start();
    const { status, stdout } = await setup({}, ["--print"]);
    expect(status).toBe(0);
    const heads = stdout.split("\n").filter((line) => line.startsWith("# "));
    expect(heads).toEqual(all.map((step) => `# ${step}`));
    expect(stdout).toContain(
      [
        `# ${all[3]}`,
        "POST /api/v2/workspaces/<id of the workspace demo-nodes>/relationships/tags",
        JSON.stringify(
          { data: ["demo", "nodes", "production"].map((name) => ({ type: "tags", attributes: { name } })) },
          null,
          2,
        ),
        "",
      ].join("\n"),
    );
    expect(stdout).toContain('"value": "<BAREMETAL_LB_KUBERNETES_TOKEN>"');
    expect(stdout).not.toContain("a-secret-token");
    expect(server.requests).toEqual([]);
  }, 60_000);

  test.each([
    [
      { agentPool: undefined },
      "state.agentPool is missing: with execution: agent write the name of the pool whose agents run the workspaces\n",
    ],
    [{ organization: "acne" }, /^localhost:\d+ has no organization "acne" that this token may see: .*\n$/],
  ])(
    "what the configuration lacks is said: %j",
    async (changes, message) => {
      await start();
      const { status, stderr } = await setup(changes, ["--yes"]);
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: typeof message === "string" ? message : expect.stringMatching(message),
      });
    },
    60_000,
  );

  test("a server without projects is told apart", async () => {
    await start(new Store(false));
    const { status, stderr } = await setup({}, ["--yes"]);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `${server.hostname} has no projects: leave out state.project\n`,
    });
  }, 60_000);
});
