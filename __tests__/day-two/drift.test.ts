import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DriftStatus, findDrift, worst } from "../../day-two/drift";
import { cluster } from "../cluster-fixture";
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
