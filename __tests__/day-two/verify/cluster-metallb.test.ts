import { announcing, daemonSet, deployment, healthy, metrics, paths, pod } from "./healthy-cluster";
import { notPassed } from "./looked-at";

const heal = "npx baremetal-lb heal";

describe("MetalLB", () => {
  it("without its namespace: nothing else of it is asked for", async () => {
    const found = await notPassed({ [paths.namespace]: undefined });
    expect(found).toStrictEqual([
      {
        id: "metallb.namespace",
        place: "metallb-system",
        status: "failed",
        text: "namespace metallb-system does not exist",
        remedy: "npx cdktf deploy '*'",
      },
    ]);
  });

  it("whose controller is scaled to 0", async () => {
    const items = [pod("speaker-1", "speaker", "node1"), pod("speaker-2", "speaker", "node2")];
    expect(await notPassed({ [paths.controller]: deployment(0), [paths.pods]: { items } })).toStrictEqual([
      {
        id: "metallb.controller",
        place: "metallb-system/controller",
        status: "failed",
        text: "Deployment metallb-system/controller wants 0 pods",
        remedy: heal,
      },
    ]);
  });

  it("with a broken speaker image: the DaemonSet's, and the pod that cannot pull it", async () => {
    const state = { waiting: { reason: "ImagePullBackOff", message: 'Back-off pulling image "x/speaker:v0"' } };
    const broken = {
      ...pod("speaker-2", "speaker", "node2"),
      status: { phase: "Pending", containerStatuses: [{ state }] },
    };
    const items = [pod("controller-1", "controller", "node2"), pod("speaker-1", "speaker", "node1"), broken];
    const changes = {
      [paths.speaker]: daemonSet("speaker", "x/speaker:v0", 2, 1),
      [paths.pods]: { items },
    };
    expect(await notPassed(changes)).toStrictEqual([
      {
        id: "metallb.speakers",
        place: "metallb-system/speaker",
        status: "failed",
        text: "DaemonSet metallb-system/speaker has the image x/speaker:v0, declared docker.io/metallb/speaker:v0.9.6",
        remedy: heal,
      },
      {
        id: "metallb.speaker",
        place: "node2",
        status: "failed",
        text: 'speaker on node2 is not ready: ImagePullBackOff: Back-off pulling image "x/speaker:v0"',
      },
    ]);
  });

  it("with a speaker pod of another image than its DaemonSet's", async () => {
    const old = pod("speaker-2", "speaker", "node2");
    const container = { name: "speaker", image: "docker.io/metallb/speaker:v0.9.5" };
    const items = [
      pod("controller-1", "controller", "node2"),
      pod("speaker-1", "speaker", "node1"),
      { ...old, spec: { ...old.spec, containers: [container] } },
    ];
    expect((await notPassed({ [paths.pods]: { items } })).map(({ text }) => text)).toStrictEqual([
      "speaker on node2 has the image docker.io/metallb/speaker:v0.9.5, declared docker.io/metallb/speaker:v0.9.6",
    ]);
  });

  it("with a node that has no speaker", async () => {
    const items = [pod("controller-1", "controller", "node2"), pod("speaker-1", "speaker", "node1")];
    const changes = {
      [paths.speaker]: daemonSet("speaker", "docker.io/metallb/speaker:v0.9.6", 1),
      [paths.pods]: { items },
    };
    expect(await notPassed(changes)).toStrictEqual([
      {
        id: "metallb.speaker",
        place: "node2",
        status: "failed",
        text: "there is no speaker on node2",
        remedy: `${heal}; if the DaemonSet is as declared, see whether a taint of node2 keeps it off`,
      },
    ]);
  });

  it.each([
    [undefined, "does not exist"],
    [{ data: { other: "a2V5" } }, "has no key secretkey"],
  ])("whose memberlist Secret is %p", async (secret, found) => {
    expect(await notPassed({ [paths.secret]: secret })).toStrictEqual([
      {
        id: "metallb.memberlist-secret",
        place: "metallb-system/memberlist",
        status: "failed",
        text: `Secret metallb-system/memberlist ${found}: a speaker that starts anew cannot`,
        remedy: heal,
      },
    ]);
  });

  it("with an invalid pool, which the speaker on node1 refuses", async () => {
    const config =
      "address-pools:\n- name: default\n  protocol: layer3\n  addresses:\n  - 192.168.1.240-192.168.1.250\n";
    const changes = {
      [paths.config]: { data: { config } },
      [paths.metrics("speaker-1")]: metrics({ stale: 1, announced: announcing("node1") }),
      [paths.log("speaker-1")]:
        `${String(healthy()[paths.log("speaker-1")])}\n{"error":"unknown protocol \\"layer3\\"","event":"configStale"}\n`,
    };
    expect(await notPassed(changes)).toStrictEqual([
      {
        id: "metallb.config",
        place: "metallb-system/config",
        status: "failed",
        text: "ConfigMap metallb-system/config: pool default has protocol layer3, declared layer2",
        remedy: heal,
      },
      {
        id: "metallb.config-taken.speaker",
        place: "node1",
        status: "failed",
        text: 'speaker on node1 keeps an older configuration: unknown protocol "layer3"',
        remedy: heal,
      },
    ]);
  });

  it.each([
    [undefined, "ConfigMap metallb-system/config does not exist"],
    [{ data: { config: "- a list" } }, "ConfigMap metallb-system/config is not the YAML that MetalLB reads"],
    [{ data: { config: "a: [" } }, "ConfigMap metallb-system/config is not the YAML that MetalLB reads"],
  ])("whose ConfigMap is %p", async (configMap, text) => {
    expect((await notPassed({ [paths.config]: configMap })).map((check) => check.text)).toStrictEqual([text]);
  });

  it("whose metrics cannot be read", async () => {
    expect(await notPassed({ [paths.metrics("speaker-2")]: undefined })).toStrictEqual([
      {
        id: "metallb.config-taken.speaker",
        place: "node2",
        status: "failed",
        text: `speaker on node2: its metrics cannot be read: the Kubernetes API answers 404: ${paths.metrics("speaker-2")} not found`,
        remedy: "see whether the API server reaches port 7472/tcp of the speaker on node2",
      },
    ]);
  });
});
