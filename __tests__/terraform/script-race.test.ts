import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { Resource } from "@cdktf/provider-null/lib/resource";
import { type RemoteExecProvisioner, type SSHProvisionerConnection, TerraformStack } from "cdktf";
import { addBackend } from "../../stacks/shared/constructs/backend";
import type { DestroyTimeProvisioner } from "../../stacks/shared/constructs/remote-script";
import { SshAccess } from "../../stacks/shared/constructs/ssh-access";
import { assignments, inlined } from "../../stacks/shared/script";
import { literal } from "../../stacks/shared/terraform-text";
import { cluster } from "../cluster-fixture";
import { fault } from "../faults";
import { ecdsaKey } from "../remote/ssh/keys";
import { describeWithProviders } from "./available";
import { OpenSshServer, whyNoOpenSsh } from "./open-ssh-server";
import { TerraformProject } from "./terraform-project";

const reason = whyNoOpenSsh();
if (reason !== undefined) console.warn(`SKIPPED: the race for a script on a real server, since ${reason}`);
const withServer = reason === undefined ? test : test.skip;

/** Harmless on this machine, as which the node stands here: only the preamble, and a line. */
const preamble = inlined(join(__dirname, "../../stacks/shared/scripts/lib/preamble.sh"));

/** Another user of the node, who writes over every script that it can open in a folder, as fast as it can. */
const attack = `
  const { openSync, readdirSync, writeSync, closeSync } = require("node:fs");
  const [folder, won] = process.argv.slice(1);
  process.setgid(65534);
  process.setuid(65534);
  console.log("ready");
  const payload = "#!/bin/sh\\nmktemp " + won + "/XXXXXX >/dev/null\\nexit 0\\n";
  for (;;) {
    for (const name of readdirSync(folder)) {
      try {
        const file = openSync(folder + "/" + name, "r+");
        writeSync(file, payload, 0);
        closeSync(file);
      } catch {}
    }
  }
`;

describeWithProviders("a node's other users, and the scripts that Terraform runs there")("on a real SSH server", () => {
  const key = ecdsaKey();
  let server: OpenSshServer;
  let project: TerraformProject;
  let won: string;
  let attacker: ChildProcess | undefined;

  beforeEach(async () => {
    server = await OpenSshServer.start(key.public);
    project = new TerraformProject("race");
    writeFileSync(project.path("key"), key.private, { mode: 0o600 });
    won = mkdtempSync(join(tmpdir(), "won-"));
    chmodSync(won, 0o755);
  });
  afterEach(async () => {
    attacker?.kill("SIGKILL");
    attacker = undefined;
    await server.stop();
    project.dispose();
    rmSync(won, { recursive: true, force: true });
  });

  async function attackIn(folder: string): Promise<void> {
    attacker = spawn(process.execPath, ["-e", attack, folder, won], { stdio: ["ignore", "pipe", "inherit"] });
    if (attacker.stdout) await once(attacker.stdout, "data");
  }

  /** `runs` resources, each of which runs a script when it is created, and again when it is destroyed. */
  async function write(
    runs: number,
    {
      scriptDirectory,
      body = "say done",
      change = (connection: SSHProvisionerConnection) => connection,
    }: {
      scriptDirectory?: string;
      body?: string;
      change?: (connection: SSHProvisionerConnection) => SSHProvisionerConnection;
    } = {},
  ): Promise<void> {
    const config = cluster({
      ssh: {
        user: "root",
        port: server.port,
        timeout: "30s",
        privateKeyFile: project.path("key"),
        ...(scriptDirectory !== undefined && { scriptDirectory }),
      },
      nodes: [{ name: "node1", address: "127.0.0.1", role: "control-plane", hostKey: server.hostKey }],
    });
    const [node] = config.nodes;
    if (node === undefined) throw new Error("no node");
    const head = assignments({ NODE: "node1", SSH_USER: "root", SUDO: false });
    await project
      .write((scope, id) => {
        const stack = new TerraformStack(scope, id);
        addBackend(stack, config);
        new NullProvider(stack, "null");
        const connection = change(new SshAccess(stack, config.ssh).connection(node, "prepare-node"));
        const inline = [literal(`${head}\n${preamble}\n${body}`)];
        const step: RemoteExecProvisioner = { type: "remote-exec", inline, connection };
        for (let run = 0; run < runs; run++) {
          new Resource(stack, `run-${run}`, {
            provisioners: [step, { ...step, when: "destroy" } as DestroyTimeProvisioner],
          });
        }
        return stack;
      })
      .init();
  }

  const left = async (folder: string): Promise<string[]> => {
    const files = () => readdirSync(folder).filter((name) => name.includes("baremetal-lb"));
    for (let tries = 0; files().length > 0 && tries < 50; tries++) await sleep(200);
    return files();
  };

  withServer(
    `${fault(59)}: 100 times nobody but the SSH user changed what ran, in a home that everybody may enter`,
    async () => {
      await write(50);
      await attackIn(server.home);
      const { code, output } = await project.apply();
      expect([code, output.match(/baremetal-lb: node1: done/g)?.length]).toEqual([0, 50]);
      const destroyed = await project.terraform("destroy", "-auto-approve", "-input=false");
      expect([destroyed.code, destroyed.output.match(/baremetal-lb: node1: done/g)?.length]).toEqual([0, 50]);
      expect(readdirSync(won)).toEqual([]);
    },
    240_000,
  );

  withServer(
    "the same attacker wins where Terraform's own way is left as it is",
    async () => {
      const folder = join(server.home, "scripts");
      mkdirSync(folder, { mode: 0o755 });
      await write(20, { change: (connection) => ({ ...connection, scriptPath: `${folder}/x-%RAND%.sh` }) });
      await attackIn(folder);
      await project.apply();
      expect(readdirSync(won).length).toBeGreaterThan(0);
    },
    240_000,
  );

  withServer(
    `${fault(59)}: nothing stays behind, after success and after failure`,
    async () => {
      await write(2);
      expect((await project.apply()).code).toBe(0);
      expect(await left(server.home)).toEqual([]);
      await write(3, { body: "fail because" });
      const { code, output } = await project.apply();
      expect([code, output]).toEqual([1, expect.stringContaining("baremetal-lb: node1: because")]);
      expect(await left(server.home)).toEqual([]);
    },
    120_000,
  );

  withServer(
    `${fault(59)}: ssh.scriptDirectory, which only root may write to, is used instead of the home`,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "script-directory-"));
      try {
        chmodSync(folder, 0o755);
        await write(5, { scriptDirectory: folder, body: 'say "runs in ${script%/*}"' });
        await attackIn(folder);
        const { code, output } = await project.apply();
        expect(code).toBe(0);
        expect(output).toMatch(new RegExp(`baremetal-lb: node1: runs in /[./]*${folder}\n`));
        expect(readdirSync(won)).toEqual([]);
        expect(await left(folder)).toEqual([]);
        expect(readdirSync(server.home)).toEqual([]);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    120_000,
  );
});
