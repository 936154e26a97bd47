import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withoutProgress } from "../programs";
import { ApiServer, writeKubeconfig } from "../remote/kubernetes/api-server";
import { ecdsaKey, ed25519Key } from "../remote/ssh/keys";
import { fingerprint, SshHost } from "../remote/ssh/ssh-host";
import { answersOf, type Objects, paths } from "../day-two/verify/healthy-cluster";
import { controlPlane, deployed, kubeadm, kubeadmConfig, kubeadmPath, node, ofHelm } from "../day-two/init/clusters";
import { fault } from "../faults";
import { runProgram } from "./run-program";

const userKey = ed25519Key();
const [key1, key2] = [ecdsaKey(), ecdsaKey()];

// The whole program, on a machine with a kubeconfig and an SSH key.

describe("init", () => {
  let folder: string;
  let server: ApiServer | undefined;
  const hosts: SshHost[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
    mkdirSync(join(folder, ".ssh"));
    writeFileSync(join(folder, ".ssh", "id_ed25519"), userKey.private);
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    await Promise.all(hosts.splice(0).map((host) => host.stop()));
    rmSync(folder, { recursive: true });
  });

  const file = (name = "cluster.yaml") => join(folder, name);
  /** Runs it where ~/.kube/config leads to a cluster, in its second context. */
  async function init(objects: Objects, ...words: string[]) {
    server = await ApiServer.start(answersOf(objects));
    mkdirSync(join(folder, ".kube"), { recursive: true });
    writeKubeconfig(join(folder, ".kube", "config"), `http://127.0.0.1:${server.port}`);
    return runProgram(folder, ["init", "--context", "admin", "--ssh-user", "ops", ...words]);
  }
  const ignored =
    ".gitignore: added node_modules/, cdktf.out/, hcl.out/, cdktf.log, .state/, *.tfstate, *.tfstate.*, .terraform/, cdktf.out.adopt/, cdktf.out.move/, cdktf.out.move-from/.\n";
  const sshNote =
    "- ssh: Kubernetes does not tell it, so the key ~/.ssh/id_ed25519 is assumed: root, or a user who may run sudo without a password, and a key that every node takes.\n";
  const summary = (metallb: string) => `Cluster     c, Kubernetes 1.35.4, context admin of ~/.kube/config
kube-proxy  mode iptables
Its roll    3 nodes, 1 at a time: 1 to 2 min (kubeProxy.maxUnavailable)
MetalLB     ${metallb}
State       local
SSH         user ops, key ~/.ssh/id_ed25519

NODE     ADDRESS       ROLE
master1  192.168.1.10  control-plane
worker1  192.168.1.21  worker
worker2  192.168.1.22  worker

POOL     PROTOCOL  SIZE  ADDRESSES
default  layer2    11    192.168.1.240-192.168.1.250
`;

  it("writes the file, says what is to be looked at, what check says, and the next command", async () => {
    const { status, stdout, stderr } = await init(kubeadm());
    expect({ status, stderr }).toStrictEqual({ status: 0, stderr: "" });
    expect(stdout).toBe(`cluster.yaml is written: Kubernetes 1.35.4, 3 nodes; no MetalLB.
${ignored}
To be looked at (2), each a comment in the file, too:
${sshNote}- metallb: PROPOSED, look at it: 192.168.1.240-192.168.1.250. No node, Service or API server of this cluster has these addresses, but nobody else was asked. They have to be free, in the nodes' own subnet (taken for a /24, or a /64 of IPv6), and none that its DHCP server hands out.

${summary("0.16.2")}
Next: npx baremetal-lb trust
`);
    const text = readFileSync(file(), "utf8");
    expect(text).toMatch(
      /^# The cluster that baremetal-lb looks after, as npx baremetal-lb init found it by context admin/,
    );
    expect(text).toContain('  version: "1.35.4"\n  kubeconfig: ~/.kube/config\n  context: admin\n');
    expect(server?.changes).toStrictEqual([]);
  });

  it(`${fault(205)}: never overwrites a file, and asks nobody then`, async () => {
    writeFileSync(file(), "mine");
    const { status, stdout, stderr } = await init(kubeadm());
    expect({ status, stdout, stderr }).toStrictEqual({
      status: 1,
      stdout: "",
      stderr:
        "cluster.yaml is there already, and init overwrites no file: name another one with --output, or remove it\n",
    });
    expect(readFileSync(file(), "utf8")).toBe("mine");
    expect(existsSync(file(".gitignore"))).toBe(false);
    expect(server?.requests).toStrictEqual([]);
  });

  it("writes another file, and then names it", async () => {
    const { objects } = deployed({
      version: "0.9.6",
      pools: [{ name: "default", addresses: ["192.168.1.240-192.168.1.250"] }],
    });
    const { status, stdout } = await init(
      objects,
      "--output",
      "lab.yaml",
      "--ssh-key",
      "~/.ssh/id_ed25519",
      "--name",
      "c",
    );
    expect(status).toBe(0);
    expect(stdout).toBe(`lab.yaml is written: Kubernetes 1.35.4, 3 nodes; MetalLB 0.9.6, 1 pool.
${ignored}
${summary("0.9.6")}
Next: npx baremetal-lb trust --config lab.yaml
`);
    expect(existsSync(file())).toBe(false);
  });

  describe("with --trust", () => {
    let port: string;
    beforeEach(async () => {
      const first = await SshHost.start({ userKey, hostKeys: [key1] });
      hosts.push(first, await SshHost.start({ userKey, hostKeys: [key2], address: "127.0.0.2", port: first.port }));
      port = String(first.port);
    });
    const metallb = (version: string) =>
      deployed({ version, pools: [{ name: "default", addresses: ["192.168.1.240-192.168.1.250"] }] }).objects;
    const items = [node("node1", ["127.0.0.1"], { labels: controlPlane }), node("node2", ["127.0.0.2"])];
    const trusting = (objects: Objects, ...words: string[]) =>
      init({ ...objects, [paths.nodes]: { items } }, "--trust", "--ssh-port", port, ...words);
    const keys = () => [...readFileSync(file(), "utf8").matchAll(/hostKey: "(.*)"/g)].map(([, key]) => key);

    it.each([
      ["MetalLB by the stacks' own manifest is adopted next", metallb("0.9.6"), "adopt --plan"],
      ["MetalLB of 0.13 and later needs its manifest before", metallb("0.15.2"), "manifest"],
      ["of a Helm release status goes by the file", ofHelm(metallb("0.15.2")), "status"],
    ])("and --yes the host keys are recorded: %s", async (_name, objects, next) => {
      const { status, stdout, stderr } = await trusting(objects, "--yes");
      expect(stdout).toContain(`${fingerprint(key1)}  new\n`);
      expect(stdout).toContain("\ncluster.yaml: 2 host keys recorded\n");
      expect(keys()).toStrictEqual([key1.public, key2.public]);
      expect(stdout.trimEnd().split("\n").at(-1)).toBe(`Next: npx baremetal-lb ${next}`);
      expect(stderr.split("\n").filter((line) => !line.includes(": warning:"))).toStrictEqual([""]);
      expect(status).toBe(0);
    });

    it("and nobody to ask none is recorded", async () => {
      const { status, stdout, stderr } = await trusting(metallb("0.9.6"));
      expect(stderr).toContain("Record 2 host keys in cluster.yaml? There is nobody to ask: ");
      expect(keys()).toStrictEqual([]);
      expect(stdout).toMatch(/\nNext: npx baremetal-lb trust\n$/);
      expect(status).toBe(0);
    });

    it("and a file that is to be corrected nobody is asked", async () => {
      rmSync(join(folder, ".ssh", "id_ed25519"));
      const { status, stdout, stderr } = await trusting(
        { ...kubeadm(), [kubeadmPath]: kubeadmConfig("10.0.0.0/8", "10.96.0.0/12") },
        "--yes",
      );
      expect(stderr).toMatch(/^No host key was asked for, since the file has to be corrected first\.\n/);
      expect(stdout).not.toContain("FINGERPRINT");
      expect(status).toBe(1);
    });

    it("and a port that is none nothing is written", async () => {
      const { status, stderr } = await init(kubeadm(), "--ssh-port", "ssh");
      expect({ status, stderr }).toStrictEqual({
        status: 1,
        stderr: "--ssh-port ssh is no port; expected a whole number from 1 to 65535\n",
      });
      expect(existsSync(file())).toBe(false);
    });
  });

  it("shows 20 notes, and where the others are", async () => {
    const nodes = Array.from({ length: 30 }, (_, index) =>
      node(`n${index}`, [`192.168.1.${index + 1}`], { labels: controlPlane, ready: "False" }),
    );
    const { stdout } = await init({ ...kubeadm(), [paths.nodes]: { items: nodes } });
    expect(stdout).toContain("\nTo be looked at (32), each a comment in the file, too:\n");
    expect(stdout).toContain("- nodes: n18 is not Ready.\n… and 12 more in cluster.yaml\n");
  });

  it("where check finds an error, says where, and that it is to be corrected", async () => {
    rmSync(join(folder, ".ssh", "id_ed25519"));
    const { status, stdout, stderr } = await init(kubeadm());
    expect(status).toBe(1);
    expect(withoutProgress(stderr)).toBe(
      'cluster.yaml:21:19: error: ssh.privateKeyFile: given "~/.ssh/id_ed25519", which does not exist; expected an SSH private key without a passphrase, which Terraform can read; correct the path, or put the file there\n',
    );
    expect(stdout).toMatch(/\nNext: correct what is named above in cluster\.yaml, then npx baremetal-lb check\n$/);
  });

  it(`${fault(211)}: where there is no kubeconfig nothing is written`, async () => {
    const { status, stdout, stderr } = await runProgram(folder, ["init"]);
    expect({ status, stdout, stderr }).toStrictEqual({
      status: 1,
      stdout: "",
      stderr:
        "there is no kubeconfig: ~/.kube/config does not exist; expected the file that kubectl uses: name it with --kubeconfig\n",
    });
    expect(existsSync(file())).toBe(false);
  });

  it("where nothing answers nothing is written", async () => {
    mkdirSync(join(folder, ".kube"));
    writeKubeconfig(join(folder, ".kube", "config"), "http://127.0.0.1:2");
    const { status, stdout, stderr } = await runProgram(folder, ["init"]);
    expect({ status, stdout }).toStrictEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^the Kubernetes API cannot be reached: .*ECONNREFUSED.*\n$/);
    expect(existsSync(file())).toBe(false);
  });
});
