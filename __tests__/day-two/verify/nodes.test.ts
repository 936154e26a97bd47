import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server } from "ssh2";
import { verifyNodes } from "../../../day-two/verify/nodes";
import { cluster } from "../../cluster-fixture";

const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs1", format: "pem" });

const found = `tool ipset present
tool ipvsadm missing
module ip_vs loaded
module ip_vs_wrr not-loaded
denied ip_vs 'blacklist ip_vs' in /etc/modprobe.d/harden.conf
file /etc/modules-load.d/baremetal-lb.conf missing
proxy mode ipvs
proxy config {"kubeproxyconfig":{"IPVS":{"StrictARP":true,"Scheduler":"rr"}}}
sysctl net.ipv4.conf.all.arp_ignore 0
sysctl net.ipv4.conf.all.arp_announce 2
interface kube-ipvs0 present
virtual-server 10.96.0.1:443 present
`;

describe("Over SSH", () => {
  let folder: string;
  let server: Server;
  let port: number;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
    writeFileSync(join(folder, "key"), key, { mode: 0o600 });
    server = new Server({ hostKeys: [key.toString()] }, (client) => {
      client.on("authentication", (context) => context.accept());
      client.on("session", (accept) =>
        accept().on("exec", (acceptExec) => {
          const channel = acceptExec();
          channel.write(found);
          channel.exit(0);
          channel.end();
        }),
      );
      client.on("error", () => undefined);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    await new Promise<void>((done) => server.close(() => done()));
    rmSync(folder, { recursive: true });
  });

  it("says of each node what was found, and of one that does not answer that it does not", async () => {
    const config = cluster({
      ssh: { user: "ops", privateKeyFile: join(folder, "key"), port },
      nodes: [
        { name: "node1", address: "127.0.0.1", role: "control-plane" },
        { name: "node2", address: "127.0.0.2" },
      ],
    });
    const { checks } = await verifyNodes(config, { home: "", environment: {} });
    expect(checks.map(({ id, place, status, text, remedy }) => [status, id, place, text, remedy ?? ""])).toStrictEqual([
      ["passed", "node.ssh", "node1", "node1: answers over SSH at 127.0.0.1", ""],
      ["passed", "node.command-ipset", "node1", "node1: ipset is installed", ""],
      ["failed", "node.command-ipvsadm", "node1", "node1: ipvsadm is not installed", "npx baremetal-lb heal"],
      ["passed", "node.module-ip_vs", "node1", "node1: module ip_vs is loaded", ""],
      ["failed", "node.module-ip_vs_wrr", "node1", "node1: module ip_vs_wrr is not loaded", "npx baremetal-lb heal"],
      [
        "failed",
        "node.module-ip_vs-at-boot",
        "node1",
        "node1: module ip_vs is left out at the next boot: 'blacklist ip_vs' in /etc/modprobe.d/harden.conf",
        "take that out there",
      ],
      [
        "failed",
        "node.file-/etc/modules-load.d/baremetal-lb.conf",
        "node1",
        "node1: /etc/modules-load.d/baremetal-lb.conf is missing",
        "npx baremetal-lb heal",
      ],
      ["passed", "node.kube-proxy-mode", "node1", "node1: kube-proxy runs with mode ipvs", ""],
      ["passed", "node.kube-proxy-strictARP", "node1", "node1: kube-proxy runs with strictARP true", ""],
      ["passed", "node.kube-proxy-scheduler", "node1", "node1: kube-proxy runs with scheduler rr", ""],
      [
        "failed",
        "node.net.ipv4.conf.all.arp_ignore",
        "node1",
        "node1: net.ipv4.conf.all.arp_ignore is 0, strictARP sets 1",
        "npx baremetal-lb heal",
      ],
      ["passed", "node.net.ipv4.conf.all.arp_announce", "node1", "node1: net.ipv4.conf.all.arp_announce is 2", ""],
      ["passed", "node.interface-kube-ipvs0", "node1", "node1: interface kube-ipvs0 is present", ""],
      [
        "passed",
        "node.virtual-server-10.96.0.1:443",
        "node1",
        "node1: virtual server 10.96.0.1:443, the Kubernetes API's Service, is present",
        "",
      ],
      [
        "failed",
        "node.ssh",
        "node2",
        `node2 (127.0.0.2, port ${port}) refuses connections: see whether sshd runs there, and on that port`,
        "",
      ],
    ]);
  });

  it("heal mends nothing of a kube-proxy that is not managed: the remedy is where it gets its settings", async () => {
    const config = cluster({
      ssh: { user: "ops", privateKeyFile: join(folder, "key"), port },
      nodes: [{ name: "node1", address: "127.0.0.1", role: "control-plane" }],
      kubeProxy: "unmanaged",
    });
    const { checks } = await verifyNodes(config, { home: "", environment: {} });
    expect(checks.filter(({ id }) => /kube-proxy|ipv4/.test(id))).toStrictEqual([
      {
        id: "node.kube-proxy-mode",
        place: "node1",
        status: "passed",
        text: "node1: kube-proxy, which is not managed, runs with mode ipvs",
      },
      {
        id: "node.net.ipv4.conf.all.arp_ignore",
        place: "node1",
        status: "failed",
        text: "node1: net.ipv4.conf.all.arp_ignore is 0, strictARP sets 1",
        remedy:
          "set it where kube-proxy gets its settings; npx cdktf deploy nodes kube-proxy then proves it, and says how for k3s and RKE2",
      },
      {
        id: "node.net.ipv4.conf.all.arp_announce",
        place: "node1",
        status: "passed",
        text: "node1: net.ipv4.conf.all.arp_announce is 2",
      },
    ]);
  });

  it("without a key no node can be asked: each is said to have failed", async () => {
    const config = cluster({ ssh: { user: "ops", agent: true } });
    const text = "ssh.agent is true, and SSH_AUTH_SOCK is not set: start an SSH agent in this shell";
    expect((await verifyNodes(config, { home: "", environment: {} })).checks).toStrictEqual(
      ["node1", "rack1.node2"].map((name) => ({
        id: "node.ssh",
        place: name,
        status: "failed",
        text: `${name}: ${text}`,
      })),
    );
  });
});
