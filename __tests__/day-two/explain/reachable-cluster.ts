import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server as SshServer } from "ssh2";
import { explain, type ExplainReport } from "../../../day-two/explain/explain";
import { connectKubernetes } from "../../../remote/kubernetes/connect";
import type { MetallbVersion } from "../../../stacks/metallb/release/releases";
import { ApiServer } from "../../remote/kubernetes/api-server";
import { answersOf, configFor, healthy, metrics, type Objects, paths } from "../verify/healthy-cluster";
import { healthyWith, metallbOf } from "../verify/healthy-resources";

/** The whole of loopback stands for the nodes' network: node1 is 127.0.0.10, node2 127.0.0.11, the pool begins at .240. */
const onLoopback = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll("192.168.1.", "127.0.0.")) as T;

export const version: MetallbVersion = "0.15.2";
export const address = "127.0.0.240";

export const slicesPath = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
export const namespacesPath = "/api/v1/namespaces";

export const endpoint = (name: string, nodeName: string, ip: string, ready = true) => ({
  addresses: [ip],
  nodeName,
  targetRef: { kind: "Pod", name },
  conditions: { ready },
});
const endpoints = [endpoint("web-1", "node1", "10.244.1.2"), endpoint("web-2", "node2", "10.244.2.2")];
export const slices = (...given: readonly object[]) => ({
  items: [{ endpoints: given, ports: [{ port: 9200, protocol: "TCP" }] }],
});

/** What a node says that is as declared. */
export const asDeclared = (port: number): string[] => [
  "proxy mode ipvs",
  'proxy config {"kubeproxyconfig":{"IPVS":{"StrictARP":true,"Scheduler":"rr"}}}',
  "sysctl net.ipv4.conf.all.arp_ignore 1",
  "sysctl net.ipv4.conf.all.arp_announce 2",
  "interface kube-ipvs0 present",
  "virtual-server 10.96.0.1:443 present",
  `service ${address}:${port} 2`,
  "link eth0 present",
  "link lo present",
];

export const announcing = (node: string, protocol = "layer2") =>
  `metallb_speaker_announced{ip="${address}",node="${node}",protocol="${protocol}",service="default/web"} 1`;

export interface Planted {
  /** Objects of the API in place of those that are as declared. undefined: not there. */
  readonly objects?: Objects;
  /** Paths that are answered with 403. */
  readonly refused?: readonly string[];
  /** What becomes of the Service. */
  readonly service?: { readonly metadata?: object; readonly spec?: object; readonly address?: string | undefined };
  /** Other Services. */
  readonly others?: readonly object[];
  /** Sections of cluster.yaml. */
  readonly declared?: Record<string, unknown>;
  /** Lines that the nodes say in place of those of the same kind and name. */
  readonly says?: Readonly<Record<string, readonly string[]>>;
  readonly without?: readonly string[];
  readonly asked?: string;
}

/** A cluster with a Service that answers, and whatever is planted in it. */
export class ReachableCluster {
  private readonly folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
  private said: Readonly<Record<string, readonly string[]>> = {};
  private readonly servers: (Server | SshServer)[] = [];
  /** Of the Service, and of the web server that answers there. */
  port = 0;
  private sshPort = 0;
  /** The requests of the last run. */
  requests: readonly string[] = [];

  static async start(): Promise<ReachableCluster> {
    const made = new ReachableCluster();
    const web = createServer((socket) => socket.end());
    made.servers.push(web);
    await new Promise<void>((done) => web.listen(0, address, done));
    made.port = (web.address() as AddressInfo).port;
    const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs1", format: "pem" });
    writeFileSync(join(made.folder, "key"), key, { mode: 0o600 });
    for (const [node, host] of [
      ["node1", "127.0.0.10"],
      ["node2", "127.0.0.11"],
    ] as const) {
      const ssh = new SshServer({ hostKeys: [key.toString()] }, (client) => {
        client.on("authentication", (context) => context.accept());
        client.on("session", (accept) =>
          accept().on("exec", (acceptExec) => {
            const channel = acceptExec();
            channel.write(`${made.linesOf(node).join("\n")}\n`);
            channel.exit(0);
            channel.end();
          }),
        );
        client.on("error", () => undefined);
      });
      made.servers.push(ssh);
      await new Promise<void>((done) => ssh.listen(made.sshPort, host, done));
      made.sshPort = (ssh.address() as AddressInfo).port;
    }
    return made;
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => new Promise<void>((done) => server.close(() => done()))));
    rmSync(this.folder, { recursive: true });
  }

  private linesOf(node: string): string[] {
    const planted = this.said[node] ?? [];
    const subject = (line: string) => line.split(" ").slice(0, 2).join(" ");
    const kept = asDeclared(this.port).filter((line) => !planted.some((one) => subject(one) === subject(line)));
    return [...kept, ...planted];
  }

  /** The Service as the API has it. */
  service({ metadata, spec, ...given }: NonNullable<Planted["service"]> = {}): object {
    const ip = "address" in given ? given.address : address;
    return {
      metadata: { namespace: "default", name: "web", ...metadata },
      spec: {
        type: "LoadBalancer",
        selector: { app: "web" },
        ports: [{ port: this.port, protocol: "TCP" }],
        ipFamilies: ["IPv4"],
        ...spec,
      },
      status: { loadBalancer: ip === undefined ? {} : { ingress: [{ ip }] } },
    };
  }

  objects({ objects, service, others = [], declared = {} }: Planted): Objects {
    const metallb = (declared.metallb ?? {}) as object & { version?: MetallbVersion };
    return {
      ...onLoopback(
        ["0.9.6", "0.12.1"].includes(metallb.version ?? version)
          ? healthy()
          : healthyWith(metallb.version ?? version, metallb),
      ),
      // Whose turn it is with this address.
      [paths.metrics("speaker-1")]: metrics(),
      [paths.metrics("speaker-2")]: metrics({ announced: announcing("node2") }),
      [paths.services]: { items: [this.service(service), ...others] },
      [slicesPath]: slices(...endpoints),
      [namespacesPath]: { items: [{ metadata: { name: "default" } }] },
      [paths.events]: { items: [] },
      [paths.kubeProxyPods]: {
        items: ["node1", "node2"].map((node) => ({
          metadata: { name: `kube-proxy-${node}` },
          spec: { nodeName: node },
          status: { conditions: [{ type: "Ready", status: "True" }] },
        })),
      },
      ...objects,
    };
  }

  /** What explain says of it. */
  async explain(planted: Planted = {}): Promise<ExplainReport> {
    const { says = {}, without = [], asked = "default/web", declared = {}, refused = [] } = planted;
    this.said = says;
    const answer = answersOf(this.objects(planted));
    const forbidden = { status: 403, json: { kind: "Status", message: "forbidden" } };
    const api = await ApiServer.start((path, query) => (refused.includes(path) ? forbidden : answer(path, query)));
    try {
      const { metallb = {}, ...others } = declared as { metallb?: object & { version?: MetallbVersion } };
      const config = configFor(
        api.kubeconfig,
        onLoopback({
          nodes: [
            { name: "node1", address: "192.168.1.10", role: "control-plane" },
            { name: "node2", address: "192.168.1.11" },
          ],
          ...metallbOf(metallb.version ?? version, metallb),
          ssh: { user: "ops", privateKeyFile: join(this.folder, "key"), port: this.sshPort },
          ...others,
        }),
      );
      const sources = { home: "", environment: {} };
      const connected = await connectKubernetes(config.kubernetes.credentials, sources);
      const report = await explain(connected, { config, service: asked, without, ...sources });
      // To explain changes nothing.
      expect(api.changes).toStrictEqual([]);
      this.requests = api.requests;
      return report;
    } finally {
      await api.stop();
    }
  }
}

/** The lines of a story. */
export const lines = ({ story }: ExplainReport): string[] =>
  story.map(({ id, place, status, text }) => `${status} ${id} ${place} | ${text}`);
