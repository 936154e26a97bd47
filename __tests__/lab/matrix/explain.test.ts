import { proven } from "../../../lab/proven";
import * as lab from "../../../lab/lab";
import { answer, kubectl, onNode } from "../core/cluster";
import { onLab } from "../core/on-lab";

// explain on a deployed cluster: a Service that answers, then faults, one at a time, each with its cause by name. Each is
// mended by hand again, and where it touched what all Services need the first Service has to answer before the next one.

const nodes = ["node1", "node2"];
const runs = proven["matrix/explain"].runs.map(({ kubernetes, metallb: [version] }) => ({ kubernetes, version }));

interface Report {
  readonly cause?: { readonly text: string; readonly remedy?: string };
  readonly noticed: readonly string[];
  readonly story: readonly { readonly id: string; readonly status: string; readonly text: string }[];
  readonly without?: { readonly announcers: readonly { readonly nodes: readonly string[] }[] };
}

interface Explained {
  readonly code: number;
  readonly report: Report;
}

async function explain(...args: string[]): Promise<Explained> {
  const { code, stdout, output } = await lab.baremetalLb(["explain", "--json", ...args], { timeoutSeconds: 120 });
  if (stdout === "") throw new Error(output);
  return { code, report: JSON.parse(stdout) as Report };
}

/** Asks until the answer is as expected: a controller, a speaker or a kubelet takes a moment. */
async function until(
  what: string,
  ask: () => Promise<Explained>,
  isExpected: (found: Explained) => boolean,
  seconds = 90,
): Promise<Report> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await ask();
    if (isExpected(found)) return found.report;
    if (Date.now() > end) {
      const { cause, story } = found.report;
      const lines = story.map(({ id, status, text }) => `${status} ${id}: ${text}`);
      throw new Error(`${what}: exit code ${found.code}, cause: ${cause?.text ?? "none"}\n${lines.join("\n")}`);
    }
  }
}

const works = () =>
  until(
    "default/web does not answer again",
    () => explain("default/web"),
    ({ code }) => code === 0,
  );

const inMetallb = (...args: string[]) => kubectl("-n", "metallb-system", ...args);
const merge = (value: object) => ["--type=merge", "-p", JSON.stringify(value)];
const create = (object: object) => answer(lab.kubectl(["create", "-f", "-"], { input: JSON.stringify(object) }));
const onEach = (command: string) => Promise.all(nodes.map((node) => onNode(node, command)));

/** A Service in front of the workload's pods. */
const serviceOf = (name: string, spec: object = {}, annotations: object = {}) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "default", annotations },
  spec: { type: "LoadBalancer", selector: { app: "web" }, ports: [{ port: 9200 }], ...spec },
});
const asking = (pool: string) => ({ "metallb.io/address-pool": pool });
const poolOf = (name: string, spec: object) => ({
  apiVersion: "metallb.io/v1beta1",
  kind: "IPAddressPool",
  metadata: { name, namespace: "metallb-system" },
  spec,
});

const exclude = "node.kubernetes.io/exclude-from-external-load-balancers";
const nowhere = (value: string | null) =>
  merge({ spec: { template: { spec: { nodeSelector: { "lab/none": value } } } } });
const advertisement = (spec: object) => inMetallb("patch", "l2advertisement", "default", ...merge({ spec }));
const networkOf = (status: string) => {
  const conditions = [{ type: "NetworkUnavailable", status, reason: "Lab", message: "planted" }];
  const patch = JSON.stringify({ status: { conditions } });
  return Promise.all(nodes.map((node) => kubectl("patch", "node", node, "--subresource=status", "-p", patch)));
};

/** The address of the first Service. */
const kept = { address: "", advertisement: "", pod: "" };

interface Fault {
  readonly what: string;
  /** The cause, whole. */
  readonly cause: () => string | RegExp;
  /** @default default/web */
  readonly asked?: string;
  /** Services that are made for it, and deleted again. */
  readonly services?: () => readonly object[];
  readonly plant?: () => Promise<unknown>;
  readonly mend?: () => Promise<unknown>;
  /** Whether it is planted again for each question, since something repairs it. @default false */
  readonly again?: boolean;
}

const faults: readonly Fault[] = [
  {
    what: "a name that is misspelt",
    asked: "default/wbe",
    cause: () => "there is no Service default/wbe: the namespace default has kubernetes and web",
  },
  {
    what: "a Service of another type",
    asked: "default/inner",
    services: () => [serviceOf("inner", { type: "ClusterIP" })],
    cause: () =>
      "Service default/inner is of the type ClusterIP: only one of the type LoadBalancer is given an address",
  },
  {
    what: "a Service of another program's class",
    asked: "default/classy",
    services: () => [serviceOf("classy", { loadBalancerClass: "example.org/lb" })],
    cause: () =>
      "Service default/classy is of the loadBalancerClass example.org/lb, and MetalLB looks after those without a loadBalancerClass: it is left to another program",
  },
  {
    what: "a pool that is not there is asked for",
    asked: "default/gold",
    services: () => [serviceOf("gold", {}, asking("gold"))],
    cause: () => "Service default/gold has no address: it asks for the pool gold, and MetalLB has default",
  },
  {
    what: "an address of no pool is asked for",
    asked: "default/outside",
    services: () => [serviceOf("outside", { loadBalancerIP: "10.9.9.9" })],
    cause: () =>
      "Service default/outside has no address: it asks for 10.9.9.9, which no pool holds (default: 10.89.0.240-10.89.0.250)",
  },
  {
    what: "an address that another Service has is asked for",
    asked: "default/late",
    services: () => [serviceOf("late", { loadBalancerIP: kept.address })],
    cause: () =>
      `Service default/late has no address: it asks for ${kept.address}, which default/web has: they do not share it`,
  },
  {
    what: "the only pool is for those that ask for it",
    asked: "default/modest",
    plant: () => inMetallb("patch", "ipaddresspool", "default", ...merge({ spec: { autoAssign: false } })),
    services: () => [serviceOf("modest")],
    mend: () => inMetallb("patch", "ipaddresspool", "default", ...merge({ spec: { autoAssign: true } })),
    cause: () => "Service default/modest has no address: it asks for no pool, and default has autoAssign: false",
  },
  {
    what: "a pool of other namespaces",
    asked: "default/stranger",
    plant: () => create(poolOf("shop", { addresses: ["10.89.0.251/32"], serviceAllocation: { namespaces: ["shop"] } })),
    services: () => [serviceOf("stranger", {}, asking("shop"))],
    mend: () => inMetallb("delete", "ipaddresspool", "shop"),
    cause: () =>
      "Service default/stranger has no address: no pool may be used by it, of the namespace default: shop is for namespaces shop",
  },
  {
    what: "a pool that is used up",
    asked: "default/second",
    plant: () => create(poolOf("small", { addresses: ["10.89.0.251/32"] })),
    services: () => [
      serviceOf("first", { loadBalancerIP: "10.89.0.251" }),
      // The first one has the address by then: the controller takes one after the other.
      serviceOf("second", {}, asking("small")),
    ],
    mend: () => inMetallb("delete", "ipaddresspool", "small"),
    cause: () => "Service default/second has no address: small (1 of 1 addresses in use) is used up",
  },
  {
    what: "no controller",
    asked: "default/pending",
    plant: async () => {
      await inMetallb("scale", "deployment", "controller", "--replicas=0");
      await inMetallb("wait", "pods", "-l", "component=controller", "--for=delete", "--timeout=60s");
      // Its grace period is 0 s: the pod is gone at once, and its process gives addresses until kubelet ends it.
      await onEach("for i in $(seq 60); do pgrep -x controller >/dev/null || exit 0; sleep 1; done; exit 1");
    },
    services: () => [serviceOf("pending")],
    mend: async () => {
      await inMetallb("scale", "deployment", "controller", "--replicas=1");
      await inMetallb("rollout", "status", "deployment/controller", "--timeout=60s");
    },
    cause: () =>
      "Service default/pending has no address: MetalLB's controller, which gives addresses, does not run: Deployment metallb-system/controller has no pod",
  },
  {
    what: "the pool's announcement is gone",
    plant: async () => {
      const object = JSON.parse(await inMetallb("get", "l2advertisement", "default", "-o", "json"));
      delete object.metadata.resourceVersion;
      delete object.metadata.uid;
      kept.advertisement = JSON.stringify(object);
      await inMetallb("delete", "l2advertisement", "default");
    },
    mend: () => create(JSON.parse(kept.advertisement) as object),
    cause: () => "nobody announces the pool default: MetalLB has no L2Advertisement and no BGPAdvertisement for it",
  },
  {
    what: "an announcement that selects no node",
    plant: () => advertisement({ nodeSelectors: [{ matchLabels: { rack: "b" } }] }),
    mend: () => advertisement({ nodeSelectors: null }),
    cause: () =>
      "no node may announce Service default/web by layer2: node1: no announcement of the pool default selects it; node2: no announcement of the pool default selects it",
  },
  {
    what: "an announcement from an interface that no node has",
    plant: () => advertisement({ interfaces: ["eth7"] }),
    mend: () => advertisement({ interfaces: null }),
    cause: () =>
      /^node[12]: has none of the interfaces that the pool default is announced from \(eth7\), it has .*\blo\b.*$/,
  },
  {
    what: "every node is excluded from load balancers",
    plant: () => kubectl("label", "nodes", "--all", `${exclude}=`),
    mend: () => kubectl("label", "nodes", "--all", `${exclude}-`),
    cause: () =>
      `no node may announce Service default/web by layer2: node1: it is labelled ${exclude}; node2: it is labelled ${exclude}`,
  },
  {
    what: "the network of every node is unavailable",
    plant: () => networkOf("True"),
    mend: () => networkOf("False"),
    cause: () =>
      "no node may announce Service default/web by layer2: node1: its network is unavailable; node2: its network is unavailable",
  },
  {
    what: "a selector that is misspelt",
    asked: "default/lost",
    services: () => [serviceOf("lost", { selector: { app: "wbe" } })],
    cause: () => "Service default/lost has no endpoint: no pod with app=wbe has an address",
  },
  {
    what: "the policy Local, with the one pod on a node that may not announce",
    asked: "default/local",
    plant: async () => {
      const field = "--field-selector=spec.nodeName=node2";
      kept.pod = await kubectl("get", "pods", "-l", "app=web", field, "-o", "jsonpath={.items[0].metadata.name}");
      await kubectl("label", "pod", kept.pod, "only=here");
      await advertisement({ nodeSelectors: [{ matchLabels: { "kubernetes.io/hostname": "node1" } }] });
    },
    services: () => [serviceOf("local", { selector: { only: "here" }, externalTrafficPolicy: "Local" })],
    mend: async () => {
      await advertisement({ nodeSelectors: null });
      await kubectl("label", "pod", kept.pod, "only-");
    },
    cause: () =>
      "no node may announce Service default/local by layer2: node1: it has no ready endpoint; node2: no announcement of the pool default selects it",
  },
  {
    what: "no speaker",
    plant: () => inMetallb("patch", "daemonset", "speaker", ...nowhere("true")),
    mend: async () => {
      await inMetallb("patch", "daemonset", "speaker", ...nowhere(null));
      await inMetallb("rollout", "status", "daemonset/speaker", "--timeout=60s");
    },
    cause: () =>
      "no speaker runs: DaemonSet metallb-system/speaker has no pod on any node, its nodeSelector is kubernetes.io/os=linux,lab/none=true",
  },
  {
    what: "a targetPort at which nobody listens",
    asked: "default/deaf",
    services: () => [serviceOf("deaf", { ports: [{ port: 9200, targetPort: 9299 }] })],
    cause: () =>
      /^node[12]: 10\.\d+\.\d+\.\d+:9299 and 10\.\d+\.\d+\.\d+:9299 take no connection, though the endpoint is ready$/,
  },
  {
    what: "a Service that lets in others only",
    plant: () => kubectl("patch", "service", "web", ...merge({ spec: { loadBalancerSourceRanges: ["192.0.2.0/24"] } })),
    mend: () => kubectl("patch", "service", "web", ...merge({ spec: { loadBalancerSourceRanges: null } })),
    cause: () =>
      "Service default/web lets in 192.0.2.0/24 (loadBalancerSourceRanges), and not this host, which asks from 10.89.0.1",
  },
  {
    what: "strictARP was set back in the kernel",
    plant: () => onEach("sysctl -q -w net.ipv4.conf.all.arp_ignore=0"),
    mend: () => onEach("sysctl -q -w net.ipv4.conf.all.arp_ignore=1"),
    cause: () => "node1: net.ipv4.conf.all.arp_ignore is 0, strictARP sets 1",
  },
  {
    what: "the virtual server is gone",
    // kube-proxy makes it again within half a minute.
    again: true,
    plant: () => onEach(`ipvsadm -D -t ${kept.address}:9200 || true`),
    cause: () => new RegExp(`^node[12]: kube-proxy has nothing for ${kept.address.replaceAll(".", "\\.")}:9200 there$`),
  },
  {
    what: "a firewall drops what comes to the Service",
    plant: () => onEach(`iptables -I INPUT -d ${kept.address} -j DROP`),
    mend: () => onEach(`iptables -D INPUT -d ${kept.address} -j DROP`),
    cause: () =>
      new RegExp(
        `^node[12]: INPUT has '-A INPUT -d ${kept.address.replaceAll(".", "\\.")}/32 -j DROP', and in IPVS mode what comes to a Service passes it$`,
      ),
  },
  {
    what: "no kube-proxy",
    plant: () => kubectl("-n", "kube-system", "patch", "daemonset", "kube-proxy", ...nowhere("true")),
    mend: async () => {
      await kubectl("-n", "kube-system", "patch", "daemonset", "kube-proxy", ...nowhere(null));
      await kubectl("-n", "kube-system", "rollout", "status", "daemonset/kube-proxy", "--timeout=120s");
    },
    cause: () => /^node[12] announces the Service, and has no pod of kube-proxy: nobody keeps its Services up to date$/,
  },
  {
    what: "the speakers do not see each other",
    plant: () =>
      onNode(
        "node2",
        "for p in tcp udp; do iptables -I INPUT -p $p --dport 7946 -j DROP; iptables -I OUTPUT -p $p --dport 7946 -j DROP; done",
      ),
    mend: async () => {
      await onNode(
        "node2",
        "for p in tcp udp; do iptables -D INPUT -p $p --dport 7946 -j DROP; iptables -D OUTPUT -p $p --dport 7946 -j DROP; done",
      );
      // They would try again within a minute or two.
      await inMetallb("delete", "pods", "-l", "component=speaker");
      await inMetallb("rollout", "status", "daemonset/speaker", "--timeout=60s");
    },
    cause: () => /^speaker on node[12] counts 1 of 2 speakers as members, not node[12]$/,
  },
];

onLab.each(runs)("explain with MetalLB $version on Kubernetes $kubernetes", ({ kubernetes, version }) => {
  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: nodes.length, kubernetes, metallb: version });
    await lab.deploy();
    await lab.applyWeb();
    kept.address = (await lab.prove()).address;
  }, 2_400_000);

  test("of a Service that answers nothing is wrong, and all could be looked at", async () => {
    const { story, noticed } = await works();
    expect(noticed).toEqual([]);
    expect(story.filter(({ status }) => status !== "passed")).toEqual([]);
    expect(story.map(({ id }) => id)).toEqual([
      "service.class",
      "service.address",
      "service.endpoints",
      "pool.announcement",
      "metallb.speaker",
      "metallb.config-taken",
      "service.candidates",
      "metallb.memberlist",
      "service.announced",
      "kube-proxy.pod",
      "node.kube-proxy",
      "node.service",
      "node.endpoint",
      "answer.arp",
      "answer.tcp",
    ]);
  });

  test("who announces is whose turn it is, and without that node the other one would", async () => {
    const names = ["one", "two", "three", "four"];
    for (const name of names) await create(serviceOf(name));
    try {
      for (const name of names) {
        const service = `default/${name}`;
        const { story } = await until(
          `${service} does not answer`,
          () => explain(service),
          ({ code }) => code === 0,
        );
        const announced = story.find(({ id }) => id === "service.announced");
        expect(announced?.text).toContain("it is the first of the nodes that may announce it");
        const [node = ""] = announced?.text.split(" ") ?? [];
        const { report } = await explain(service, "--without", node);
        expect(report.without?.announcers.flatMap((one) => one.nodes)).toEqual(nodes.filter((one) => one !== node));
      }
    } finally {
      await kubectl("delete", "services", ...names);
    }
  });

  test.each(faults)(
    "$what",
    async ({ asked = "default/web", services = () => [], plant, mend, again = false, cause }) => {
      const expected = cause();
      const isExpected = ({ code, report }: Explained) => {
        const found = report.cause?.text ?? "";
        return code === 2 && (typeof expected === "string" ? found === expected : expected.test(found));
      };
      const made = services();
      try {
        if (!again) await plant?.();
        for (const service of made) await create(service);
        const report = await until(
          `the cause is not ${String(expected)}`,
          async () => {
            if (again) await plant?.();
            return explain(asked);
          },
          isExpected,
        );
        expect(report.cause?.remedy).toMatch(/./);
      } finally {
        for (const { metadata } of made as ReturnType<typeof serviceOf>[])
          await kubectl("delete", "service", metadata.name);
        await mend?.();
      }
      if (plant !== undefined) await works();
    },
  );
});
