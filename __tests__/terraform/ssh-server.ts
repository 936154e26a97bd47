import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server as NetServer, type Socket } from "node:net";
import { join, resolve } from "node:path";
import type { Writable } from "node:stream";
import { type Connection, Server, type ServerChannel } from "ssh2";
import { checkHarmless, type NodeUnderTest } from "../stacks/shared/scripts/node-under-test";
import { ecdsaKey, isLetIn } from "../remote/ssh/keys";

export interface SshServerProps {
  /** What the server's commands run on. */
  readonly node: NodeUnderTest;
  /** One of 127.0.0.0/8, all of which Linux answers: so several nodes can have one port, as in cluster.yaml. */
  readonly address: string;
  /** @default a free one */
  readonly port?: number;
  readonly user: string;
  /** The public key that is let in. */
  readonly publicKey: string;
  /** Breaks the connection off, once, when a command prints this: what a lost network does to the script. */
  readonly breakAt?: RegExp;
  /** What stands in front of each command, to change what it sees of the machine. @default nothing */
  readonly isolate?: readonly string[];
}

/**
 * An SSH server on a loopback address in front of a fake node: Terraform copies the real scripts there with the real
 * scp, and they run as on a node, but find nothing of this machine.
 */
export class SshServer {
  /** Every command that was asked for, in order. */
  readonly commands: string[] = [];
  readonly hostKey: string;
  private readonly ssh: Server;
  private readonly net: NetServer;
  private readonly sockets = new Set<Socket>();
  private readonly children = new Set<ChildProcess>();
  private broken = false;

  private constructor(private readonly props: SshServerProps) {
    const key = ecdsaKey();
    this.hostKey = key.public;
    this.ssh = new Server({ hostKeys: [key.private] }, (connection) => this.serve(connection));
    this.net = createServer((socket) => {
      this.sockets.add(socket.on("close", () => this.sockets.delete(socket)));
      this.ssh.injectSocket(socket);
    });
  }

  static async start(props: SshServerProps): Promise<SshServer> {
    const server = new SshServer(props);
    await once(server.net.listen(props.port ?? 0, props.address), "listening");
    return server;
  }

  get port(): number {
    const address = this.net.address();
    if (address === null || typeof address === "string") throw new Error("the server does not listen");
    return address.port;
  }

  async stop(): Promise<void> {
    this.breakOff();
    this.net.close();
    await once(this.net, "close");
  }

  private serve(connection: Connection): void {
    connection.on("error", () => undefined); // The client may go away at any time.
    connection.on("authentication", (context) =>
      isLetIn(context, this.props.user, this.props.publicKey) ? context.accept() : context.reject(["publickey"]),
    );
    connection.on("session", (accept) => {
      const session = accept();
      session.on("pty", (acceptPty) => acceptPty?.());
      session.on("exec", (acceptExec, _reject, { command }) => this.execute(command, acceptExec()));
    });
  }

  private execute(command: string, channel: ServerChannel): void {
    this.commands.push(command);
    const { root, environment } = this.props.node;
    // Terraform's own commands are these two; any other runs a script that it has copied.
    if (!/^('scp' -vt|chmod 0777) /.test(command)) checkHarmless(readFileSync(scriptOf(command, root), "utf8"));
    // In a group of its own, so that what it started ends with it.
    const variables = Object.entries({ ...environment, BAREMETAL_LB_ROOT: root }).map((one) => one.join("="));
    const ofNode = ["env", "-i", ...variables, join(root, "bin/sh"), "-c", command];
    const [program = "", ...words] = [...(this.props.isolate ?? []), ...ofNode];
    const child = spawn(program, words, { cwd: root, detached: true });
    this.children.add(child);
    channel.pipe(child.stdin.on("error", () => undefined));
    const print = (text: Buffer, stream: Writable): void => {
      stream.write(text);
      if (!this.broken && this.props.breakAt?.test(text.toString())) {
        this.broken = true;
        this.breakOff();
      }
    };
    child.stdout.on("data", (text: Buffer) => print(text, channel));
    child.stderr.on("data", (text: Buffer) => print(text, channel.stderr));
    child.on("close", (code) => {
      this.children.delete(child);
      if (!channel.writable) return;
      channel.exit(code ?? 129);
      channel.end();
    });
  }

  /** A lost connection closes the pseudo-terminal, and the kernel then hangs up on what ran there. */
  private breakOff(): void {
    for (const socket of this.sockets) socket.destroy();
    for (const { pid } of this.children) if (pid !== undefined) process.kill(-pid, "SIGHUP");
  }
}

/** The file that a command runs, as ssh-access.ts writes it: by a part of its name, in the home or another folder. */
function scriptOf(command: string, home: string): string {
  const [, folder = "", part = ""] = /^:&&exec sh (.*)\*([^*]+)\*;true\n?$/.exec(command) ?? [];
  const path = resolve(home, folder);
  const file = readdirSync(path).find((name) => part !== "" && name.includes(part));
  if (file === undefined) throw new Error(`no script for the command: ${command}`);
  return join(path, file);
}
