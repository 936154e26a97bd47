import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { stateFile } from "../../stacks/shared/local-state";
import { clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { ApiServer } from "../remote/kubernetes/api-server";
import { ProjectFixture } from "../remote/terraform/project-fixture";
import { runProgram } from "./run-program";

describe("a command where the state was not moved to the declared place", () => {
  let fixture: ProjectFixture;
  let api: ApiServer;
  let file: string;
  beforeEach(async () => {
    fixture = new ProjectFixture();
    api = await ApiServer.start({});
    const { folder, project } = fixture;
    const config = {
      ...clusterInput,
      kubernetes: { version: "1.35.4", kubeconfig: api.kubeconfig, context: "admin" },
      ssh: { user: "ops", agent: true },
      state: { backend: "http", address: "http://127.0.0.1:1" },
    };
    writeFileSync(join(folder, "cluster.yaml"), stringify(config));
    fixture.stacks({ metallb: { configuration: {} } });
    const app = `mkdir -p $CDKTF_OUTDIR && cp -r ${project.outdir}/. $CDKTF_OUTDIR/ 2>/dev/null; true`;
    writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ app, output: "out" }));
    file = stateFile("demo", { outdir: project.outdir, stack: "metallb" });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ version: 4, resources: [{ mode: "managed" }] }));
  });
  afterEach(async () => {
    fixture.dispose();
    await api.stop();
  });

  test.each([[["heal", "--yes"]], [["adopt", "--yes"]], [["apply", "--approved", "0"]]])(
    `${fault(182)}: %j applies nothing`,
    async (words) => {
      const program = join(fixture.folder, "terraform");
      writeFileSync(program, `#!/bin/sh\necho "$1" >>${fixture.folder}/calls\nexit 1\n`, { mode: 0o755 });
      const { status, stdout, stderr } = await runProgram(fixture.folder, words, {
        CDKTF_OUTDIR: fixture.project.outdir,
        TERRAFORM_BINARY_NAME: program,
      });
      expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
      expect(stderr).toBe(
        `${file}: error: given a local state of 1 resource, with state.backend: http; expected none: a deploy makes anew what the state in http://127.0.0.1:1/demo-metallb does not have; npx baremetal-lb state move takes it along (docs/state.md); or write backend: local again; or, if it was moved by hand, move the file away\n`,
      );
    },
  );
});
