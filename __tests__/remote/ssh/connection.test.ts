import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bastion } from "../../../remote/ssh/bastion";
import { SshConnection } from "../../../remote/ssh/connection";
import { logIn } from "../../../remote/ssh/handshake";
import { ed25519Key } from "./keys";
import { answering, closedPort, silentServer, SshHost, sshConfig, type SshHostProps } from "./ssh-host";
import { fault } from "../../faults";

const userKey = ed25519Key();
const credentials = { privateKey: userKey.private };

describe("A session with a node", () => {
  const stops: (() => unknown)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });
  const given = async (props: SshHostProps = {}): Promise<SshHost> => {
    const host = await SshHost.start({ userKey, ...props });
    stops.push(() => host.stop());
    return host;
  };
  const open = async (host: SshHost, section: Record<string, unknown> = {}, proof: object = credentials) => {
    const node = { name: "node1", address: "127.0.0.1", hostKey: host.hostKey };
    const connection = await SshConnection.open(node, sshConfig({ port: host.port, ...section }), proof);
    stops.push(() => connection.close());
    return connection;
  };

  it("runs a command and gives its output and exit code", async () => {
    const host = await given({ exec: answering("out ü\n", { stderr: "err\n", code: 3 }) });
    const result = await (await open(host)).run("sh -c 'x'", 5);
    expect(result).toStrictEqual({ code: 3, stdout: "out ü\n", stderr: "err\n" });
    expect(host.commands).toStrictEqual(["sh -c 'x'"]);
  });

  it("keeps characters whole that arrive in pieces", async () => {
    const host = await given({
      exec: (_command, channel) => {
        channel.write(Buffer.from([0xc3]));
        setTimeout(() => {
          channel.write(Buffer.from([0xbc]));
          channel.exit(0);
          channel.end();
        }, 50);
      },
    });
    expect(await (await open(host)).run("x", 5)).toStrictEqual({ code: 0, stdout: "ü", stderr: "" });
  });

  it("gives 255 for a command that a signal ended", async () => {
    const host = await given({
      exec: (_command, channel) => {
        channel.exit("KILL");
        channel.end();
      },
    });
    expect((await (await open(host)).run("x", 5)).code).toBe(255);
  });

  it("runs several commands", async () => {
    const host = await given({ exec: (command, channel) => answering(command)(command, channel) });
    const connection = await open(host);
    const results = await Promise.all(["a", "b"].map((command) => connection.run(command, 5)));
    expect(results.map(({ stdout }) => stdout)).toStrictEqual(["a", "b"]);
  });

  it("gives up a command that does not end within its bound", async () => {
    const host = await given({ exec: () => undefined });
    const connection = await open(host);
    await expect(connection.run("sleep 99", 0.2)).rejects.toThrow(
      new Error(`node1 (127.0.0.1, port ${host.port}): a command did not end within 0.2 s, the connection was closed`),
    );
  });

  it("says so where the connection is lost while a command runs", async () => {
    const host = await given({ exec: () => host.dropConnections() });
    const connection = await open(host);
    await expect(connection.run("reboot", 5)).rejects.toThrow(
      new Error(`node1 (127.0.0.1, port ${host.port}): the connection was lost while a command ran`),
    );
  });

  it("says so where the node runs no commands", async () => {
    const host = await given();
    const connection = await open(host);
    await expect(connection.run("x", 5)).rejects.toThrow(
      new Error(`node1 (127.0.0.1, port ${host.port}): cannot run a command: Unable to exec`),
    );
  });

  it("logs in with a key of the SSH agent", async () => {
    const host = await given({ exec: answering("") });
    const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
    const agent = join(folder, "agent");
    const process = spawn("ssh-agent", ["-D", "-a", agent], { stdio: "ignore" });
    stops.push(async () => {
      process.kill();
      await once(process, "exit");
      rmSync(folder, { recursive: true });
    });
    for (let tries = 0; !existsSync(agent) && tries < 100; tries += 1)
      await new Promise((done) => setTimeout(done, 20));
    writeFileSync(join(folder, "key"), userKey.private, { mode: 0o600 });
    execFileSync("ssh-add", ["-q", join(folder, "key")], { env: { SSH_AUTH_SOCK: agent, PATH: "/usr/bin:/bin" } });
    await open(host, {}, { agent });
    expect(host.logins).toBe(1);
  });

  describe("through a bastion", () => {
    const behind = async () => {
      const bastion = await given();
      const node = await given({ exec: answering("of the node") });
      return { bastion, node, section: { host: "127.0.0.1", port: bastion.port, hostKey: bastion.hostKey } };
    };

    it("logs in to both, each with its own host key", async () => {
      const { bastion, node, section } = await behind();
      const { stdout } = await (await open(node, { bastion: section })).run("x", 5);
      expect({ stdout, logins: [bastion.logins, node.logins] }).toStrictEqual({
        stdout: "of the node",
        logins: [1, 1],
      });
      expect(bastion.commands).toStrictEqual([]);
    });

    it(`${fault(18)}: refuses a bastion that is another`, async () => {
      const { bastion, node, section } = await behind();
      const other = { ...section, hostKey: node.hostKey };
      await expect(open(node, { bastion: other })).rejects.toThrow(
        `the bastion (127.0.0.1, port ${bastion.port}) offers another host key than cluster.yaml has: `,
      );
      expect(node.logins).toBe(0);
    });

    it("logs in to the bastion as its own user, and says who is refused", async () => {
      const { bastion, node, section } = await behind();
      await expect(open(node, { bastion: { ...section, user: "jump" } })).rejects.toThrow(
        new Error(
          `the bastion (127.0.0.1, port ${bastion.port}) refuses user jump with this key: add its public key to the user's authorized_keys there, or correct ssh.user`,
        ),
      );
    });

    it(`${fault(17)}: a node that the bastion does not reach is named`, async () => {
      const { node, section } = await behind();
      const port = await closedPort();
      await expect(open(node, { port, bastion: section })).rejects.toThrow(
        new Error(`node1 (127.0.0.1, port ${port}) cannot be reached from the bastion: (SSH) Channel open failure: `),
      );
    });

    it(`${fault(17)}: the bastion's own wait for a node is bounded`, async () => {
      const waiting = await given();
      const bastion = await Bastion.open(
        sshConfig({ bastion: { host: "127.0.0.1", port: waiting.port, hostKey: waiting.hostKey } }),
        credentials,
      );
      stops.push(() => bastion?.close());
      waiting.holdForwards = true;
      await expect(
        bastion?.forward({ name: "node1", address: "127.0.0.1", port: 22, user: "ops" }, 0.2),
      ).rejects.toThrow(
        new Error(
          "node1 (127.0.0.1, port 22) cannot be reached from the bastion within 0.2 s: see whether the node is up",
        ),
      );
    });

    it(`${fault(17)}: a node that is silent behind the bastion is given up`, async () => {
      const { section } = await behind();
      const silent = await silentServer();
      stops.push(silent.stop);
      const bastion = await Bastion.open(sshConfig({ bastion: section }), credentials);
      stops.push(() => bastion?.close());
      const host = { name: "node1", address: "127.0.0.1", port: silent.port, user: "ops" };
      const sock = await bastion?.forward(host);
      await expect(logIn(host, credentials, { sock, seconds: 0.2 })).rejects.toThrow(
        new Error(
          `node1 (127.0.0.1, port ${silent.port}) did not answer within 0.2 s: see whether the node is up and the address is right`,
        ),
      );
    });
  });
});
