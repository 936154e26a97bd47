import { findInstallations, ownInstallation } from "../../day-two/metallb/installation";
import { workloadSelectors } from "../../stacks/metallb/other-metallb";
import { findStatus } from "../../day-two/status/status";
import { connectKubernetes } from "../../remote/kubernetes/connect";
import { cluster, clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { type Answer, ApiServer } from "../remote/kubernetes/api-server";
import { asHelmHasThem, byChart, helmWorkload } from "./helm-cluster";
import { liveCluster } from "./status-cluster";
import { answersOf, daemonSet, deployment, type Objects, pod } from "./verify/healthy-cluster";
import { healthyWith, liveResources, metallbOf } from "./verify/healthy-resources";
import { checksOf } from "./verify/looked-at";

const helm = {
  namespace: "lb",
  controller: "lb-metallb-controller",
  speaker: "lb-metallb-speaker",
  podSelector: "app.kubernetes.io/name=metallb",
  speakerSelector: "app.kubernetes.io/name=metallb,app.kubernetes.io/component=speaker",
  memberlistSecret: "lb-metallb-memberlist",
  configMap: "config",
  workloads: [{ text: "Deployment lb/lb-metallb-controller" }, { text: "DaemonSet lb/lb-metallb-speaker" }],
  own: false,
  release: "lb",
  mend: "correct it with helm -n lb upgrade lb, or declare in cluster.yaml what is there",
};

const steps = (found: string, stop: string, remove: string) =>
  `another MetalLB is in this cluster: ${found}. Side by side with that of these stacks it would give and announce the same addresses. To move to these stacks: npx baremetal-lb adopt takes over a Helm release in the namespace metallb-system; any other goes this way, while addresses are silent from step 4 on: 1. npx cdktf deploy nodes kube-proxy; 2. where there is a namespace metallb-system: kubectl annotate namespace metallb-system baremetal-lb/stack=metallb-crds; 3. ${stop}, so that no controller sees the pools go and takes addresses away; 4. ${remove}; 5. npx baremetal-lb adopt, for what stays; 6. npx cdktf deploy '*'. To keep it: do not deploy the stacks of MetalLB; status, verify and upgrade work with it as it is`;

const ofHelm = steps(
  "Deployment lb/lb-metallb-controller (Helm release lb), DaemonSet lb/lb-metallb-speaker (Helm release lb)",
  "kubectl -n lb scale deployment/lb-metallb-controller --replicas=0",
  "helm -n lb uninstall lb",
);

const find = (answers: Objects) =>
  findInstallations({ get: (path) => Promise.resolve(answers[decodeURIComponent(path)]) });

describe(`${fault(94)}: the MetalLB of a cluster`, () => {
  const own = {
    [`/apis/apps/v1/deployments?labelSelector=${workloadSelectors.manifest}`]: {
      items: [{ metadata: { namespace: "metallb-system", name: "controller" } }],
    },
  };
  const installed = { ...ownInstallation, workloads: [{ text: "Deployment metallb-system/controller" }] };
  const release = {
    ...byChart("deployments", helmWorkload("controller")),
    ...byChart("daemonsets", helmWorkload("speaker")),
  };

  it("is these stacks' where there is none, and where it has upstream's names", async () => {
    expect(await find({})).toStrictEqual({ metallb: ownInstallation, several: false });
    expect(await find(own)).toStrictEqual({ metallb: installed, several: false });
  });

  it("is a Helm release, by the chart's labels, under the names that it gives", async () => {
    expect(await find(release)).toStrictEqual({ metallb: helm, other: ofHelm, several: false });
  });

  it("is that of a manifest in another namespace, with its own ConfigMap and no memberlist", async () => {
    const controller = {
      metadata: { namespace: "other", name: "controller" },
      spec: { template: { spec: { containers: [{ name: "controller", args: ["--config=pools"] }] } } },
    };
    const found = await find({
      [`/apis/apps/v1/deployments?labelSelector=${workloadSelectors.manifest}`]: { items: [controller] },
    });
    expect(found).toStrictEqual({
      metallb: {
        namespace: "other",
        controller: "controller",
        speaker: "speaker",
        podSelector: "app=metallb",
        speakerSelector: "app=metallb,component=speaker",
        memberlistSecret: undefined,
        configMap: "pools",
        workloads: [{ text: "Deployment other/controller" }],
        own: false,
        release: undefined,
        mend: "correct it as it was installed, or declare in cluster.yaml what is there",
      },
      other: steps(
        "Deployment other/controller",
        "kubectl -n other scale deployment/controller --replicas=0",
        "remove Deployment other/controller and its RBAC as it was installed",
      ),
      several: false,
    });
  });

  it("is these stacks', and one too many, beside another one; two others are one too many, too", async () => {
    expect(await find({ ...own, ...release })).toStrictEqual({
      metallb: installed,
      other: ofHelm,
      several: true,
    });
    const two = byChart("daemonsets", helmWorkload("speaker"), helmWorkload("speaker", "more", "more"));
    expect(await find(two)).toMatchObject({
      metallb: { namespace: "lb", controller: "lb-metallb-controller" },
      other: expect.stringContaining(
        "3. (its controller is gone already), so that no controller sees the pools go and takes addresses away; 4. helm -n lb uninstall lb; helm -n more uninstall more; 5.",
      ),
      several: true,
    });
  });
});

describe(`${fault(94)}: verify of a Helm release`, () => {
  const healthy = () => asHelmHasThem(healthyWith("0.15.2"));
  const texts = async (changes: Objects = {}) =>
    (await checksOf(changes, metallbOf("0.15.2"), healthy())).map(
      ({ id, place, status, text, remedy }) =>
        `${status} ${id} ${place} | ${text}${remedy === undefined ? "" : ` | ${remedy}`}`,
    );

  it("passes every check, under the chart's names", async () => {
    expect((await texts()).filter((line) => line.includes("metallb"))).toStrictEqual([
      "passed metallb.installation lb/lb-metallb-controller | MetalLB is the Helm release lb (Deployment lb/lb-metallb-controller), and looked at as it is",
      "passed metallb.namespace lb | namespace lb exists",
      "passed metallb.controller lb/lb-metallb-controller | the controller is ready, with the image quay.io/metallb/controller:v0.15.2",
      "passed metallb.speakers lb/lb-metallb-speaker | DaemonSet lb/lb-metallb-speaker is rolled out, 2 of 2 speakers are available",
      "passed metallb.speaker node1 | speaker on node1 is ready, with the image quay.io/metallb/speaker:v0.15.2",
      "passed metallb.speaker node2 | speaker on node2 is ready, with the image quay.io/metallb/speaker:v0.15.2",
      "passed metallb.memberlist-secret lb/lb-metallb-memberlist | Secret lb/lb-metallb-memberlist has the key secretkey",
      "passed metallb.config lb/ipaddresspools | IPAddressPool default is as declared",
      "passed metallb.config lb/l2advertisements | L2Advertisement default is as declared",
      "passed metallb.webhook metallb-webhook-configuration | ValidatingWebhookConfiguration metallb-webhook-configuration has its CA",
      "passed metallb.config-taken.controller node2 | controller on node2 has taken the configuration",
      "passed metallb.config-taken.speaker node1 | speaker on node1 has taken the configuration",
      "passed metallb.config-taken.speaker node2 | speaker on node2 has taken the configuration",
      "passed metallb.memberlist node1 | speaker on node1 counts 2 of 2 speakers as members",
      "passed metallb.memberlist node2 | speaker on node2 counts 2 of 2 speakers as members",
    ]);
    expect((await texts()).filter((line) => !line.startsWith("passed "))).toStrictEqual([]);
  });

  it("names what differs, and what mends it is Helm's", async () => {
    const changes = {
      "/apis/apps/v1/namespaces/lb/deployments/lb-metallb-controller": deployment(
        1,
        "quay.io/metallb/controller:v0.14.9",
      ),
      ...asHelmHasThem(
        liveResources(metallbOf("0.15.2", { pools: [{ name: "default", addresses: ["10.0.0.0/24"] }] }).metallb),
      ),
    };
    expect((await texts(changes)).filter((line) => line.startsWith("failed"))).toStrictEqual([
      `failed metallb.controller lb/lb-metallb-controller | Deployment lb/lb-metallb-controller has the image quay.io/metallb/controller:v0.14.9, declared quay.io/metallb/controller:v0.15.2 | ${helm.mend}`,
      `failed metallb.config lb/ipaddresspools | IPAddressPool default has addresses 10.0.0.0/24, declared 192.168.1.240-192.168.1.250 | ${helm.mend}`,
    ]);
  });

  it("fails where these stacks' MetalLB is there as well", async () => {
    const manifest = `/apis/apps/v1/deployments?labelSelector=${workloadSelectors.manifest}`;
    const both = {
      ...healthyWith("0.15.2"),
      ...byChart("deployments", helmWorkload("controller")),
      ...byChart("daemonsets", helmWorkload("speaker")),
      [manifest]: { items: [{ metadata: { namespace: "metallb-system", name: "controller" } }] },
    };
    const failed = (await checksOf({}, metallbOf("0.15.2"), both)).filter(({ status }) => status !== "passed");
    expect(failed).toStrictEqual([{ id: "metallb.installation", place: "cluster", status: "failed", text: ofHelm }]);
  });
});

describe(`${fault(141)}: an image by digest`, () => {
  const path = "/apis/apps/v1/namespaces/metallb-system/daemonsets/speaker";
  const failing = async (image: string, labels: object = {}, images: object = {}) => {
    const speaker = daemonSet("speaker", image);
    const [one, two] = ["speaker-1", "speaker-2"].map((name, index) => {
      const made = pod(name, "speaker", `node${index + 1}`);
      return { ...made, spec: { ...made.spec, containers: [{ name: "speaker", image }] } };
    });
    const items = [pod("controller-1", "controller", "node2"), one, two];
    const changes = {
      [path]: { ...speaker, metadata: { ...speaker.metadata, labels } },
      "/api/v1/namespaces/metallb-system/pods": { items },
    };
    const declared = { metallb: { ...clusterInput.metallb, images } };
    return (await checksOf(changes, declared)).filter(({ status }) => status !== "passed").map(({ text }) => text);
  };

  it("is the declared one by its tag, by its chart's label, and with docker.io left out", async () => {
    expect(await failing("docker.io/metallb/speaker:v0.9.6@sha256:abc")).toStrictEqual([]);
    expect(await failing("metallb/speaker:v0.9.6")).toStrictEqual([]);
    expect(await failing("metallb/speaker@sha256:abc", { "app.kubernetes.io/version": "v0.9.6" })).toStrictEqual([]);
  });

  it.each([
    ["metallb/speaker@sha256:abc", "metallb/speaker@sha256:abc, whose digest tells no version,"],
    ["metallb/speaker:v0.9.5@sha256:abc", "metallb/speaker:v0.9.5@sha256:abc,"],
    ["registry:5000/speaker@sha256:abc", "registry:5000/speaker@sha256:abc,"],
  ])("is named where it is another, or its version is not told: %s", async (image, found) => {
    expect(await failing(image)).toStrictEqual(
      ["DaemonSet metallb-system/speaker", "speaker on node1", "speaker on node2"].map(
        (subject) => `${subject} has the image ${found} declared docker.io/metallb/speaker:v0.9.6`,
      ),
    );
  });

  const [declared, other] = ["a1", "b2"].map((byte) => `sha256:${byte.repeat(32)}`);
  it.each([
    // A declared digest counts alone: nodes take the image by it.
    [{ tag: "v0.9.6", digest: declared }, `docker.io/metallb/speaker:v0.9.6@${declared}`, true],
    [{ tag: "v0.9.6", digest: declared }, `docker.io/metallb/speaker@${declared}`, true],
    [{ tag: "v0.9.6", digest: declared }, `docker.io/metallb/speaker:v0.9.6@${other}`, false],
    [{ tag: "v0.9.6", digest: declared }, "docker.io/metallb/speaker:v0.9.6", false],
    [{ tag: "v0.9.6-1" }, "docker.io/metallb/speaker:v0.9.6-1", true],
    [{ tag: "v0.9.6-1" }, "docker.io/metallb/speaker:v0.9.6", false],
    [{}, "docker.io/metallb/speaker:v0.9.6-1", false],
    [{ repository: "mirror:5000/lb" }, "mirror:5000/lb:v0.9.6", true],
    [{ repository: "mirror:5000/lb" }, "docker.io/metallb/speaker:v0.9.6", false],
  ])("declared as %j, and found as %s: as declared is %p", async (speaker, found, isDeclared) => {
    const { repository = "docker.io/metallb/speaker", tag = "v0.9.6", digest } = speaker as Record<string, string>;
    const text = `${repository}:${tag}${digest ? `@${digest}` : ""}`;
    expect(await failing(found, {}, { speaker })).toStrictEqual(
      isDeclared
        ? []
        : ["DaemonSet metallb-system/speaker", "speaker on node1", "speaker on node2"].map(
            (subject) => `${subject} has the image ${found}, declared ${text}`,
          ),
    );
  });
});

/** What an answer has: an object or a text. */
function contentOf(answer: Answer): unknown {
  if (answer === "silence") throw new Error("no content");
  return "text" in answer ? answer.text : answer.json;
}

/** What status asks of a cluster whose MetalLB is a Helm release. */
const statusObjects = () =>
  asHelmHasThem({
    ...Object.fromEntries(
      Object.entries(liveCluster({ config: undefined })).map(([path, answer]) => [path, contentOf(answer)]),
    ),
    ...liveResources(metallbOf("0.15.2").metallb),
  });

describe(`${fault(94)}: status of a Helm release`, () => {
  let server: ApiServer;
  afterEach(() => server.stop());

  it("finds its speakers, what they announce and since when, and its pools", async () => {
    const config = cluster({ metallb: { ...clusterInput.metallb, version: "0.15.2" } });
    server = await ApiServer.start(answersOf(statusObjects()));
    const source = { source: "kubeconfig", path: server.kubeconfig, context: "admin" } as const;
    const report = await findStatus(config, await connectKubernetes(source, { home: "/", environment: {} }));
    expect(report.notes).toStrictEqual([
      "MetalLB is the Helm release lb (Deployment lb/lb-metallb-controller), and looked at as it is",
    ]);
    expect(report.nodes.map(({ speaker }) => speaker)).toStrictEqual(["ready", "ready"]);
    expect(report.services.map(({ announcedBy }) => announcedBy)).toStrictEqual([
      [{ node: "node1", protocol: "layer2", since: { at: "2026-11-24T06:49:57.03Z", before: false } }],
    ]);
  });
});

describe(`${fault(122)}: a Helm release with a loadBalancerClass`, () => {
  const classed = (loadBalancerClass: string | undefined) => {
    const of = (component: "controller" | "speaker") => {
      const workload = helmWorkload(component);
      const [container] = workload.spec.template.spec.containers;
      const args = ["--port=7472", ...(loadBalancerClass ? [`--lb-class=${loadBalancerClass}`] : [])];
      return { ...workload, spec: { template: { spec: { containers: [{ ...container, args }] } } } };
    };
    return { ...byChart("deployments", of("controller")), ...byChart("daemonsets", of("speaker")) };
  };
  const checks = async (found: string | undefined, declared: string | undefined) => {
    const all = await checksOf(
      classed(found),
      metallbOf("0.15.2", { loadBalancerClass: declared }),
      asHelmHasThem(healthyWith("0.15.2")),
    );
    return all
      .filter(({ id }) => id === "metallb.load-balancer-class")
      .map(({ place, status, text, remedy }) => [status, place, text, ...(remedy ? [remedy] : [])].join(" | "));
  };
  const name = "example.org/lb";

  it("is told by verify, which fails where another one is declared", async () => {
    expect(await checks(undefined, undefined)).toStrictEqual([]);
    expect(await checks(name, name)).toStrictEqual([
      "passed | lb/lb-metallb-controller | Deployment lb/lb-metallb-controller looks after Services of the loadBalancerClass example.org/lb",
      "passed | lb/lb-metallb-speaker | DaemonSet lb/lb-metallb-speaker looks after Services of the loadBalancerClass example.org/lb",
    ]);
    expect(await checks(name, undefined)).toStrictEqual([
      `failed | lb/lb-metallb-controller | Deployment lb/lb-metallb-controller looks after Services of the loadBalancerClass example.org/lb, declared are those without a loadBalancerClass | ${helm.mend}`,
      `failed | lb/lb-metallb-speaker | DaemonSet lb/lb-metallb-speaker looks after Services of the loadBalancerClass example.org/lb, declared are those without a loadBalancerClass | ${helm.mend}`,
    ]);
    expect((await checks("old", name))[0]).toBe(
      `failed | lb/lb-metallb-controller | Deployment lb/lb-metallb-controller looks after Services of the loadBalancerClass old, declared are those of the loadBalancerClass example.org/lb | ${helm.mend}`,
    );
  });

  it("is told by status where another one is declared", async () => {
    const server = await ApiServer.start(answersOf({ ...statusObjects(), ...classed(name) }));
    try {
      const config = cluster({ metallb: { ...clusterInput.metallb, version: "0.15.2" } });
      const source = { source: "kubeconfig", path: server.kubeconfig, context: "admin" } as const;
      const api = await connectKubernetes(source, { home: "", environment: {} });
      expect((await findStatus(config, api)).notes).toStrictEqual([
        "MetalLB is the Helm release lb (Deployment lb/lb-metallb-controller), and looked at as it is",
        `Deployment lb/lb-metallb-controller looks after Services of the loadBalancerClass example.org/lb, declared are those without a loadBalancerClass: ${helm.mend}`,
        `DaemonSet lb/lb-metallb-speaker looks after Services of the loadBalancerClass example.org/lb, declared are those without a loadBalancerClass: ${helm.mend}`,
      ]);
    } finally {
      await server.stop();
    }
  });
});
