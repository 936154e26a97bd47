import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { CloudServer, organization } from "../remote/cloud/cloud-server";
import { ApiServer } from "../remote/kubernetes/api-server";
import { ProjectFixture } from "../remote/terraform/project-fixture";
import { runProgram } from "./run-program";

describe("adopt, as a shell runs it", () => {
  let fixture: ProjectFixture;
  let api: ApiServer;
  let cloud: CloudServer;
  beforeEach(async () => {
    cloud = await CloudServer.start();
    fixture = new ProjectFixture();
    const secretkey = Buffer.from("s3cret").toString("base64");
    const path = "/api/v1/namespaces/metallb-system/secrets/memberlist";
    api = await ApiServer.start({ [path]: { json: { data: { secretkey } } } });
  });
  afterEach(async () => {
    fixture.dispose();
    await Promise.all([api.stop(), cloud.dispose()]);
  });

  /** The project of a cluster, with a Terraform that knows of no resource and notes what it is asked for. */
  function project(sections: object): { readonly program: string; readonly calls: () => string } {
    const { folder } = fixture;
    const program = join(folder, "terraform");
    writeFileSync(program, `#!/bin/sh\necho "$1" >>${folder}/calls\n`, { mode: 0o755 });
    const config = {
      ...clusterInput,
      kubernetes: { version: "1.35.4", kubeconfig: api.kubeconfig, context: "admin" },
      ssh: { user: "ops", agent: true },
      ...sections,
    };
    writeFileSync(join(folder, "cluster.yaml"), stringify(config));
    // The app of a project, which writes the stack into the folder that adopt has for itself.
    const metadata = { name: "memberlist", namespace: "metallb-system" };
    const resource = { kubernetes_secret_v1: { memberlist: { metadata } } };
    fixture.stacks({ metallb: { configuration: { resource } } });
    writeFileSync(
      join(folder, "cdktf.json"),
      JSON.stringify({ app: `cp -r ${fixture.project.outdir}/. $CDKTF_OUTDIR`, output: "out" }),
    );
    return { program, calls: () => readFileSync(join(folder, "calls"), "utf8") };
  }

  test(`${fault(157)}: where a server runs Terraform, nothing is planned with the secret`, async () => {
    const state = { backend: "cloud", organization, hostname: cloud.hostname };
    const { program, calls } = project({ state });

    const { status, stdout, stderr } = await runProgram(fixture.folder, ["adopt", "--plan"], {
      CDKTF_OUTDIR: fixture.project.outdir,
      TERRAFORM_BINARY_NAME: program,
      ...cloud.environment,
    });

    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^the memberlist secret's value is its name for Terraform's import, and localhost:/);
    expect(calls()).toBe("state\n");
    expect(existsSync(`${fixture.project.outdir}.adopt`)).toBe(false);
  });

  test(`${fault(165)}: a secret that is to be in no state is not imported into it`, async () => {
    const { program, calls } = project({ metallb: { ...clusterInput.metallb, memberlistKey: "writeOnly" } });

    const { status, stdout, stderr } = await runProgram(fixture.folder, ["adopt", "--plan"], {
      CDKTF_OUTDIR: fixture.project.outdir,
      TERRAFORM_BINARY_NAME: program,
    });

    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(
      /^Terraform reads the Secrets that it imports into its state, which metallb\.memberlistKey: /,
    );
    expect(calls()).toBe("state\n");
  });
});
