import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { pullState } from "../../remote/terraform/state-transfer";
import { stateFile } from "../../stacks/shared/local-state";
import { clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { program } from "../programs";
import { describeWithProviders } from "./available";
import { MovedProject } from "./moved-project";
import { describeWithPostgres, Postgres } from "./postgres";
import { S3Server } from "./s3-server";
import { StateServer } from "./state-server";

const local = { backend: "local" };
const failure = (work: Promise<unknown>) =>
  work.then(
    () => "it did not fail",
    (error: Error) => error.message,
  );
const unchanged = [
  { stack: "nodes", changes: [], deployed: true },
  { stack: "metallb", changes: [], deployed: true },
];
const planned = async (project: MovedProject) =>
  (await project.plan()).map(({ stack, changes, deployed }) => ({ stack: stack.name, changes, deployed }));
/** Every file of a folder that has a text in it. */
const filesWith = (folder: string, text: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => {
    const file = join(folder, name);
    return statSync(file).isFile() && readFileSync(file, "latin1").includes(text);
  });

describeWithProviders("moving states with real Terraform")("moving states with real Terraform", () => {
  const projects: MovedProject[] = [];
  afterEach(() => projects.splice(0).forEach((project) => project.dispose()));
  const newProject = (environment: Readonly<Record<string, string>>): MovedProject => {
    const project = new MovedProject(environment);
    projects.push(project);
    return project;
  };

  describeWithPostgres("moving states to PostgreSQL and back")("to PostgreSQL", () => {
    let postgres: Postgres;
    beforeAll(async () => {
      postgres = await Postgres.start();
    }, 60_000);
    afterAll(() => postgres.stop());
    const pg = { backend: "pg" };

    test(`${fault(183)}: and back: no change is planned after either, and the old place cannot be used by mistake`, async () => {
      const project = newProject(postgres.environment);
      project.declare(local);
      await project.deploy();
      const before = ["nodes", "metallb"].map((stack) => project.localState(stack));

      // when
      project.declare(pg);
      const moves = await project.move(local);

      // then
      expect(moves).toEqual([
        {
          stack: "nodes",
          from: "the file .state/demo/nodes.tfstate",
          to: "PostgreSQL, schema demo-nodes",
          resources: 2,
          step: "copy",
        },
        {
          stack: "metallb",
          from: "the file .state/demo/metallb.tfstate",
          to: "PostgreSQL, schema demo-metallb",
          resources: 2,
          step: "copy",
        },
      ]);
      expect(await planned(project)).toEqual(unchanged);
      for (const [index, stack] of project.stacks.entries()) {
        const there = await pullState(project.terraform(), stack);
        expect([there?.lineage, there?.resources]).toEqual([before[index]?.lineage, before[index]?.resources]);
        const left = project.localState(stack.name);
        expect(left).toMatchObject({
          lineage: before[index]?.lineage,
          resources: [],
          outputs: {
            moved_to: { value: expect.stringMatching(`^PostgreSQL, schema demo-${stack.name}, on 20\\d\\d-`) },
          },
        });
      }
      expect(project.backups).toHaveLength(1);

      // and back
      project.declare(local);
      await project.move(pg);
      expect(await planned(project)).toEqual(unchanged);
      for (const [index, { name }] of project.stacks.entries()) {
        const back = project.localState(name);
        expect([back?.lineage, back?.resources]).toEqual([before[index]?.lineage, before[index]?.resources]);
      }

      // and once more, over what the first move left there
      project.declare(pg);
      await project.move(local);
      expect(await planned(project)).toEqual(unchanged);
      expect(filesWith(project.folder, postgres.password)).toEqual([]);
      const schemas = postgres.sql(
        "select nspname from pg_namespace where nspname like 'demo%' order by 1",
        "terraform",
      );
      expect(schemas).toBe("demo-metallb\ndemo-nodes\n");
    }, 180_000);

    test(`${fault(43)}: a state that is locked says so, and how PostgreSQL lets go of it`, async () => {
      const project = newProject(postgres.environment);
      project.declare(pg);
      const [stack] = project.stacks;
      if (stack === undefined) throw new Error("no stack");
      await project.terraform().run(stack, ["plan"], 60);
      const holder = spawn("terraform", ["console"], { cwd: stack.folder, env: project.project.environment });
      try {
        await new Promise((done) => setTimeout(done, 3000));
        expect(await failure(project.plan())).toBe(
          "another run of Terraform holds the state's lock: wait for it to end. PostgreSQL lets go of it when the connection of that run has ended",
        );
      } finally {
        holder.stdin.end();
      }
    }, 120_000);
  });

  describe("to a server of states", () => {
    let server: StateServer;
    beforeEach(async () => {
      server = await StateServer.start();
    });
    afterEach(() => server.stop());
    const http = (more = {}) => ({ backend: "http", address: server.address, ...more });
    const deployed = async (state: object): Promise<MovedProject> => {
      const project = newProject(server.environment);
      project.declare(state);
      await project.deploy();
      return project;
    };

    test(`${fault(183)}: and back, each write under the lock; ${fault(181)}: its password is in no file`, async () => {
      const project = await deployed(local);
      project.declare(http());
      await project.move(local);
      expect(await planned(project)).toEqual(unchanged);
      expect([...server.states.keys()].sort()).toEqual(["/states/demo-metallb", "/states/demo-nodes"]);
      const ofNodes = server.requests.filter((request) => request.endsWith("/states/demo-nodes"));
      expect(ofNodes.filter((request) => !request.startsWith("GET")).map((request) => request.split(" ")[0])).toEqual([
        ...["LOCK", "POST", "UNLOCK"],
        ...["LOCK", "POST", "UNLOCK"],
        // The plan's.
        ...["LOCK", "UNLOCK"],
      ]);
      expect(server.locks.size).toBe(0);

      project.declare(local);
      await project.move(http());
      expect(await planned(project)).toEqual(unchanged);
      expect(filesWith(project.folder, server.environment.TF_HTTP_PASSWORD ?? "")).toEqual([]);
    }, 180_000);

    test(`${fault(183)}: one that locks as GitLab does`, async () => {
      const project = await deployed(local);
      project.declare(http({ lockMethod: "POST" }));
      await project.move(local);
      expect(await planned(project)).toEqual(unchanged);
      const locks = server.requests.filter((request) => request.endsWith("/demo-nodes/lock"));
      expect(locks.slice(0, 2)).toEqual(["POST /states/demo-nodes/lock", "DELETE /states/demo-nodes/lock"]);
      expect(server.requests).not.toContain("LOCK /states/demo-nodes");
    }, 120_000);

    test(`${fault(183)}: who plans at the old place is told where the state went`, async () => {
      const project = await deployed(local);
      project.declare(http());
      await project.move(local);
      const former = new MovedProject(server.environment);
      projects.push(former);
      project.declare(local);
      expect(await failure(project.plan())).toMatch(
        new RegExp(
          `^the state of the stack nodes was moved to ${server.address}/demo-nodes, on 20\\S+Z: take the section state of the cluster.yaml that says so, or move it back with npx baremetal-lb state move. Nothing was changed$`,
        ),
      );
    }, 120_000);

    test(`${fault(184)}: what cannot be written leaves the state where it is, and the same command goes on`, async () => {
      const project = await deployed(local);
      project.declare(http());
      for (const failing of [1, 2, 3]) {
        let writes = 0;
        server.beforeWrite = () => {
          writes += 1;
          // Terraform tries again.
          if (writes >= failing) throw new Error("disk full");
        };
        expect(await failure(project.move(local))).toMatch(
          /^the state of the stack \w+ cannot be written: Failed to persist state: Failed to upload state: POST \S+ giving up after 3 attempt\(s\)$/,
        );
        const places = project.stacks.map(({ name }) => [
          project.localState(name)?.resources?.length ?? 0,
          (JSON.parse(server.states.get(`/states/demo-${name}`) ?? "{}") as { resources?: [] }).resources?.length ?? 0,
        ]);
        expect(places.map((counts) => Math.max(...counts))).toEqual([2, 2]);
      }
      server.beforeWrite = () => undefined;
      await project.move(local);
      expect(await planned(project)).toEqual(unchanged);
      expect(project.stacks.map(({ name }) => project.localState(name)?.resources)).toEqual([[], []]);
    }, 180_000);

    test(`${fault(184)}: killed in the middle, by its command line, it goes on`, async () => {
      const project = await deployed(local);
      project.declare(http());
      writeFileSync(join(project.folder, "cluster.yaml"), stringify({ ...clusterInput, state: http() }));
      const move = (signal: NodeJS.Signals = "SIGKILL") =>
        new Promise<{ code: number | null; stdout: string; stderr: string }>((done) => {
          const child = spawn(process.execPath, [program, "state", "move", "--yes"], {
            cwd: project.folder,
            env: project.project.environment,
            // A group of its own, with the Terraform that it starts.
            detached: true,
          });
          const group = child.pid ?? 0;
          let [stdout, stderr, writes] = ["", "", 0];
          child.stderr.on("data", (part: Buffer) => (stderr += part.toString()));
          child.stdout.on("data", (part: Buffer) => (stdout += part.toString()));
          // The first one is of the stack that is to be moved.
          server.beforeWrite = () => void ((writes += 1) === killedAt && process.kill(-group, signal));
          child.on("close", (code) => done({ code, stdout, stderr }));
        });
      let killedAt = 1;
      // Ctrl-C, as a terminal has it: it comes to all that it started as well.
      expect(await move("SIGINT")).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(
          /nodes: moved\ninterrupted before the stack metallb: run this command again to go on\n$/,
        ),
      });
      expect(project.stacks.map(({ name }) => project.localState(name)?.resources?.length)).toEqual([0, 2]);
      expect(filesWith(join(project.folder, "cdktf.out.move"), '"lineage"')).toEqual([]);

      killedAt = 1;
      expect(await move()).toMatchObject({ code: null, stdout: "" });
      expect(project.stacks.map(({ name }) => project.localState(name)?.resources?.length)).toEqual([0, 2]);
      killedAt = 0;
      const refused = await move();
      expect(refused.code).toBe(1);
      // As force-unlock does, whose command the message has.
      server.locks.clear();
      const { code, stdout } = await move();
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /^Moved\. The states as they were are in \S+\/\.state\/demo\/moved-20\S+Z: they hold secrets, remove them once all is well\.\nThat nothing changes by it is said by: npx baremetal-lb drift\n$/,
      );
      expect(await planned(project)).toEqual(unchanged);
      expect((await move()).code).toBe(0);
    }, 180_000);

    test.each([
      ["old", "2"],
      ["new", "3"],
    ])(
      `${fault(184)}: where the old place was not emptied, the one that went on is kept: the %s one`,
      async (place, script) => {
        const project = await deployed(http());
        project.declare(local);
        // The first one, before anything is copied, shows that it may be written.
        let writes = 0;
        server.beforeWrite = () => {
          writes += 1;
          if (writes > 1) throw new Error("disk full");
        };
        expect(await failure(project.move(http()))).toMatch(
          /\nThe stack nodes still has its state in http:\S+\/demo-nodes; what is in the file \.state\/demo\/nodes\.tfstate is a copy\. Run this command again before anybody deploys$/,
        );
        server.beforeWrite = () => undefined;
        const path = stateFile("demo", { outdir: project.project.outdir, stack: "nodes" });
        const goneOn = (text: string) =>
          text
            .replace(/"serial": ?(\d+)/, (_, serial) => `"serial": ${Number(serial) + 1}`)
            .replace(/"script": ?"1"/, `"script": "${script}"`);
        if (place === "new") writeFileSync(path, goneOn(readFileSync(path, "utf8")));
        else server.states.set("/states/demo-nodes", goneOn(server.states.get("/states/demo-nodes") ?? ""));

        await project.move(http());
        expect(project.localState("nodes")?.text).toContain(`"script": "${script}"`);
        expect(server.states.get("/states/demo-nodes")).toMatch(/"resources": ?(\[\]|null)/);
      },
      120_000,
    );

    test(`${fault(185)}: both went on after a copy: nothing is moved`, async () => {
      const project = await deployed(local);
      project.declare(http());
      await project.move(local);
      const [stack] = project.stacks;
      if (stack === undefined) throw new Error("no stack");
      const path = stateFile("demo", { outdir: project.project.outdir, stack: "nodes" });
      const there = server.states.get("/states/demo-nodes") ?? "";
      writeFileSync(path, there.replace(/"script": ?"1"/, '"script": "2"'));
      server.states.set("/states/demo-nodes", there.replace(/"script": ?"1"/, '"script": "3"'));
      expect(await failure(project.move(local))).toMatch(
        /, and both went on after one was copied: look which one is right/,
      );
    }, 120_000);

    test(`${fault(185)}: another state at the new place is not written over`, async () => {
      const project = await deployed(local);
      const other = await deployed(http());
      const there = new Map(server.states);
      project.declare(http());
      expect(await failure(project.move(local))).toMatch(
        /^there are two states of the stack nodes, in the file \.state\/demo\/nodes\.tfstate \(2 resources, serial \d+, lineage [-0-9a-f]+\) and in http:\S+demo-nodes \(2 resources, serial \d+, lineage [-0-9a-f]+\), and they have nothing to do with each other: look which one is right \(terraform state pull\), and remove the other one\. Nothing was moved$/,
      );
      expect(new Map(server.states)).toEqual(there);
      expect(project.localState("nodes")?.resources).toHaveLength(2);
      expect(await planned(other)).toEqual(unchanged);
    }, 120_000);

    test(`${fault(185)}: one place under two names keeps its state`, async () => {
      const project = await deployed(http());
      const resources = () =>
        project.stacks.map(
          ({ name }) =>
            (JSON.parse(server.states.get(`/states/demo-${name}`) ?? "{}") as { resources?: [] }).resources?.length,
        );
      project.declare(http({ lockMethod: "POST" }));
      expect(await failure(project.move(http()))).toBe(
        `${server.address}/demo-nodes is where the state of the stack nodes was and is to be: there is nothing to move. Was it elsewhere, name the cluster.yaml as it was with --from`,
      );
      expect(resources()).toEqual([2, 2]);

      const other = server.address.replace("127.0.0.1", "localhost");
      project.declare(http({ address: other }));
      expect(await failure(project.move(http()))).toBe(
        `the state of the stack nodes changed in ${server.address}/demo-nodes when it was written to ${other}/demo-nodes: if nobody deployed meanwhile, these are one place, the state is there, and there is nothing to move. Nothing was removed`,
      );
      expect(resources()).toEqual([2, 2]);
    }, 120_000);

    test(`${fault(186)}: while a run holds the lock at the old place nothing is copied`, async () => {
      const project = await deployed(http());
      server.locks.set("/states/demo-nodes", { ID: "the-lock" });
      project.declare(local);
      expect(await failure(project.move(http()))).toBe(
        `the state of the stack nodes cannot be written: another run of Terraform holds the state's lock: wait for it to end. If it was killed: terraform -chdir='${project.folder}/cdktf.out.move-from/stacks/nodes' force-unlock the-lock`,
      );
      expect(project.localState("nodes")).toBeUndefined();
      const [stack] = project.stacks;
      if (stack === undefined) throw new Error("no stack");
      const folder = `${project.folder}/cdktf.out.move-from/stacks/nodes`;
      await project.terraform().run({ ...stack, folder }, ["force-unlock", "-force", "the-lock"], 60);
      await project.move(http());
      expect(await planned(project)).toEqual(unchanged);
    }, 120_000);

    test(`${fault(186)}: what is deployed at the old place meanwhile is not lost`, async () => {
      const project = await deployed(http());
      project.declare(local);
      const changed = server.states
        .get("/states/demo-nodes")
        ?.replace(/"serial": ?(\d+)/, (_, n) => `"serial":${Number(n) + 1}`);
      const meanwhile = project.move(http(), async ({ moves, move }) => {
        for (const one of moves) {
          server.states.set("/states/demo-nodes", changed?.replace('"script": "1"', '"script": "2"') ?? "");
          await move(one);
        }
        return moves;
      });
      expect(await failure(meanwhile)).toMatch(
        /^the state of the stack nodes cannot be written: .*cannot overwrite existing state with serial/,
      );
      await project.move(http());
      expect(project.localState("nodes")?.text).toContain('"script": "2"');
    }, 120_000);
  });

  test(`${fault(183)}: to a bucket and back, with a lock in it; ${fault(181)}: its key is in no file`, async () => {
    const server = await S3Server.start();
    try {
      const project = newProject(server.environment);
      const s3 = { backend: "s3", bucket: "states", region: "us-east-1", endpoint: server.endpoint, encrypt: false };
      project.declare(local);
      await project.deploy();
      project.declare(s3);
      await project.move(local);
      expect(await planned(project)).toEqual(unchanged);
      expect([...server.objects.keys()].sort()).toEqual(["states/demo/metallb.tfstate", "states/demo/nodes.tfstate"]);
      expect(server.requests).toContain("PUT states/demo/nodes.tfstate.tflock");

      const lock = { ID: "the-lock", Who: "ops@ci", Created: "2026-01-02T03:04:05Z", Operation: "OperationTypeApply" };
      server.objects.set("states/demo/nodes.tfstate.tflock", Buffer.from(JSON.stringify(lock)));
      expect(await failure(project.plan())).toBe(
        `another run of Terraform holds the state's lock (ops@ci, since 2026-01-02 03:04:05 +0000 UTC): wait for it to end. If it was killed: terraform -chdir='${project.folder}/cdktf.out/stacks/nodes' force-unlock the-lock`,
      );
      server.objects.delete("states/demo/nodes.tfstate.tflock");

      project.declare(local);
      await project.move(s3);
      expect(await planned(project)).toEqual(unchanged);
      expect(filesWith(project.folder, server.environment.AWS_SECRET_ACCESS_KEY)).toEqual([]);
    } finally {
      await server.stop();
    }
  }, 180_000);
});
