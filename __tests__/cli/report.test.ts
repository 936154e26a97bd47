import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { stringify } from "yaml";
import { Terraform } from "../../remote/terraform/terraform";
import { clusterInput } from "../cluster-fixture";
import { isGranted } from "../day-two/granted";
import { healthyWith, webhookPath } from "../day-two/verify/healthy-resources";
import { answersOf, type Objects, paths } from "../day-two/verify/healthy-cluster";
import { fault } from "../faults";
import { type Answer, ApiServer } from "../remote/kubernetes/api-server";
import { ProjectFixture } from "../remote/terraform/project-fixture";
import { ecdsaKey } from "../remote/ssh/keys";
import { answering, SshHost } from "../remote/ssh/ssh-host";
import { leakedFrom, unpacked } from "../report-archive";
import { runProgram } from "./run-program";

// The whole command on a cluster of small servers on loopback: the Kubernetes API, a node's sshd, and a project of Terraform's
// built-in resources.

const sshKey = ecdsaKey();

/** Every one stands in several places of the cluster, and in none of the report. */
const planted = {
  ofComment: "comment-hunter-1",
  memberlist: "bWVtYmVybGlzdC1odW50ZXItMjIyMjIyMjIy",
  bgp: "bgp hunter/3?&",
  kubeconfigToken: "kubeconfig-token-hunter-4",
  kubeconfigKey: ecdsaKey().private,
  variable: "variable-hunter-5",
  ownVariable: "own-variable-hunter-6",
  cloudToken: "cloudtoken.atlasv1.hunter7hunter7hunter7",
  postgres: "pg-hunter-8",
  state: "state-hunter-9",
  plan: "plan-hunter-10",
  annotation: "annotation-hunter-11",
  lastApplied: "last-applied-hunter-12",
  logPassword: "log-hunter-13",
  bearer: "bearer.hunter-14",
  logKey: ecdsaKey().private,
  urlPassword: "url-hunter-15",
  jwt: `eyJhbGciOiJSUzI1NiJ9.${"aHVudGVyMTY".repeat(4)}.c2lnbmF0dXJl`,
  environmentOfPod: "pod-hunter-17",
  peer: "peer-hunter-18",
  sshKey: sshKey.private,
};

const base64 = (text: string) => Buffer.from(text).toString("base64");

const leaked = (text: string) => leakedFrom(text, planted);

const node = "127.0.0.1";

/** The lines of a log: one of each kind. */
const log = `${[
  `{"level":"info","msg":"joined with ${planted.memberlist}"}`,
  `peer authenticated by ${planted.bgp}, or ${encodeURIComponent(planted.bgp)}, or ${base64(`user:${planted.bgp}`)}`,
  `GET https://admin:${planted.urlPassword}@10.0.0.1/metrics`,
  `Authorization: Bearer ${planted.bearer}`,
  `{"headers":{"Authorization":["Bearer ${planted.bearer}"]},"password":"${planted.logPassword}"}`,
  `password=${planted.logPassword} token ${planted.jwt}`,
  ...planted.logKey
    .trim()
    .split("\n")
    .map((line) => `2026-11-24T06:49:57Z ${line}`),
  `config in base64: ${base64(`[client]\nkey = ${planted.sshKey}\n`)}`,
  `environment ${planted.variable} ${base64(planted.ownVariable)} ${planted.cloudToken} ${planted.postgres}`,
  `of Terraform ${planted.state} ${base64(`a${planted.plan}`)}`,
  `of the kubeconfig ${base64(`ab${planted.kubeconfigToken}`)} ${encodeURIComponent(planted.kubeconfigKey)}`,
  `JSON ${JSON.stringify(JSON.stringify({ a: planted.kubeconfigKey, b: planted.sshKey }))}`,
  `of objects ${planted.peer} ${planted.environmentOfPod}`,
  "what is no secret",
].join("\n")}\n`;

const service = {
  metadata: {
    name: "web",
    namespace: "default",
    annotations: {
      "metallb.io/address-pool": "default",
      "example.org/registry": planted.annotation,
      "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({ metadata: { name: planted.lastApplied } }),
    },
    managedFields: [{ manager: "kubectl" }],
  },
  spec: { type: "LoadBalancer", ports: [{ port: 80, protocol: "TCP" }] },
  status: { loadBalancer: {} },
};

const container = {
  name: "speaker",
  image: "quay.io/metallb/speaker:v0.15.2",
  env: [{ name: "METALLB_ML_SECRET_KEY", value: planted.environmentOfPod }],
};

/** A cluster with a Service that waits, restarted speakers, and secrets in all that can be read. */
function live(): Objects {
  const objects = healthyWith("0.15.2");
  const pods = objects[paths.pods] as { items: { metadata: { name: string }; spec: object; status: object }[] };
  return {
    ...objects,
    "/api/v1/namespaces": { items: [{ metadata: { name: "default" } }] },
    [paths.services]: { items: [service] },
    [paths.nodes]: {
      items: [
        {
          metadata: { name: "node1" },
          status: { nodeInfo: { kernelVersion: "6.1.0", kubeletVersion: "v1.35.4" }, images: [{ names: ["many"] }] },
        },
      ],
    },
    [paths.pods]: {
      items: pods.items.map((one) => ({
        ...one,
        spec: { ...one.spec, containers: [container] },
        status: { ...one.status, containerStatuses: [{ name: "speaker", restartCount: 1, state: { running: {} } }] },
      })),
    },
    [paths.kubeProxyPods]: {
      items: [
        { metadata: { name: "kube-proxy-1" }, spec: { nodeName: "node1", containers: [{ name: "kube-proxy" }] } },
      ],
    },
    "/apis/metallb.io/v1beta2/namespaces/metallb-system/bgppeers": {
      items: [{ metadata: { name: "router" }, spec: { peerAddress: "10.0.0.1", password: planted.peer } }],
    },
    "/api/v1/namespaces/metallb-system/secrets": {
      items: [
        { metadata: { name: "memberlist" }, data: { secretkey: base64(planted.memberlist) } },
        { metadata: { name: "bgp" }, type: "kubernetes.io/basic-auth", data: { password: base64(planted.bgp) } },
        { metadata: { name: "token" }, data: { namespace: base64("metallb-system"), "ca.crt": base64("certificate") } },
      ],
    },
    "/api/v1/events": {
      items: [
        {
          metadata: { uid: "1" },
          type: "Warning",
          reason: "AllocationFailed",
          message: `for url https://me:${planted.urlPassword}@host, ${planted.memberlist}`,
          involvedObject: { kind: "Service", namespace: "default", name: "web" },
          lastTimestamp: "2026-11-24T06:49:57Z",
        },
      ],
    },
    "/api/v1/namespaces/metallb-system/events": { items: [] },
    "/api/v1/namespaces/kube-system/events": { items: [] },
    [webhookPath]: { webhooks: [] },
    ...Object.fromEntries(["controller-1", "speaker-1", "speaker-2"].map((name) => [paths.log(name), log])),
    [`${paths.kubeProxyPods}/kube-proxy-1/log`]: log,
  };
}

const ofState = (input: string) => ({
  resource: { terraform_data: { one: { input: `\${sensitive("${input}")}` }, two: { input: "open" } } },
});

describe("report", () => {
  let fixture: ProjectFixture;
  let host: SshHost;
  let archive: string;
  const servers: ApiServer[] = [];

  beforeAll(async () => {
    host = await SshHost.start({
      address: node,
      userKey: sshKey,
      exec: answering(`== uname -a\nLinux ${planted.variable}\n`),
    });
  });
  afterAll(() => host.stop());
  beforeEach(() => {
    fixture = new ProjectFixture();
    archive = join(fixture.folder, "report.tar.gz");
    writeFileSync(join(fixture.folder, "key"), sshKey.private, { mode: 0o600 });
  });
  afterEach(async () => {
    fixture.dispose();
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  const start = async (answers: (path: string, query: URLSearchParams) => Answer | undefined = answersOf(live())) => {
    const server = await ApiServer.start(answers);
    servers.push(server);
    return server;
  };
  const nodeInput = () => ({ name: "node1", address: node, role: "control-plane", hostKey: host.hostKey });
  const write = (server: string, changes: object = {}) => {
    const { folder } = fixture;
    const kubeconfig = {
      clusters: [{ name: "c", cluster: { server, "insecure-skip-tls-verify": true } }],
      users: [
        { name: "u", user: { token: planted.kubeconfigToken, "client-key-data": base64(planted.kubeconfigKey) } },
      ],
      contexts: [{ name: "admin", context: { cluster: "c", user: "u" } }],
      "current-context": "admin",
    };
    writeFileSync(join(folder, "kubeconfig"), stringify(kubeconfig));
    const declared = {
      ...clusterInput,
      kubernetes: { version: "1.35.4", kubeconfig: join(folder, "kubeconfig"), context: "admin" },
      ssh: { user: "ops", privateKeyFile: join(folder, "key"), port: host.port },
      nodes: [nodeInput()],
      metallb: { version: "0.15.2", pools: [{ name: "default", addresses: ["192.168.1.240-192.168.1.250"] }] },
      ...changes,
    };
    writeFileSync(join(folder, "cluster.yaml"), `# password: ${planted.ofComment}\n${stringify(declared)}`);
  };
  const environment: Record<string, string> = {
    TF_VAR_other: planted.variable,
    BAREMETAL_LB_KUBERNETES_TOKEN: planted.ownVariable,
    TF_TOKEN_app_terraform_io: planted.cloudToken,
    PG_CONN_STR: `postgres://me:${planted.postgres}@db/terraform`,
  };
  const environmentTexts = Object.values(environment);
  const report = (...words: string[]) =>
    runProgram(fixture.folder, ["report", "--output", archive, ...words], {
      CDKTF_OUTDIR: fixture.project.outdir,
      ...environment,
    });

  /** A stack that is deployed, and declared otherwise since. */
  const deploy = async () => {
    const [stack] = fixture.stacks({ nodes: { configuration: ofState(planted.state) } });
    if (stack === undefined) throw new Error("no stack was written");
    const terraform = new Terraform(fixture.project.environment);
    for (const args of [["init"], ["apply", "-auto-approve"]]) await terraform.run(stack, args, 60);
    fixture.stacks({ nodes: { configuration: ofState(planted.plan) } });
  };

  it(`${fault(223)}, ${fault(224)}: has all of it, and no secret in any form, and changes nothing`, async () => {
    const server = await start();
    await deploy();
    write(`http://127.0.0.1:${server.port}`);
    const state = join(fixture.project.outdir, "stacks/nodes/terraform.tfstate");
    const before = readFileSync(state, "utf8");
    const { status, stdout, stderr } = await report("--lines", "100");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { folder, files, modes } = await unpacked(archive);
    // Each is where it was planted, and would be found.
    const everywhere = [log, before, ...environmentTexts, JSON.stringify(live())].join("\n");
    const found = new Set(leaked(everywhere).map((one) => one.split(":")[0]));
    expect(Object.keys(planted).filter((name) => !found.has(name))).toEqual(["ofComment"]);
    expect(leaked(stdout)).toEqual([]);
    expect(leaked(gunzipSync(readFileSync(archive)).toString("latin1"))).toEqual([]);
    for (const [name, text] of Object.entries(files)) expect([name, leaked(text)]).toEqual([name, []]);

    expect(Object.keys(files)).toEqual([
      "contents.md",
      "versions.txt",
      "cluster-versions.txt",
      "cluster.yaml",
      "check.txt",
      "status.txt",
      "verify.txt",
      "drift.txt",
      "plans/nodes.json",
      "states/nodes.json",
      "explain/default-web.txt",
      "nodes/node1.txt",
      "events.txt",
      "objects/services.yaml",
      "objects/nodes.yaml",
      "objects/metallb-workloads.yaml",
      "objects/metallb-pods.yaml",
      "objects/metallb-configuration.yaml",
      "objects/kube-proxy.yaml",
      "objects/kube-proxy-pods.yaml",
      ...["controller-1", "speaker-1", "speaker-2"].flatMap((name) => [
        `logs/${name}/speaker.log`,
        `logs/${name}/speaker.previous.log`,
      ]),
      "logs/kube-proxy-1/kube-proxy.log",
    ]);
    expect(stdout).toBe(`${archive} is written, for its user alone to read.\n\n${files["contents.md"]}`);
    expect(folder).toMatch(/^baremetal-lb-report-demo-\d{8}T\d{6}Z$/);
    expect({ modes, mode: statSync(archive).mode & 0o777 }).toEqual({ modes: [0o600], mode: 0o600 });
    expect(server.changes).toEqual([]);
    // And asks for nothing that rbac --read-only does not give, but for the Secrets that it is to know.
    const asked = new Set(server.requests.map((url) => decodeURIComponent(url.split("?")[0] ?? "")));
    expect([...asked].filter((path) => !isGranted(path))).toEqual([
      "/version",
      "/api/v1/namespaces/metallb-system/secrets",
    ]);
    expect(readFileSync(state, "utf8")).toBe(before);

    expect(files["logs/speaker-1/speaker.previous.log"]).toMatch(
      /^\{"level":"info","msg":"joined with \(removed\)"\}\n/,
    );
    expect(files["logs/speaker-1/speaker.log"]).toContain("\nwhat is no secret\n");
    expect(files["drift.txt"]).toContain("terraform_data.one: input is not shown, declared another");
    expect(JSON.parse(files["states/nodes.json"] ?? "")).toMatchObject({
      resources: [
        { address: "terraform_data.one", values: { input: "(removed)" } },
        { address: "terraform_data.two", values: { input: "open" } },
      ],
    });
    expect(JSON.parse(files["plans/nodes.json"] ?? "")).toMatchObject({
      resource_changes: [
        {
          address: "terraform_data.one",
          change: { actions: ["update"], before: { input: "(removed)" }, after: { input: "(removed)" } },
        },
      ],
    });
    expect(files["nodes/node1.txt"]).toBe("== uname -a\nLinux (removed)\n");
    expect(files["explain/default-web.txt"]).toMatch(/^Service default\/web of cluster demo\n/);
    expect(files["events.txt"]).toBe(
      "2026-11-24T06:49:57.000Z Warning Service default/web: AllocationFailed: for url https://(removed)@host, (removed)\n",
    );
    expect(files["cluster-versions.txt"]).toContain("node node1  kernel 6.1.0, kubelet v1.35.4\n");
    expect(files["objects/services.yaml"]).toContain("    example.org/registry: (not shown)\n");
    expect(files["objects/metallb-configuration.yaml"]).toContain("  password: (removed)\n");
    expect(files["cluster.yaml"]).toMatch(/^# password: \(removed\)\nname: demo\n/);
  });

  it("asks for no more of a log than it is told, without SSH where it is told, and prints one JSON object", async () => {
    const server = await start();
    const logins = host.logins;
    write(`http://127.0.0.1:${server.port}`, { nodes: [{ ...nodeInput(), address: "127.0.0.9" }] });
    fixture.stacks({ nodes: {} });
    const { status, stdout } = await report("--no-nodes", "--lines", "7", "--service", "missing", "--json");
    const { files } = await unpacked(archive);
    expect({ status, file: (JSON.parse(stdout) as { file: string }).file }).toEqual({ status: 0, file: archive });
    expect(Object.keys(JSON.parse(stdout))).toEqual(["file", "cluster", "parts", "failures", "knownSecrets", "notes"]);
    expect(host.logins).toBe(logins);
    expect(Object.keys(files).filter((name) => name.startsWith("nodes/"))).toEqual([]);
    expect(files["drift.txt"]).toBe("stack nodes  as declared\nNo drift.\n");
    expect(files["verify.txt"]).not.toContain("SSH");
    expect(files["explain/default-missing.txt"]).toContain(
      "there is no Service default/missing: the namespace default has web",
    );
    // Those of status and verify, which look into logs as well, come without the times.
    const logs = server.requests.filter((path) => path.includes("timestamps=true")).map((path) => path.split("?")[1]);
    expect([...new Set(logs)].sort()).toEqual([
      "container=kube-proxy&limitBytes=1048576&tailLines=7&timestamps=true",
      "container=speaker&limitBytes=1048576&previous=true&tailLines=7&timestamps=true",
      "container=speaker&limitBytes=1048576&tailLines=7&timestamps=true",
    ]);
  });

  it(`${fault(225)}: there is one of a cluster that does not answer, with a sentence for each part that is missing`, async () => {
    write("http://127.0.0.1:1");
    fixture.stacks({ nodes: { configuration: { locals: { first: "${local.other}" } } } });
    const { status, stdout } = await report();
    const { files } = await unpacked(archive);
    expect(status).toBe(2);
    const refused = /^the Kubernetes API cannot be reached: .*connect ECONNREFUSED 127\.0\.0\.1:1.*\n$/;
    for (const name of ["cluster-versions", "status", "explain", "events", "objects", "logs"]) {
      expect([name, files[`${name}.txt`]]).toEqual([name, expect.stringMatching(refused)]);
      expect(stdout).toMatch(new RegExp(`^- ${name}.txt: the Kubernetes API cannot be reached: `, "m"));
    }
    expect(files["plans/nodes.json"]).toMatch(/^there is no plan: Reference to undeclared local value: /);
    expect(files["verify.txt"]).toMatch(/^ok +node1: answers over SSH at 127\.0\.0\.1\n/);
    expect(files["nodes/node1.txt"]).toBe("== uname -a\nLinux (removed)\n");
    expect(stdout).toContain("- The cluster's Secrets could not be read (the Kubernetes API cannot be reached: ");
    expect(leaked(Object.values(files).join("\n"))).toEqual([]);
  });

  it(`${fault(225)}: there is one with rights that are missing, which names them`, async () => {
    const answer = answersOf(live());
    const forbidden = { status: 403, json: { kind: "Status", message: "forbidden to you" } };
    const server = await start((path, query) =>
      /\/(secrets|events|log)$/.test(path) ? forbidden : answer(path, query),
    );
    write(`http://127.0.0.1:${server.port}`);
    fixture.stacks({ nodes: {} });
    const { status, stdout } = await report();
    const { files } = await unpacked(archive);
    expect(status).toBe(2);
    expect(files["events.txt"]).toBe("the Kubernetes API answers 403: forbidden to you\n");
    expect(files["logs/speaker-1/speaker.log"]).toBe("the Kubernetes API answers 403: forbidden to you\n");
    expect(files["objects/services.yaml"]).toContain("name: web");
    expect(stdout).toContain(
      "- The Secrets of metallb-system may not be listed (the Kubernetes API answers 403 to GET /api/v1/namespaces/metallb-system/secrets: forbidden to you): what they hold, but for memberlist, is found by its look alone.\n",
    );
  });

  it(`${fault(225)}: waits for nobody who holds a state's lock, and takes none`, async () => {
    write("http://127.0.0.1:1");
    const provisioner = [{ "local-exec": { command: "touch started; sleep 30" } }];
    const stacks = { nodes: { configuration: { resource: { terraform_data: { one: { provisioner } } } } } };
    const [stack] = fixture.stacks(stacks);
    if (stack === undefined) throw new Error("no stack was written");
    const terraform = new Terraform(fixture.project.environment);
    await terraform.run(stack, ["init"], 60);
    const { file } = terraform.program;
    const other = spawn(file, ["apply", "-auto-approve"], { cwd: stack.folder, detached: true, stdio: "ignore" });
    try {
      for (let waited = 0; !existsSync(join(stack.folder, "started")) && waited < 100; waited += 1) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await report("--no-nodes");
      const { files } = await unpacked(archive);
      expect(files["drift.txt"]).toMatch(/^stack nodes {2}not deployed\n/);
      expect(JSON.parse(files["plans/nodes.json"] ?? "")).toMatchObject({
        resource_changes: [{ address: "terraform_data.one", change: { actions: ["create"] } }],
      });
    } finally {
      if (other.pid !== undefined) process.kill(-other.pid, "SIGKILL");
    }
  });

  it(`${fault(226)}: there is one with mistakes in cluster.yaml, also of its secrets`, async () => {
    const { metallb } = clusterInput;
    const peers = [{ peerAddress: "10.0.0.1", peerASN: 64512, myASN: 64513, password: planted.bgp }];
    write("http://127.0.0.1:1", { metallb: { ...metallb, bgp: { password: planted.peer }, peers } });
    const { status, stdout } = await report();
    const { files } = await unpacked(archive);
    expect(status).toBe(2);
    expect(files["check.txt"]).toMatch(/error: metallb\.peers\[0\]\.password: /);
    expect(files["cluster.yaml"]).toContain("      password: (removed)\n");
    expect(files["status.txt"]).toBe("cluster.yaml has mistakes, which check.txt names: correct them first\n");
    expect(files["versions.txt"]).toMatch(/^baremetal-lb +0\.1\.0\n/);
    expect(files["drift.txt"]).toBe("cluster.yaml has mistakes, which check.txt names: correct them first\n");
    expect(files["states.txt"]).toBe("nothing of it is known, since drift.txt failed\n");
    expect(leaked(Object.values(files).join("\n") + stdout)).toEqual([]);
  });

  it(`${fault(226)}: there is one without a cluster.yaml`, async () => {
    const { status } = await report();
    const { files } = await unpacked(archive);
    expect({ status, text: files["cluster.yaml"] }).toEqual({
      status: 2,
      text: "cluster.yaml cannot be read (ENOENT)\n",
    });
    expect(files["check.txt"]).toContain("cluster.yaml: error: given no such file");
  });

  it(`${fault(227)}: overwrites nothing, leaves nothing where it cannot write, and says what it takes`, async () => {
    writeFileSync(archive, "mine");
    expect(await report()).toEqual({
      status: 1,
      stdout: "",
      stderr: `${archive} is there already, and report overwrites no file: name another one with --output, or remove it\n`,
    });
    expect(readFileSync(archive, "utf8")).toBe("mine");
    archive = join(fixture.folder, "nowhere", "report.tar.gz");
    expect(await report()).toEqual({ status: 1, stdout: "", stderr: `${archive} cannot be written (ENOENT)\n` });
    const { status, stderr } = await report("--lines", "all");
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        "error: option '--lines <number>' argument 'all' is invalid. expected a whole number from 1 to 100000, such as 500.\n(run it with --help to see what it takes)\n",
    });
  });
});
