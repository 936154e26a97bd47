import { askEveryNode } from "../../../remote/ssh/every-node";
import { ed25519Key } from "./keys";
import { answering, SshHost, sshConfig, type SshHostProps } from "./ssh-host";
import { fault } from "../../faults";
import { UserError } from "../../../values/user-error";

const userKey = ed25519Key();
const credentials = { privateKey: userKey.private };

describe("Asking every node", () => {
  const hosts: SshHost[] = [];
  afterEach(async () => {
    await Promise.all(hosts.splice(0).map((host) => host.stop()));
  });
  const given = async (props: SshHostProps = {}): Promise<SshHost> => {
    const host = await SshHost.start({ userKey, ...props });
    hosts.push(host);
    return host;
  };
  const node = (name: string, address: string, host: SshHost) =>
    ({ name, address, role: "worker", hostKey: host.hostKey }) as const;

  it(`${fault(17)}: one that fails is named, and the others answer, in their order`, async () => {
    const slow = await given({
      exec: (command, channel) => setTimeout(() => answering("slow")(command, channel), 200),
    });
    const { port } = slow;
    const fast = await given({ exec: answering("fast"), address: "127.0.0.2", port });
    const nodes = [node("slow", "127.0.0.1", slow), node("gone", "127.0.0.3", slow), node("fast", "127.0.0.2", fast)];
    const answers = await askEveryNode(
      nodes,
      { ssh: sshConfig({ port }), credentials },
      async (connection, { name }) => [name, (await connection.run("x", 5)).stdout],
    );
    expect(answers).toEqual([
      { node: nodes[0], answer: ["slow", "slow"] },
      {
        node: nodes[1],
        error: new UserError(
          `gone (127.0.0.3, port ${port}) refuses connections: see whether sshd runs there, and on that port`,
        ),
      },
      { node: nodes[2], answer: ["fast", "fast"] },
    ]);
  });

  it("an error of one question is that node's, and its connection is closed", async () => {
    const host = await given();
    const closed = jest.fn();
    const [answer] = await askEveryNode(
      [node("node1", "127.0.0.1", host)],
      { ssh: sshConfig({ port: host.port }), credentials },
      (connection) => {
        const close = connection.close.bind(connection);
        connection.close = () => (closed(), close());
        throw new UserError("no answer");
      },
    );
    expect(answer?.error).toStrictEqual(new UserError("no answer"));
    expect(closed).toHaveBeenCalledTimes(1);
  });

  describe("behind a bastion", () => {
    it("logs in to it once, whatever the number of nodes", async () => {
      const bastion = await given();
      const host = await given({ exec: answering("x") });
      const ssh = sshConfig({
        port: host.port,
        bastion: { host: "127.0.0.1", port: bastion.port, hostKey: bastion.hostKey },
      });
      const nodes = Array.from({ length: 30 }, (_, index) => node(`node${index}`, "127.0.0.1", host));
      const answers = await askEveryNode(nodes, { ssh, credentials }, (connection) => connection.run("x", 5));
      expect(answers.filter(({ error }) => error !== undefined)).toStrictEqual([]);
      expect([bastion.logins, host.logins]).toStrictEqual([1, 30]);
    });

    it("a mistake of this project is thrown, and not said to be a node's", async () => {
      const host = await given();
      const nodes = [node("node1", "127.0.0.1", host)];
      const mistake = new TypeError("x is not a function");
      const answers = askEveryNode(nodes, { ssh: sshConfig({ port: host.port }), credentials }, () =>
        Promise.reject(mistake),
      );
      await expect(answers).rejects.toThrow(mistake);
    });

    it(`${fault(17)}: one that refuses is every node's error`, async () => {
      const bastion = await given({ user: "other" });
      const host = await given();
      const ssh = sshConfig({ bastion: { host: "127.0.0.1", port: bastion.port, hostKey: bastion.hostKey } });
      const nodes = [node("node1", "127.0.0.1", host), node("node2", "127.0.0.2", host)];
      const error = new UserError(
        `the bastion (127.0.0.1, port ${bastion.port}) refuses user ops with this key: add its public key to the user's authorized_keys there, or correct ssh.user`,
      );
      expect(await askEveryNode(nodes, { ssh, credentials }, async () => "never")).toEqual([
        { node: nodes[0], error },
        { node: nodes[1], error },
      ]);
    });
  });
});
