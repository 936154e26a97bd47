import { generateKeyPairSync } from "node:crypto";
import { logIn, offeredHostKey } from "../../../remote/ssh/handshake";
import { ecdsaKey, ed25519Key } from "./keys";
import { closedPort, fingerprint, silentServer, SshHost, type SshHostProps } from "./ssh-host";
import { fault } from "../../faults";
import { UserError } from "../../../values/user-error";

const userKey = ed25519Key();
const [ecdsa, ed25519] = [ecdsaKey(), ed25519Key()];

describe("A handshake", () => {
  const stops: (() => unknown)[] = [];
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
  });

  const given = async (props: SshHostProps = {}): Promise<SshHost> => {
    const host = await SshHost.start({ hostKeys: [ecdsa], userKey, ...props });
    stops.push(() => host.stop());
    return host;
  };
  const node = (port: number, changes: object = {}) => ({
    name: "node1",
    address: "127.0.0.1",
    port,
    user: "ops",
    hostKey: ecdsa.public,
    ...changes,
  });
  const refusal = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(
      () => new Error("nothing was refused"),
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  };
  const credentials = { privateKey: userKey.private };

  it("logs in where the host key is the recorded one", async () => {
    const host = await given();
    const client = await logIn(node(host.port), credentials);
    client.end();
    expect(host.logins).toBe(1);
  });

  it("logs in wherever nothing is recorded", async () => {
    const host = await given();
    (await logIn(node(host.port, { hostKey: undefined }), credentials)).end();
    expect(host.logins).toBe(1);
  });

  it(`${fault(18)}: a host key that does not match is refused before any login, with both keys`, async () => {
    const host = await given({ hostKeys: [ecdsa] });
    const other = ecdsaKey();
    expect(await refusal(logIn(node(host.port, { hostKey: other.public }), credentials))).toBe(
      `node1 (127.0.0.1, port ${host.port}) offers another host key than cluster.yaml has: ecdsa-sha2-nistp256 ${fingerprint(ecdsa)} instead of ecdsa-sha2-nistp256 ${fingerprint(other)}. ` +
        "If the machine was installed anew, or the key is of another type than Terraform's client asks for first, record it: npx baremetal-lb trust. Otherwise somebody else answers at this address",
    );
    expect(host.logins).toBe(0);
  });

  it(`${fault(18)}: a recorded key of a type that Terraform is not offered is refused, with the type that is`, async () => {
    const host = await given({ hostKeys: [ed25519, ecdsa] });
    expect(await refusal(logIn(node(host.port, { hostKey: ed25519.public }), credentials))).toContain(
      `ecdsa-sha2-nistp256 ${fingerprint(ecdsa)} instead of ssh-ed25519 ${fingerprint(ed25519)}. `,
    );
  });

  it.each([
    ["the user's name", { user: "root" }, userKey],
    ["the key", {}, ed25519Key()],
  ])(`${fault(17)}: %s that a node refuses is named with the ways out`, async (_what, changes, key) => {
    const { port } = await given();
    const { user } = node(port, changes);
    expect(await refusal(logIn(node(port, changes), { privateKey: key.private }))).toBe(
      `node1 (127.0.0.1, port ${port}) refuses user ${user} with this key: add its public key to the user's authorized_keys there, or correct ssh.user`,
    );
  });

  it(`${fault(17)}: a closed port`, async () => {
    const port = await closedPort();
    expect(await refusal(logIn(node(port), credentials))).toBe(
      `node1 (127.0.0.1, port ${port}) refuses connections: see whether sshd runs there, and on that port`,
    );
  });

  it(`${fault(17)}: a host that does not answer is given up within the bound`, async () => {
    const server = await silentServer();
    stops.push(server.stop);
    const started = Date.now();
    expect(await refusal(logIn(node(server.port), credentials, { seconds: 0.2 }))).toBe(
      `node1 (127.0.0.1, port ${server.port}) did not answer within 0.2 s: see whether the node is up and the address is right`,
    );
    expect(Date.now() - started).toBeLessThan(5000);
  });

  it(`${fault(17)}: an address that leads nowhere`, async () => {
    expect(await refusal(logIn(node(22, { address: "255.255.255.255" }), credentials))).toMatch(
      /^node1 \(255\.255\.255\.255, port 22\) cannot be reached: connect \w+ 255\.255\.255\.255:22/,
    );
  });

  describe("with a key that cannot be used", () => {
    const encrypted = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs1", format: "pem", cipher: "aes-128-cbc", passphrase: "secret" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    }).privateKey;
    const broken = userKey.private.replace(/[A-Za-z0-9]{20}\n/, "\n");

    it.each([
      ["an encrypted one", encrypted, "Cannot parse privateKey: Encrypted OpenSSH private key detected"],
      ["a text that is none", "hunter2hunter2", "Cannot parse privateKey: Unsupported key format"],
      ["a broken one", broken, "Cannot parse privateKey: "],
    ])("%s is an error that never shows it", async (_what, privateKey, reason) => {
      const { port } = await given();
      const message = await refusal(logIn(node(port), { privateKey }));
      expect(message).toMatch(/^the SSH private key cannot be used: Cannot parse privateKey: [A-Za-z ,]+$/);
      expect(message).toContain(reason.slice(0, 26));
      const lines = privateKey.split("\n").filter((line) => line !== "" && !line.startsWith("-----"));
      expect(lines.filter((line) => message.includes(line))).toStrictEqual([]);
    });
  });

  describe("that only reads the host key", () => {
    it("gives the key that Terraform's client is offered, and logs in nowhere", async () => {
      const host = await given({ hostKeys: [ed25519, ecdsa] });
      expect(await offeredHostKey(node(host.port))).toStrictEqual({
        type: "ecdsa-sha2-nistp256",
        text: ecdsa.public,
        fingerprint: fingerprint(ecdsa),
      });
      expect(host.logins).toBe(0);
    });

    it("takes the ed25519 key where there is no other", async () => {
      const { port } = await given({ hostKeys: [ed25519] });
      expect((await offeredHostKey(node(port))).text).toBe(ed25519.public);
    });

    it(`${fault(17)}: is given up within the bound`, async () => {
      const server = await silentServer();
      stops.push(server.stop);
      expect(await refusal(offeredHostKey(node(server.port), { seconds: 0.2 }))).toBe(
        `node1 (127.0.0.1, port ${server.port}) did not answer within 0.2 s: see whether the node is up and the address is right`,
      );
    });
  });
});
