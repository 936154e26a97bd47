import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { readCluster } from "../../cluster/read";
import { answersOf, type Objects, paths } from "../day-two/verify/healthy-cluster";
import { controlPlane, deployed, kubeadm, node } from "../day-two/init/clusters";
import { fault } from "../faults";
import { writeKubeconfig } from "../remote/kubernetes/api-server";
import { ecdsaKey, ed25519Key } from "../remote/ssh/keys";
import { closedPort, type Exec, fingerprint, SshHost } from "../remote/ssh/ssh-host";
import { runProgram } from "./run-program";

const userKey = ed25519Key();
const [key1, key2] = [ecdsaKey(), ecdsaKey()];

// The whole program, on a machine with an SSH key and without a kubeconfig.

describe("init --from-nodes", () => {
  let folder: string;
  const hosts: SshHost[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
    mkdirSync(join(folder, ".ssh"));
    writeFileSync(join(folder, ".ssh", "id_ed25519"), userKey.private);
  });
  afterEach(async () => {
    await Promise.all(hosts.splice(0).map((host) => host.stop()));
    rmSync(folder, { recursive: true });
  });

  /** Two nodes on one port, whose commands are answered. */
  async function nodes(first: Exec, second: Exec = first): Promise<string> {
    const one = await SshHost.start({ userKey, hostKeys: [key1], exec: first });
    const more = { userKey, hostKeys: [key2], exec: second, address: "127.0.0.2", port: one.port };
    hosts.push(one, await SshHost.start(more));
    return String(one.port);
  }
  const file = () => join(folder, "cluster.yaml");
  const both = ["ops@127.0.0.1", "ops@127.0.0.2"];
  const init = (port: string, ...words: string[]) =>
    runProgram(folder, ["init", "--ssh-port", port, ...words, "--from-nodes", ...both]);

  const told = (...lines: string[]) => lines.map((line) => `${line}\n`).join("");
  const worker = told("node name node2", "kubelet version v1.35.4");
  const master = told(
    "node name node1",
    "kubelet version v1.35.4",
    "kubelet server https://127.0.0.1:6443",
    "kubeconfig file /etc/kubernetes/admin.conf",
    "kubeconfig context kubernetes-admin@kubernetes",
    "kubeconfig server https://192.168.1.9:6443",
    "kubeconfig cluster kubernetes",
    "kube-apiserver version v1.35.4",
    "kube-apiserver service-cluster-ip-range 10.96.0.0/12",
    "kube-controller-manager cluster-cidr 10.244.0.0/16",
    "node role control-plane",
    "kubectl command /usr/bin/kubectl",
    "proxy runs yes",
    "proxy mode ipvs",
    'proxy config {"kubeproxy.config.k8s.io":{"Mode":"ipvs","IPVS":{"StrictARP":true,"Scheduler":"wrr"}}}',
  );
  const without = (text: string, kind: string) => text.replace(new RegExp(`^${kind} .*\n`, "gm"), "");

  const says =
    (description: string, kubectl: (path: string) => { stdout?: string; stderr?: string } = () => ({})): Exec =>
    (command, channel) => {
      const path = /get --raw '\\''(.*?)'\\''/.exec(command)?.[1];
      const { stdout = "", stderr = "" } = path === undefined ? { stdout: description } : kubectl(path);
      channel.write(stdout);
      channel.stderr.write(stderr);
      channel.exit(stderr === "" ? 0 : 1);
      channel.end();
    };
  /** kubectl, of a cluster that has these objects. */
  const kubectlOf = (objects: Objects) => (url: string) => {
    const [path = "", query] = url.split("?");
    const answer = answersOf(objects)(path, new URLSearchParams(query));
    if (answer !== undefined && typeof answer === "object" && "json" in answer) {
      return { stdout: JSON.stringify(answer.json) };
    }
    return { stderr: "Error from server (NotFound): the server could not find the requested resource\n" };
  };
  const cluster = (objects: Objects = kubeadm()): Objects => ({
    ...objects,
    [paths.nodes]: {
      items: [
        node("node1", ["127.0.0.1"], { labels: controlPlane }),
        node("node2", ["127.0.0.2"]),
        node("node3", ["127.0.0.3"]),
      ],
    },
  });
  const fetched = (port: string) =>
    `(umask 077; mkdir -p ~/.kube; ssh -i ~/.ssh/id_ed25519 -p ${port} ops@127.0.0.1 sudo -n cat /etc/kubernetes/admin.conf > ~/.kube/kubernetes.conf)`;

  test(`${fault(270)}: asks by kubectl on a node what init asks of the API, and records the host keys`, async () => {
    const { objects } = deployed({
      version: "0.15.2",
      pools: [{ name: "web", addresses: ["192.168.1.240-192.168.1.250"] }],
    });
    const port = await nodes(says(master, kubectlOf(cluster(objects))), says(worker));
    const { status, stdout, stderr } = await init(port, "--yes");
    expect(stderr).not.toContain(": error: ");
    expect(stdout).toContain(`${fingerprint(key1)}  new\n`);
    expect(stdout).toContain("\ncluster.yaml is written: Kubernetes 1.35.4, 3 nodes; MetalLB 0.15.2, 1 pool.\n");
    expect(stdout.trimEnd().split("\n").at(-1)).toBe(`Next: ${fetched(port)}`);
    expect(status).toBe(0);

    const text = readFileSync(file(), "utf8");
    expect(text.replaceAll("\n#", "")).toContain(
      "as npx baremetal-lb init found it by kubectl on node1 (127.0.0.1). Look",
    );
    expect(parse(text)).toMatchObject({
      name: "kubernetes",
      kubernetes: {
        version: "1.35.4",
        kubeconfig: "~/.kube/kubernetes.conf",
        context: "kubernetes-admin@kubernetes",
        podCIDR: "10.244.0.0/16",
      },
      ssh: { user: "ops", port: Number(port) },
      nodes: [
        { name: "node1", address: "127.0.0.1", role: "control-plane", hostKey: key1.public },
        { name: "node2", address: "127.0.0.2", hostKey: key2.public },
        { name: "node3", address: "127.0.0.3" },
      ],
      reservedAddresses: ["192.168.1.9"],
      metallb: { version: "0.15.2", pools: [{ name: "web" }] },
    });
    const asked = hosts[0]?.commands.filter((command) => command.includes("get --raw")) ?? [];
    expect(asked[0]).toBe(
      `sudo -n sh -c '/usr/bin/kubectl --kubeconfig='\\''/etc/kubernetes/admin.conf'\\'' --request-timeout=15s get --raw '\\''/version'\\'''`,
    );
    expect(hosts[1]?.commands).toHaveLength(1);
  });

  test.each([
    [
      "without an administrator's kubeconfig",
      without(without(master, "kubeconfig"), "kubectl"),
      () => ({}),
      "no node that was named has an administrator's kubeconfig, as those of the control plane have",
    ],
    ["without kubectl", without(master, "kubectl"), () => ({}), "node1 has no kubectl"],
    [
      "where the API does not answer",
      master,
      () => ({ stderr: "banner\nThe connection to the server 192.168.1.9:6443 was refused\n" }),
      "kubectl on node1 cannot ask the Kubernetes API: The connection to the server 192.168.1.9:6443 was refused",
    ],
    [
      "who may not ask",
      master,
      () => ({ stderr: "Error from server (Forbidden): no\n" }),
      "the Kubernetes API answers Forbidden to GET /version: no",
    ],
  ])(`${fault(270)}: %s writes what the nodes say, and what is not known`, async (_name, description, kubectl, why) => {
    const port = await nodes(says(description, kubectl), says(worker));
    const { stdout } = await init(port, "--yes");
    expect(stdout).toContain("\ncluster.yaml is written: Kubernetes 1.35.4, 2 nodes; no MetalLB.\n");
    expect(stdout).toContain(
      `- kubernetes: The Kubernetes API was not asked, since ${why}. So nodes that were not named, the addresses of Services, and what MetalLB has are not known here, `,
    );
    expect(stdout).toContain(
      "- metallb: No speaker of MetalLB runs on node1, node2, so it is taken for absent: the newest version that was proven in the lab, of those that run here.\n",
    );
    const text = readFileSync(file(), "utf8");
    expect(text.replaceAll("\n#", "")).toContain("by the word of node1 (127.0.0.1), node2 (127.0.0.2) alone.");
    expect(parse(text)).toMatchObject({
      kubernetes: { version: "1.35.4", podCIDR: "10.244.0.0/16", serviceCIDR: "10.96.0.0/12" },
      nodes: [
        { name: "node1", address: "127.0.0.1", role: "control-plane", hostKey: key1.public },
        { name: "node2", address: "127.0.0.2", hostKey: key2.public },
      ],
      kubeProxy: { mode: "ipvs", strictARP: true, scheduler: "wrr" },
    });
    // IPVS mode is deprecated, and of the loopback network no address is proposed.
    expect(readCluster(text, "cluster.yaml").problems.map(({ path }) => path)).toStrictEqual([
      "kubernetes.version",
      "metallb.pools[0].addresses",
    ]);
  });

  test("uses the kubeconfig that is here, where it leads to the same API", async () => {
    mkdirSync(join(folder, ".kube"));
    writeKubeconfig(join(folder, ".kube", "config"), "https://192.168.1.9:6443");
    const description = master.replace("kubernetes-admin@kubernetes", "admin");
    const port = await nodes(says(description, kubectlOf(cluster())), says(worker));
    const { stdout } = await init(port, "--yes");
    expect(parse(readFileSync(file(), "utf8"))).toMatchObject({
      kubernetes: { kubeconfig: "~/.kube/config", context: "admin" },
    });
    expect(stdout).not.toContain("umask");
  });

  test(`${fault(270)}: nobody logs in before the host keys were confirmed`, async () => {
    const port = await nodes(says(master), says(worker));
    const { status, stderr } = await init(port);
    expect({ status, stderr }).toStrictEqual({
      status: 1,
      stderr:
        "Log in, and record these 2 host keys in cluster.yaml? There is nobody to ask: run it in a terminal, or with --yes.\n" +
        "Nothing is written: without the host keys nobody logs in.\n",
    });
    expect(hosts.map(({ logins }) => logins)).toStrictEqual([0, 0]);
    expect(existsSync(file())).toBe(false);
  });

  const fails =
    (stderr: string): Exec =>
    (_command, channel) => {
      channel.stderr.write(stderr);
      channel.exit(1);
      channel.end();
    };

  describe(`${fault(271)}: nothing is written, and each is named`, () => {
    const refused = async (port: string, ...words: string[]) => {
      const { status, stderr } = await init(port, "--yes", ...words);
      expect(status).toBe(1);
      expect(existsSync(file())).toBe(false);
      return stderr;
    };

    test("nodes that cannot be reached", async () => {
      const port = await closedPort();
      expect(await refused(String(port))).toBe(
        [1, 2]
          .map(
            (last) =>
              `127.0.0.${last} (127.0.0.${last}, port ${port}) refuses connections: see whether sshd runs there, and on that port\n`,
          )
          .join(""),
      );
    });

    test("nodes that refuse the key", async () => {
      const port = await nodes(says(master), says(worker));
      writeFileSync(join(folder, ".ssh", "id_ed25519"), ed25519Key().private);
      expect(await refused(port)).toBe(
        [1, 2]
          .map(
            (last) =>
              `127.0.0.${last} (127.0.0.${last}, port ${port}) refuses user ops with this key: add its public key to the user's authorized_keys there, or correct ssh.user\n`,
          )
          .join(""),
      );
    });

    test("a node without sudo", async () => {
      const port = await nodes(says(master), fails("sudo: a password is required\n"));
      expect(await refused(port)).toBe(
        "127.0.0.2 could not be looked at: user ops cannot run sudo without a password: give it NOPASSWD in /etc/sudoers.d, or set ssh.user to root\n",
      );
    });

    test("a host that is no node", async () => {
      const port = await nodes(says(without(master, "kubectl")), says(told("node name printer")));
      expect(await refused(port)).toBe(
        "127.0.0.2 (printer) has no kubelet, k3s or k0s that tells a version; expected a node of a Kubernetes cluster: name its nodes with --from-nodes\n",
      );
    });

    test("no key", async () => {
      rmSync(join(folder, ".ssh", "id_ed25519"));
      expect(await refused("22")).toBe(
        "ssh.privateKeyFile ~/.ssh/id_ed25519 cannot be read (ENOENT): correct the path, or put the key there\n",
      );
    });

    test.each([
      [
        ["--from-nodes", "node1"],
        "--from-nodes node1 is no node; expected user@10.0.0.1, or an IP address alone: cluster.yaml has addresses, and the port is that of --ssh-port\n",
      ],
      [
        ["--ssh-user", "root"],
        "--from-nodes and --ssh-user name the users root, ops; expected one that every node has, since cluster.yaml has one (ssh.user)\n",
      ],
    ])("words that are no nodes: %j", async (words, message) => {
      expect(await refused("22", ...words)).toBe(message);
    });
  });
});
