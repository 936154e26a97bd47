import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { type DriftStatus, findDrift, worst } from "../../day-two/drift";
import { cluster, hostKeys } from "../cluster-fixture";
import { fault } from "../faults";
import { ProjectFixture } from "../remote/terraform/project-fixture";

test.each<[DriftStatus[], DriftStatus]>([
  [["in-sync", "in-sync"], "in-sync"],
  [["in-sync", "drifted"], "drifted"],
  [["drifted", "failed", "in-sync"], "failed"],
  [["not-deployed", "not-deployed"], "not-deployed"],
  [["not-deployed", "in-sync"], "drifted"],
  [["not-deployed", "failed"], "failed"],
])("parts that are %j make a cluster that is %s", (parts, whole) => {
  expect(worst(parts)).toBe(whole);
});

test(`${fault(228)}: a plan that is late is ended by the clock, and the others are there; no node is asked where none is to be`, async () => {
  const fixture = new ProjectFixture();
  const program = join(fixture.folder, "terraform");
  writeFileSync(program, `#!/bin/sh\ncase $PWD in */slow) exec sleep 20 ;; esac\n`);
  chmodSync(program, 0o755);
  fixture.stacks({ nodes: {}, slow: {} });
  const { project } = fixture;
  const { report, plans } = await findDrift({
    config: cluster(),
    project: { ...project, environment: { ...project.environment, TERRAFORM_BINARY_NAME: program } },
    home: fixture.folder,
    scratch: fixture.folder,
    nodes: false,
    lock: false,
    planSeconds: 1,
  });
  fixture.dispose();
  expect(report).toEqual({
    cluster: "demo",
    status: "failed",
    stacks: [
      { stack: "nodes", status: "in-sync", differences: [] },
      {
        stack: "slow",
        status: "failed",
        differences: [],
        error: "terraform plan of the stack slow did not end within 1 s and was interrupted",
      },
    ],
    nodes: [],
  });
  expect(plans.map(({ stack }) => stack.name)).toEqual(["nodes"]);
});

test(`${fault(147)}: no node is asked before the stacks are synthesised, which logins on many nodes would leave no processor`, async () => {
  const fixture = new ProjectFixture();
  const asked = join(fixture.folder, "asked");
  const server = createServer((socket) => {
    writeFileSync(asked, "");
    socket.destroy();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const app = `sleep 0.5; test ! -e '${asked}'`;
  writeFileSync(join(fixture.folder, "cdktf.json"), JSON.stringify({ app, output: "out" }));
  fixture.stacks({ nodes: {} });
  const { project } = fixture;
  const { port } = server.address() as AddressInfo;

  const found = findDrift({
    config: cluster({
      ssh: { user: "root", port, agent: true },
      nodes: [{ name: "node1", address: "127.0.0.1", role: "control-plane", hostKey: hostKeys.node1 }],
    }),
    project: {
      ...project,
      environment: { ...project.environment, TERRAFORM_BINARY_NAME: "true", SSH_AUTH_SOCK: "/nonexistent" },
    },
    home: fixture.folder,
    scratch: fixture.folder,
  });
  const { report } = await found.finally(() => server.close());
  const wasAsked = existsSync(asked);
  fixture.dispose();
  expect(report.stacks).toEqual([{ stack: "nodes", status: "in-sync", differences: [] }]);
  expect(wasAsked).toBe(true);
});
