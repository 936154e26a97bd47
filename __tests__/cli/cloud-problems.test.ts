import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { CloudServer, organization } from "../remote/cloud/cloud-server";
import { runProgram } from "./run-program";

describe("what is wrong with Terraform Cloud is one sentence, exit code 1, and soon", () => {
  let server: CloudServer;
  let folder: string;
  beforeEach(async () => {
    const workspaces = { "demo-nodes": { execution: "local", locked: true, lockedBy: "ada" } } as const;
    server = await CloudServer.start({ workspaces });
    folder = mkdtempSync(join(tmpdir(), "cloud-problems-"));
    // An app that would be run for a plan.
    writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ app: "echo it was synthesised >&2; false" }));
  });
  afterEach(async () => {
    await server.dispose();
    rmSync(folder, { recursive: true });
  });

  /** What apply has to be given is not looked at: it is refused before anything is planned. */
  const words = (command: string) => (command === "apply" ? [command, "--approved", "0"] : [command]);
  const run = async (command: string, state: object, environment: Readonly<Record<string, string>>) => {
    const { hostname } = server;
    const config = { ...clusterInput, state: { backend: "cloud", organization, hostname, ...state } };
    writeFileSync(join(folder, "cluster.yaml"), stringify(config));
    const begun = Date.now();
    const { status, stdout, stderr } = await runProgram(folder, words(command), environment);
    expect((Date.now() - begun) / 1000).toBeLessThan(30);
    return { status, stdout, stderr: stderr.replaceAll(hostname, "tfe.example.org:8443") };
  };

  describe.each(["diff", "apply", "drift", "heal", "upgrade", "adopt"])("%s", (command) => {
    test(`${fault(170)}: no token`, async () => {
      expect(await run(command, {}, { SSL_CERT_FILE: server.environment.SSL_CERT_FILE })).toEqual({
        status: 1,
        stdout: "",
        stderr:
          'there is no token for tfe.example.org:8443: run terraform login tfe.example.org:8443, or in CI write credentials "tfe.example.org:8443" { token = … } into Terraform\'s CLI configuration, since a server with a port has no variable of its own\n',
      });
    }, 60_000);

    // Of those that lock it.
    if (command === "diff") return;
    test(`${fault(172)}: a locked workspace`, async () => {
      expect(await run(command, { execution: "local" }, server.environment)).toEqual({
        status: 1,
        stdout: "",
        stderr:
          "the workspace demo-nodes on tfe.example.org:8443 is locked by ada: wait for that to end, or unlock it there\n",
      });
    }, 60_000);
  });

  test(`${fault(190)}: diff, which locks nothing, looks into a locked workspace`, async () => {
    const { stderr } = await run("diff", { execution: "local" }, server.environment);
    expect(stderr).toBe("'echo it was synthesised >&2; false' failed:\nit was synthesised\n");
  }, 60_000);
});
