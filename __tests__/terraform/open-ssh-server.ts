import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ecdsaKey, type KeyPair } from "../remote/ssh/keys";

const program = "/usr/sbin/sshd";

/** Why this machine cannot run it, or nothing: it takes OpenSSH's sshd, and a mount namespace for a home of its own. */
export const whyNoOpenSsh = (): string | undefined => {
  if (!existsSync(program)) return `there is no ${program} (package openssh-server)`;
  return spawnSync("unshare", ["--mount", "true"]).status === 0 ? undefined : "this user may not mount (root may)";
};

/** OpenSSH's own server on a loopback address, which lets root in; root's home there is a folder of the test's. */
export class OpenSshServer {
  readonly hostKey: string;

  private constructor(
    private readonly folder: string,
    private readonly process: ChildProcess,
    readonly port: number,
    hostKey: KeyPair,
  ) {
    this.hostKey = hostKey.public;
  }

  /** What the server sees as /root. Everybody may enter it and read it, as a home of mode 0755. */
  get home(): string {
    return join(this.folder, "home");
  }

  static async start(publicKey: string): Promise<OpenSshServer> {
    const folder = mkdtempSync(join(tmpdir(), "open-ssh-"));
    chmodSync(folder, 0o755);
    const path = (name: string) => join(folder, name);
    const hostKey = ecdsaKey();
    writeFileSync(path("host-key"), hostKey.private, { mode: 0o600 });
    writeFileSync(path("authorized-keys"), `${publicKey}\n`);
    mkdirSync(path("home"), { mode: 0o755 });
    mkdirSync(path("run"), { mode: 0o755 });
    const port = await freePort();
    const options = [
      ["ListenAddress", `127.0.0.1:${port}`],
      ["HostKey", path("host-key")],
      ["AuthorizedKeysFile", path("authorized-keys")],
      ["PidFile", "none"],
      ["StrictModes", "no"],
      ["UsePAM", "no"],
      ["PermitRootLogin", "prohibit-password"],
      ["MaxStartups", "1000"],
    ].flatMap(([name, value]) => ["-o", `${name}=${value}`]);
    const mounts = `mount --bind ${path("home")} /root && mkdir -p /run/sshd && mount --bind ${path("run")} /run/sshd`;
    const server = spawn(
      "unshare",
      ["--mount", "/bin/sh", "-c", `${mounts} && exec "$@"`, "sh", program, "-D", "-e", "-f", "/dev/null", ...options],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    let errors = "";
    server.stderr.on("data", (text: Buffer) => (errors += text.toString()));
    for (let tries = 0; !(await answers(port)); tries++) {
      if (tries > 100 || server.exitCode !== null) throw new Error(`sshd does not start: ${errors}`);
      await sleep(100);
    }
    return new OpenSshServer(folder, server, port, hostKey);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null) {
      this.process.kill();
      await once(this.process, "exit");
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.on("connect", () => end(true)).on("error", () => end(false));
  });
