import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { terraformFor } from "../../../remote/cloud/cluster-terraform";
import { planStack } from "../../../remote/terraform/plan";
import type { StateConfig } from "../../../stacks/shared/schema/state";
import { fault } from "../../faults";
import { ProjectFixture } from "../terraform/project-fixture";
import { CloudServer, type CloudServerOptions, organization } from "./cloud-server";

type Execution = "remote" | "agent" | "local";

/** A stack whose state is on the server, planned by the real Terraform. */
class Cluster {
  readonly project = new ProjectFixture();

  private constructor(
    readonly server: CloudServer,
    private readonly execution: Execution,
    private readonly acme: string,
  ) {}

  static async start(execution: Execution, options: CloudServerOptions, acme = organization): Promise<Cluster> {
    return new Cluster(await CloudServer.start(options), execution, acme);
  }

  get state(): StateConfig {
    const { hostname } = this.server;
    return { backend: "cloud", organization: this.acme, hostname, execution: this.execution, tags: [] };
  }

  async plan(environment: Readonly<Record<string, string>> = this.server.environment, said: string[] = []) {
    const { hostname } = this.server;
    const cloud = { hostname, organization: this.acme, workspaces: { name: "demo-nodes" } };
    const [stack] = this.project.stacks({
      nodes: { configuration: { terraform: { cloud }, resource: { terraform_data: { one: { input: "b" } } } } },
    });
    if (stack === undefined) throw new Error("no stack was written");
    const { environment: own } = this.project.project;
    const program = join(this.project.folder, "terraform");
    writeFileSync(program, `#!/bin/sh\necho $$ >"${this.project.folder}/pid"\nexec terraform "$@"\n`, { mode: 0o755 });
    const places = {
      environment: { ...own, ...environment, TERRAFORM_BINARY_NAME: program },
      home: this.project.folder,
    };
    const terraform = await terraformFor({ name: "demo", state: this.state }, [stack.name], {
      ...places,
      say: (text) => said.push(text),
      patienceSeconds: 1,
    });
    return planStack(terraform, stack, { out: join(this.project.folder, "plan") }, 1);
  }

  /** Ctrl-C, as Terraform gets it from the terminal. */
  interruptTerraform(): void {
    process.kill(Number(readFileSync(join(this.project.folder, "pid"), "utf8")), "SIGINT");
  }

  /** What a plan that cannot be made says, and within how many seconds. */
  async failure(environment?: Readonly<Record<string, string>>): Promise<string> {
    const begun = Date.now();
    const message = await this.plan(environment).then(
      () => "it did not fail",
      (error: Error) => error.message,
    );
    expect((Date.now() - begun) / 1000).toBeLessThan(30);
    return message.replaceAll(this.server.hostname, "tfe.example.org:8443");
  }
}

const change = {
  address: "terraform_data.one",
  type: "terraform_data",
  name: "one",
  change: { actions: ["update"], before: { input: "a" }, after: { input: "b" } },
};
const plan = {
  format_version: "1.2",
  terraform_version: "1.11.4",
  resource_changes: [change],
  prior_state: { format_version: "1.0", values: { root_module: { resources: [{ mode: "managed" }] } } },
};

describe("Terraform Cloud, before Terraform is asked and by the real Terraform", () => {
  let cluster: Cluster | undefined;
  const start = async (...[execution, options, acme]: Parameters<typeof Cluster.start>) =>
    (cluster = await Cluster.start(execution, options, acme));
  afterEach(async () => {
    await cluster?.server.dispose();
    cluster?.project.dispose();
  });

  const remote = { "demo-nodes": { execution: "remote" } } as const;
  const agents = { "demo-nodes": { execution: "agent", agentPool: "apool-1" } } as const;

  test.each([
    ["remote", remote],
    ["agent", agents],
  ] as const)(
    "a plan of %s execution is read from its run",
    async (execution, workspaces) => {
      const { server } = await start(execution, { workspaces, agents: { "apool-1": ["exited", "busy"] }, plan });
      expect(await cluster?.plan()).toMatchObject({ changes: [change], deployed: true });
      expect(server.runs).toMatchObject([{ planOnly: true, status: "planned_and_finished" }]);
    },
    60_000,
  );

  test("a plan is read from a server that does not include it in its run", async () => {
    await start("remote", { workspaces: remote, plan, withoutIncluded: true });
    expect(await cluster?.plan()).toMatchObject({ changes: [change], deployed: true });
  }, 60_000);

  test(`${fault(170)}: no token`, async () => {
    await start("remote", { workspaces: remote });
    expect(await cluster?.failure({})).toBe(
      'there is no token for tfe.example.org:8443: run terraform login tfe.example.org:8443, or in CI write credentials "tfe.example.org:8443" { token = … } into Terraform\'s CLI configuration, since a server with a port has no variable of its own',
    );
  }, 60_000);

  test(`${fault(170)}: a token that the server does not know`, async () => {
    const { server, project } = await start("remote", { workspaces: remote });
    const file = join(project.folder, "terraform.rc");
    writeFileSync(file, `credentials "${server.hostname}" {\n  token = "another"\n}\n`);
    expect(await cluster?.failure({ ...server.environment, TF_CLI_CONFIG_FILE: file })).toBe(
      "tfe.example.org:8443 does not accept the token: run terraform login tfe.example.org:8443, or renew it",
    );
  }, 60_000);

  test(`${fault(170)}: an organization that there is not`, async () => {
    await start("remote", { workspaces: remote }, "acne");
    expect(await cluster?.failure()).toBe(
      'tfe.example.org:8443 has no organization "acne" that this token may see: write its name in state.organization as its address has it, or use the token of a member',
    );
  }, 60_000);

  test(`${fault(170)}: a server that is none`, async () => {
    await start("remote", { workspaces: remote });
    await cluster?.server.stop();
    const [, port] = cluster?.server.hostname.split(":") ?? [];
    expect(await cluster?.failure()).toBe(
      `tfe.example.org:8443 cannot be asked: connect ECONNREFUSED 127.0.0.1:${port}`,
    );
  }, 60_000);

  test(`${fault(171)}: no agent of the pool is online`, async () => {
    await start("agent", { workspaces: agents, agents: { "apool-1": ["exited", "unknown"] } });
    expect(await cluster?.failure()).toBe(
      "no agent of the pool of the workspace demo-nodes (apool-1) is online: start one, or its runs wait for ever",
    );
    expect(cluster?.server.runs).toEqual([]);
  }, 60_000);

  test(`${fault(156)}: a workspace that executes otherwise`, async () => {
    await start("local", { workspaces: remote });
    expect(await cluster?.failure()).toBe(
      "the workspace demo-nodes on tfe.example.org:8443 has the Execution Mode remote, and state.execution says local: change one of the two",
    );
  }, 60_000);

  test.each([
    [undefined, "is locked; its page says by whom: wait"],
    ["ada", "is locked by ada: wait"],
  ])(
    `${fault(172)}: a locked workspace, with local execution: %s`,
    async (lockedBy, said) => {
      await start("local", { workspaces: { "demo-nodes": { execution: "local", locked: true, lockedBy } } });
      expect(await cluster?.failure()).toBe(
        `the workspace demo-nodes on tfe.example.org:8443 ${said} for that to end, or unlock it there`,
      );
    },
    60_000,
  );

  test(`${fault(154)}: a run that somebody discarded`, async () => {
    await start("remote", { workspaces: remote, runs: "discarded" });
    expect(await cluster?.failure()).toBe(
      "the stack nodes has no plan, since its run on the server is canceled: begin again, or ask who ended it (https://tfe.example.org:8443/app/acme/demo-nodes/runs/run-a1)",
    );
  }, 60_000);

  test(`${fault(171)}, ${fault(155)}: a run that waits is said, and canceled after Ctrl-C`, async () => {
    // A server that does not list its agents.
    const { server } = await start("agent", { workspaces: agents, runs: "waiting" });
    const said: string[] = [];
    const planned = cluster?.plan(server.environment, said).catch((error: Error) => error.message);
    for (let waited = 0; said.length === 0 && waited < 300; waited += 1) await sleep(100);
    const url = `https://${server.hostname}/app/acme/demo-nodes/runs/run-a1`;
    expect(said).toEqual([
      `the run of the stack nodes waits on the server (plan_queued): an agent of its pool has to be online, and other runs of the workspace come first: ${url}`,
    ]);
    cluster?.interruptTerraform();
    expect(await planned).toBe(
      `the plan of the stack nodes was interrupted, and its run canceled on the server (${url})`,
    );
    expect(server.runs).toMatchObject([{ status: "canceled" }]);
  }, 60_000);

  test(`${fault(172)}: a run that waits for a lock, with remote execution`, async () => {
    const locked = { execution: "remote", locked: true, lockedBy: "ada" } as const;
    await start("remote", { workspaces: { "demo-nodes": locked }, runs: "pending" });
    expect(await cluster?.failure()).toBe(
      "the run did not start within 1 s, and was canceled: the workspace demo-nodes is locked by ada (https://tfe.example.org:8443/app/acme/demo-nodes/runs/run-a1)",
    );
    expect(cluster?.server.runs).toMatchObject([{ status: "canceled" }]);
  }, 60_000);
});
