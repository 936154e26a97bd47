import type { MetallbVersion } from "../../../stacks/metallb/release/releases";
import { crdVersions } from "../../stacks/metallb/upstream-sources";
import { metrics, type Objects, paths } from "./healthy-cluster";
import {
  announcedBy,
  healthyWith,
  liveResources,
  metallbOf,
  metricsPath,
  resourcePath,
  state,
  webhookPath,
} from "./healthy-resources";
import { checksOf, notPassed } from "./looked-at";
import { fault } from "../../faults";

const heal = "npx baremetal-lb heal";
const pools = resourcePath("ipaddresspools");
const advertisements = resourcePath("l2advertisements");
const peers = resourcePath("bgppeers", "v1beta2");
const peer = { peerAddress: "10.0.0.1", peerASN: 64501, myASN: 64500 };

const found = (version: MetallbVersion, changes: Objects) =>
  notPassed(changes, metallbOf(version), healthyWith(version));

test.each(crdVersions)("MetalLB %s as declared: every check of it passes", async (version) => {
  const checks = await checksOf({}, metallbOf(version), healthyWith(version));
  expect(checks.filter(({ status }) => status !== "passed")).toStrictEqual([]);
  const texts = checks.filter(({ id }) => /^(metallb|service)\./.test(id)).map(({ id, text }) => `${id} | ${text}`);
  expect(texts).toStrictEqual([
    "metallb.namespace | namespace metallb-system exists",
    `metallb.controller | the controller is ready, with the image quay.io/metallb/controller:v${version}`,
    "metallb.speakers | DaemonSet metallb-system/speaker is rolled out, 2 of 2 speakers are available",
    `metallb.speaker | speaker on node1 is ready, with the image quay.io/metallb/speaker:v${version}`,
    `metallb.speaker | speaker on node2 is ready, with the image quay.io/metallb/speaker:v${version}`,
    "metallb.memberlist-secret | Secret metallb-system/memberlist has the key secretkey",
    "metallb.config | IPAddressPool default is as declared",
    "metallb.config | L2Advertisement default is as declared",
    "metallb.webhook | ValidatingWebhookConfiguration metallb-webhook-configuration has its CA",
    "metallb.config-taken.controller | controller on node2 has taken the configuration",
    "metallb.config-taken.speaker | speaker on node1 has taken the configuration",
    "metallb.config-taken.speaker | speaker on node2 has taken the configuration",
    "metallb.memberlist | speaker on node1 counts 2 of 2 speakers as members",
    "metallb.memberlist | speaker on node2 counts 2 of 2 speakers as members",
    "service.address | Service default/web has 192.168.1.240, of the pool default",
    "service.announced | node1 announces 192.168.1.240 of Service default/web (layer2)",
  ]);
});

describe("the custom resources", () => {
  const pool = (spec: object, name = "default") => ({ metadata: { name }, spec });

  it("with what the API server fills in are as declared", async () => {
    const spec = { addresses: ["192.168.1.240-192.168.1.250"], autoAssign: true, avoidBuggyIPs: false };
    expect(await found("0.15.2", { [pools]: { items: [pool(spec)] } })).toStrictEqual([]);
  });

  it(`${fault(55)}: that were edited, are missing, or nobody declared: one check for each kind, and for each stranger`, async () => {
    const changes = {
      [pools]: {
        items: [
          pool({ addresses: ["192.168.1.240-192.168.1.249"], autoAssign: false, avoidBuggyIPs: false }),
          pool({ addresses: ["10.0.0.0/24"] }, "more"),
        ],
      },
      [advertisements]: { items: [] },
    };
    expect(await found("0.15.2", changes)).toStrictEqual([
      {
        id: "metallb.config",
        place: "metallb-system/ipaddresspools",
        status: "failed",
        text: "IPAddressPool default has addresses 192.168.1.240-192.168.1.249, declared 192.168.1.240-192.168.1.250; IPAddressPool default has autoAssign false, declared true",
        remedy: heal,
      },
      {
        id: "metallb.undeclared",
        place: "metallb-system/ipaddresspools/more",
        status: "failed",
        text: "IPAddressPool more is not declared, and MetalLB takes it like the others",
        remedy: "declare it in cluster.yaml, or kubectl -n metallb-system delete ipaddresspools/more",
      },
      {
        id: "metallb.config",
        place: "metallb-system/l2advertisements",
        status: "failed",
        text: "L2Advertisement default is missing",
        remedy: heal,
      },
    ]);
  });

  it(`${fault(207)}: a router's password is seen, and not shown`, async () => {
    const declared = { pools: [{ name: "public", protocol: "bgp", addresses: ["192.168.1.240/29"] }], peers: [peer] };
    const objects = healthyWith("0.15.2", declared);
    const [live] = (objects[peers] as { items: { spec: object }[] }).items;
    const items = [{ ...live, spec: { ...live?.spec, password: "hunter2" } }];
    const checks = await notPassed({ [peers]: { items } }, metallbOf("0.15.2", declared), objects);
    expect(checks.filter(({ place }) => place === "metallb-system/bgppeers").map(({ text }) => text)).toStrictEqual([
      "BGPPeer 10-0-0-1 has password, which is not shown, and is not as declared",
    ]);
  });

  it("of routers: profiles, peers and communities are compared too", async () => {
    const declared = {
      bgpType: "frr",
      pools: [{ name: "public", protocol: "bgp", addresses: ["192.168.1.240/29"], bgpAdvertisements: [{}] }],
      peers: [{ peerAddress: "10.0.0.1", peerASN: 64501, myASN: 64500, bfdProfile: "fast" }],
      bfdProfiles: [{ name: "fast", receiveInterval: 100 }],
      bgpCommunities: { blue: "64500:1" },
    };
    const healthy = {
      ...healthyWith("0.15.2", declared),
      [paths.services]: { items: [] },
    };
    const check = (changes: Objects) => notPassed(changes, metallbOf("0.15.2", declared), healthy);
    const skipped = {
      id: "service.address",
      place: "cluster",
      status: "skipped",
      text: "there is no LoadBalancer Service",
    };
    expect(await check({})).toStrictEqual([skipped]);
    const live = liveResources(metallbOf("0.15.2", declared).metallb);
    const [peer] = (live[resourcePath("bgppeers", "v1beta2")] as { items: [{ metadata: object; spec: object }] }).items;
    const texts = await check({
      [resourcePath("bgppeers", "v1beta2")]: {
        items: [{ ...peer, spec: { ...peer.spec, peerPort: 1179, disableMP: false } }],
      },
      [resourcePath("bfdprofiles")]: { items: [] },
      [resourcePath("communities")]: { items: [] },
    });
    expect(texts.filter(({ status }) => status === "failed").map(({ text }) => text)).toStrictEqual([
      "BFDProfile fast is missing",
      "BGPPeer 10-0-0-1 has peerPort 1179, declared 179",
      "Community cluster-communities is missing",
    ]);
  });

  it("whose kind the cluster does not know", async () => {
    expect(await found("0.15.2", { [pools]: undefined })).toStrictEqual([
      {
        id: "metallb.config",
        place: "metallb-system/ipaddresspools",
        status: "failed",
        text: "the cluster does not know the kind IPAddressPool",
        remedy: "npx cdktf deploy '*'",
      },
    ]);
  });
});

describe("the webhook", () => {
  const name = "ValidatingWebhookConfiguration metallb-webhook-configuration";
  it.each([
    [undefined, `${name} does not exist: nobody judges the pools`, heal],
    [
      { webhooks: [{ clientConfig: { caBundle: "Q0E=" } }, { clientConfig: {} }] },
      `${name}: 1 of 2 webhooks have no CA, so that no change of a pool is let in`,
      "see the controller's log; it writes the CA when it starts",
    ],
    [
      {},
      `${name}: 0 of 0 webhooks have no CA, so that no change of a pool is let in`,
      "see the controller's log; it writes the CA when it starts",
    ],
  ])("that is %j", async (webhook, text, remedy) => {
    expect(await found("0.15.2", { [webhookPath]: webhook })).toStrictEqual([
      { id: "metallb.webhook", place: "metallb-webhook-configuration", status: "failed", text, remedy },
    ]);
  });
});

describe("a pod that did not take the configuration", () => {
  it("up to 0.15 says so in its metrics, and why in its log", async () => {
    const log = `{"controller":"ConfigReconciler","error":"CIDR is already in use","level":"error"}\n`;
    const healthy = healthyWith("0.15.2");
    const changes = {
      [metricsPath("speaker-2", 7472)]: metrics({ stale: 1 }),
      [paths.log("speaker-2")]: `${String(healthy[paths.log("speaker-2")])}\n${log}`,
    };
    expect(await found("0.15.2", changes)).toStrictEqual([
      {
        id: "metallb.config-taken.speaker",
        place: "node2",
        status: "failed",
        text: "speaker on node2 keeps an older configuration: CIDR is already in use",
        remedy: heal,
      },
    ]);
  });

  it("of 0.16 says so in its ConfigurationState; one that another pod wrote counts for nothing", async () => {
    const refused = { type: "configReconcilerValid", status: "False", message: "configuration error: no such peer" };
    const items = [
      state("controller", "controller-of-before"),
      state("speaker-node1", "speaker-1", { type: "other", status: "True" }, refused),
      state("speaker-node2", "speaker-2"),
    ];
    expect(await found("0.16.2", { [resourcePath("configurationstates")]: { items } })).toStrictEqual([
      {
        id: "metallb.config-taken.controller",
        place: "node2",
        status: "failed",
        text: "controller on node2 has not said yet whether it takes the configuration (ConfigurationState controller)",
        remedy: "see the log of the controller on node2",
      },
      {
        id: "metallb.config-taken.speaker",
        place: "node1",
        status: "failed",
        text: "speaker on node1 keeps an older configuration: configuration error: no such peer",
        remedy: heal,
      },
    ]);
  });
});

describe("who announces, in 0.16 by the objects that speakers write", () => {
  const statuses = resourcePath("servicel2statuses");
  it.each([
    [
      [announcedBy("node1"), announcedBy("node2")],
      "2 nodes announce 192.168.1.240 of Service default/web: node1 and node2",
    ],
    [[announcedBy("node1", "other")], "no node announces 192.168.1.240 of Service default/web"],
  ])("%#: two, and nobody", async (items, text) => {
    const ready = { [paths.endpoints]: { subsets: [{ addresses: [{ ip: "10.244.1.2" }] }] } };
    const checks = await found("0.16.2", { [statuses]: { items }, ...ready });
    expect(checks.map((check) => check.text)).toStrictEqual([text]);
  });
});
