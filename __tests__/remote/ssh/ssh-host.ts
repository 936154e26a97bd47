import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { type Connection, Server, type ServerChannel } from "ssh2";
import type { SshConfig } from "../../../stacks/shared/schema/ssh";
import { hostKeyOf } from "../../../remote/ssh/host-key";
import { cluster } from "../../cluster-fixture";
import { ecdsaKey, isLetIn, type KeyPair } from "./keys";

export const fingerprint = (key: KeyPair): string =>
  hostKeyOf(Buffer.from(key.public.split(" ")[1] ?? "", "base64")).fingerprint;

/** What a command on the host does: it may answer, or leave the channel open. */
export type Exec = (command: string, channel: ServerChannel) => void;

/** Answers every command alike. */
export const answering =
  (stdout: string, { stderr = "", code = 0 } = {}): Exec =>
  (_command, channel) => {
    channel.write(stdout);
    channel.stderr.write(stderr);
    channel.exit(code);
    channel.end();
  };

export interface SshHostProps {
  /** Default: one ECDSA key. */
  readonly hostKeys?: readonly KeyPair[];
  /** The user who may log in with `userKey`. */
  readonly user?: string;
  readonly userKey?: KeyPair;
  readonly exec?: Exec;
  /** Addresses of the loopback network are hosts of their own. */
  readonly address?: string;
  readonly port?: number;
}

/** A real SSH server on this machine. It forwards as a bastion does. */
export class SshHost {
  /** The commands that were run. */
  readonly commands: string[] = [];
  logins = 0;
  /** Lets whom asks for a forwarded connection wait. */
  holdForwards = false;
  private readonly server: Server;
  private readonly connections = new Set<Connection>();

  private constructor(
    readonly hostKeys: readonly KeyPair[],
    private readonly props: SshHostProps,
  ) {
    this.server = new Server({ hostKeys: hostKeys.map((key) => key.private) }, (connection) => this.serve(connection));
  }

  static async start(props: SshHostProps = {}): Promise<SshHost> {
    const host = new SshHost(props.hostKeys ?? [ecdsaKey()], props);
    await new Promise<void>((done, refuse) =>
      host.server.once("error", refuse).listen(props.port ?? 0, props.address ?? "127.0.0.1", done),
    );
    return host;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The text of its first host key. */
  get hostKey(): string {
    const [first] = this.hostKeys;
    return first?.public ?? "";
  }

  async stop(): Promise<void> {
    this.dropConnections();
    await new Promise<void>((done) => this.server.close(() => done()));
  }

  dropConnections(): void {
    this.connections.forEach((connection) => connection.end());
  }

  private serve(connection: Connection): void {
    const { user = "ops", userKey, exec } = this.props;
    this.connections.add(connection);
    connection.on("error", () => undefined).on("close", () => this.connections.delete(connection));
    connection.on("authentication", (attempt) =>
      userKey !== undefined && isLetIn(attempt, user, userKey.public)
        ? attempt.accept()
        : attempt.reject(["publickey"]),
    );
    connection.on("ready", () => {
      this.logins += 1;
      connection.on("session", (acceptSession) =>
        acceptSession().on("exec", (accept, refuse, { command }) => {
          this.commands.push(command);
          if (exec === undefined) refuse();
          else exec(command, accept());
        }),
      );
      connection.on("tcpip", (accept, refuse, { destIP, destPort }) => {
        if (this.holdForwards) return;
        const socket = connect(destPort, destIP);
        socket.on("error", () => refuse());
        socket.on("connect", () => {
          const channel = accept();
          channel.on("error", () => socket.destroy());
          socket.off("error", refuse).on("error", () => channel.destroy());
          channel.pipe(socket).pipe(channel);
        });
      });
    });
  }
}

/** A server that takes connections and never says a word. */
export async function silentServer(): Promise<{ readonly port: number; stop(): Promise<unknown> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on("error", () => undefined)));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const stop = () => {
    sockets.forEach((socket) => socket.destroy());
    return new Promise((done) => server.close(done));
  };
  return { port: (server.address() as AddressInfo).port, stop };
}

/** A port of this machine on which nobody listens. */
export async function closedPort(): Promise<number> {
  const { port, stop } = await silentServer();
  await stop();
  return port;
}

/** The section ssh of a cluster.yaml, resolved. */
export const sshConfig = (section: Record<string, unknown> = {}): SshConfig =>
  cluster({ ssh: { user: "ops", agent: true, ...section } }).ssh;
