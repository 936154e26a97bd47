import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ecdsaKey, ed25519Key } from "../remote/ssh/keys";
import { fingerprint, SshHost, type SshHostProps } from "../remote/ssh/ssh-host";
import { runProgram } from "./run-program";
import { fault } from "../faults";

const userKey = ed25519Key();
const [key1, key2, oldKey] = [ecdsaKey(), ecdsaKey(), ecdsaKey()];

describe("trust", () => {
  let folder: string;
  let file: string;
  let port: number;
  const hosts: SshHost[] = [];
  const start = async (props: SshHostProps) => {
    const host = await SshHost.start({ userKey, ...props });
    hosts.push(host);
    return host;
  };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
    file = join(folder, "cluster.yaml");
    port = (await start({ hostKeys: [key1] })).port;
    await start({ hostKeys: [key2], address: "127.0.0.2", port });
    writeFileSync(join(folder, "id"), userKey.private);
  });
  afterEach(async () => {
    await Promise.all(hosts.splice(0).map((host) => host.stop()));
    rmSync(folder, { recursive: true });
  });

  const text = ({ hostKey1 = "", hostKey2 = "", address2 = "127.0.0.2", bastion = "", scheduler = "rr" } = {}) =>
    `# The cluster.
name:   demo
kubernetes: { version: "1.18", credentials: variables }
ssh:
  user: ops
  port: ${port}
  privateKeyFile: ~/id
${bastion}nodes:
  - { name: node1,   address: 127.0.0.1, role: control-plane${hostKey1} } # the first
  - name: node2
    address: ${address2}
${hostKey2}kubeProxy: { scheduler: ${scheduler} }
metallb: { version: 0.9.6, pools: [{ name: default, addresses: [192.168.1.240/29] }] }
`;
  const recorded = { hostKey1: `, hostKey: "${key1.public}"`, hostKey2: `    hostKey: "${key2.public}"\n` };
  const trust = (content: string, ...words: string[]) => {
    writeFileSync(file, content);
    return runProgram(folder, ["trust", ...words]);
  };
  const head = `HOST   ADDRESS    PORT   KEY                  FINGERPRINT                                         STATE\n`;
  const row = (name: string, address: string, key: typeof key1, state: string) =>
    `${name}  ${address}  ${port}  ecdsa-sha2-nistp256  ${fingerprint(key)}  ${state}\n`;
  const compare = "To compare, on the host: for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $key; done\n";

  it(`${fault(13)}: records the keys of a cluster that has none yet, and keeps every other byte`, async () => {
    writeFileSync(file, "");
    chmodSync(file, 0o640);
    const { status, stdout, stderr } = await trust(text(), "--yes");
    expect({ status, stderr }).toStrictEqual({ status: 0, stderr: "" });
    expect(stdout).toBe(
      `${head}${row("node1", "127.0.0.1", key1, "new")}${row("node2", "127.0.0.2", key2, "new")}${compare}cluster.yaml: 2 host keys recorded\n`,
    );
    expect(readFileSync(file, "utf8")).toBe(text(recorded));
    expect((statSync(file).mode & 0o777).toString(8)).toBe("640");
    expect(readdirSync(folder).sort()).toStrictEqual(["cluster.yaml", "id"]);
    expect(hosts.map(({ logins }) => logins)).toStrictEqual([0, 0]);
  });

  it("writes nothing without a yes", async () => {
    const { status, stderr } = await trust(text());
    expect({ status, stderr }).toStrictEqual({
      status: 2,
      stderr: "Record 2 host keys in cluster.yaml? There is nobody to ask: run it in a terminal, or with --yes.\n",
    });
    expect(readFileSync(file, "utf8")).toBe(text());
  });

  it("says that keys are unchanged, and leaves the file alone", async () => {
    const { status, stdout } = await trust(text(recorded), "--yes");
    expect({ status, stdout }).toStrictEqual({
      status: 0,
      stdout: `${head}${row("node1", "127.0.0.1", key1, "unchanged")}${row("node2", "127.0.0.2", key2, "unchanged")}`,
    });
    expect(readFileSync(file, "utf8")).toBe(text(recorded));
  });

  const changed = { ...recorded, hostKey2: `    hostKey: ${oldKey.public}\n` };

  it(`${fault(18)}: does not accept a changed key with --yes alone, and shows both`, async () => {
    const { status, stdout, stderr } = await trust(text({ ...changed, hostKey1: "" }), "--yes");
    expect({ status, stderr }).toStrictEqual({
      status: 1,
      stderr: "1 host key that CHANGED not recorded: --yes accepts new ones only, unless --replace is given too\n",
    });
    expect(stdout).toBe(
      `${head}${row("node1", "127.0.0.1", key1, "new")}${row("node2", "127.0.0.2", key2, "CHANGED")}!!! The host key of node2 CHANGED.
    recorded: ecdsa-sha2-nistp256 ${fingerprint(oldKey)}
    offered:  ecdsa-sha2-nistp256 ${fingerprint(key2)}
    Unless the machine was installed anew, or the recorded key is of another type than Terraform's client asks
    for first, somebody else answers at this address: do not accept it.
${compare}cluster.yaml: 1 host key recorded
`,
    );
    expect(readFileSync(file, "utf8")).toBe(text(changed));
  });

  it("replaces a changed key with --yes --replace", async () => {
    expect((await trust(text(changed), "--yes", "--replace")).status).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(text({ ...changed, hostKey2: `    hostKey: ${key2.public}\n` }));
  });

  it(`${fault(17)}: names a node that does not answer, and records the others`, async () => {
    const { status, stdout } = await trust(text({ address2: "127.0.0.3" }), "--yes");
    expect(status).toBe(1);
    expect(stdout).toBe(
      `${head}${row("node1", "127.0.0.1", key1, "new")}node2  127.0.0.3  ${port}${" ".repeat(75)}unreachable
node2 (127.0.0.3, port ${port}) refuses connections: see whether sshd runs there, and on that port
${compare}cluster.yaml: 1 host key recorded
`,
    );
    expect(readFileSync(file, "utf8")).toBe(text({ address2: "127.0.0.3", hostKey1: recorded.hostKey1 }));
  });

  it("asks the named nodes only", async () => {
    expect((await trust(text(), "--yes", "node2")).status).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(text({ hostKey2: recorded.hostKey2 }));
  });

  it("a name that no node has is an error", async () => {
    expect(await trust(text(), "--yes", "node2", "node3", "bastion")).toStrictEqual({
      status: 1,
      stdout: "",
      stderr: "there is no node3, bastion in the configuration: it has node1, node2\n",
    });
  });

  it("replaces a key that is none, which is no obstacle", async () => {
    expect((await trust(text({ ...recorded, hostKey2: "    hostKey: to do\n" }), "--yes")).status).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(text({ ...recorded, hostKey2: `    hostKey: ${key2.public}\n` }));
  });

  it("reports other mistakes of the configuration as every command, and asks nobody", async () => {
    expect(await trust(text({ scheduler: "random" }), "--yes")).toStrictEqual({
      status: 1,
      stdout: "",
      stderr:
        'cluster.yaml:12:25: error: kubeProxy.scheduler: given "random"; expected one of rr, wrr, lc, wlc, fo, ovf, lblc, lblcr, sh, dh, mh, sed, nq; choose one of them\n',
    });
  });

  it("writes to the file that a link leads to", async () => {
    writeFileSync(join(folder, "real.yaml"), text());
    symlinkSync("real.yaml", file);
    expect((await runProgram(folder, ["trust", "--yes"])).status).toBe(0);
    expect(readFileSync(join(folder, "real.yaml"), "utf8")).toBe(text(recorded));
    expect(readdirSync(folder).sort()).toStrictEqual(["cluster.yaml", "id", "real.yaml"]);
  });

  it("with --json prints one object", async () => {
    const { status, stdout } = await trust(text({ address2: "127.0.0.3" }), "--yes", "--json");
    const offered = { type: "ecdsa-sha2-nistp256", text: key1.public, fingerprint: fingerprint(key1) };
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toStrictEqual({
      file: "cluster.yaml",
      hosts: [
        { name: "node1", address: "127.0.0.1", port, state: "new", offered, inFile: true },
        {
          name: "node2",
          address: "127.0.0.3",
          port,
          state: "unreachable",
          error: `node2 (127.0.0.3, port ${port}) refuses connections: see whether sshd runs there, and on that port`,
          inFile: false,
        },
      ],
    });
  });

  describe("behind a bastion", () => {
    const bastionKey = ecdsaKey();
    let bastionPort: number;
    const section = (hostKey = "") => `  bastion: { host: 127.0.0.1, port: ${bastionPort}${hostKey} }\n`;
    const bastionRecorded = () => section(`, hostKey: "${bastionKey.public}"`);
    beforeEach(async () => {
      bastionPort = (await start({ hostKeys: [bastionKey] })).port;
    });

    it("records the bastion's key first, and reads the others through it with one login", async () => {
      const { status, stderr } = await trust(text({ bastion: section() }), "--yes");
      expect({ status, stderr }).toStrictEqual({ status: 0, stderr: "" });
      expect(readFileSync(file, "utf8")).toBe(text({ ...recorded, bastion: bastionRecorded() }));
      expect(hosts.map(({ logins }) => logins)).toStrictEqual([0, 0, 1]);
    });

    it("does not log in to a bastion whose key nobody accepted", async () => {
      const { status, stdout } = await trust(text({ bastion: section() }));
      expect(status).toBe(1);
      expect(stdout).toContain(
        `node1 (127.0.0.1, port ${port}) is behind the bastion, whose host key is not recorded\n`,
      );
      expect(readFileSync(file, "utf8")).toBe(text({ bastion: section() }));
      expect(hosts.map(({ logins }) => logins)).toStrictEqual([0, 0, 0]);
    });

    it(`${fault(18)}: does not log in to a bastion whose key changed`, async () => {
      const other = section(`, hostKey: "${oldKey.public}"`);
      const { status } = await trust(text({ bastion: other }), "--yes");
      expect(status).toBe(1);
      expect(readFileSync(file, "utf8")).toBe(text({ bastion: other }));
      expect(hosts.map(({ logins }) => logins)).toStrictEqual([0, 0, 0]);
    });

    it("takes the bastion by its name, alone", async () => {
      expect((await trust(text({ bastion: section() }), "--yes", "bastion")).status).toBe(0);
      expect(readFileSync(file, "utf8")).toBe(text({ bastion: bastionRecorded() }));
      expect(hosts.map(({ logins }) => logins)).toStrictEqual([0, 0, 0]);
    });
  });
});
