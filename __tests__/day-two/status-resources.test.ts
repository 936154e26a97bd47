import { customResources } from "../../stacks/metallb/pools/custom-resources";
import type { MetallbVersion } from "../../stacks/metallb/release/releases";
import { resourceKinds } from "../../stacks/metallb/pools/resource-kinds";
import { connectKubernetes } from "../../remote/kubernetes/connect";
import { findStatus } from "../../day-two/status/status";
import { cluster, clusterInput } from "../cluster-fixture";
import { type Answer, ApiServer } from "../remote/kubernetes/api-server";
import { frrK8sPod } from "./frr-k8s-objects";
import { announced, liveCluster, service, speakerStart } from "./status-cluster";
import { announcedBy, resourcePath } from "./verify/healthy-resources";
import { fault } from "../faults";

describe("The status of a cluster with MetalLB 0.13 or later", () => {
  let server: ApiServer;
  afterEach(() => server.stop());

  const configOf = (version: MetallbVersion, changes: object = {}) =>
    cluster({ metallb: { ...clusterInput.metallb, version, ...changes } });
  const resources = (version: MetallbVersion): Record<string, Answer> =>
    Object.fromEntries(
      resourceKinds.map(({ kind, plural, version: api }) => [
        resourcePath(plural, api),
        { json: { items: customResources(configOf(version).metallb).filter((one) => one.kind === kind) } },
      ]),
    );
  const status = async (version: MetallbVersion, answers: Readonly<Record<string, Answer | undefined>>) => {
    const all: Record<string, Answer | undefined> = {
      ...liveCluster({ config: undefined }),
      ...resources(version),
      ...answers,
    };
    server = await ApiServer.start((path) => all[path]);
    const source = { source: "kubeconfig", path: server.kubeconfig, context: "admin" } as const;
    return findStatus(configOf(version), await connectKubernetes(source, { home: "/", environment: {} }));
  };

  /** Lines as MetalLB 0.16.2 writes them: no Service in them, and lists of addresses. */
  const logEvent = (event: string, ts: string, addresses: object) =>
    `${JSON.stringify({ caller: "main.go:496", event, level: "info", ...addresses, protocol: "layer2", ts })}\n`;
  const ips = ["192.168.1.240", "fd00::1"];
  const log = {
    text: [
      speakerStart("2026-11-24T06:49:41Z"),
      logEvent("serviceAnnounced", "2026-11-24T06:49:50Z", { ips }),
      logEvent("serviceAnnounced", "2026-11-24T06:49:51Z", { ips: ["192.168.1.241"] }),
      logEvent("serviceWithdrawn", "2026-11-24T06:49:55Z", { ip: ips }),
      logEvent("serviceAnnounced", "2026-11-24T06:49:57Z", { ips }),
      logEvent("serviceWithdrawn", "2026-11-24T06:49:59Z", { ip: ["192.168.1.241"] }),
    ].join(""),
  };
  const pods = "/api/v1/namespaces/metallb-system/pods";
  const since = { at: "2026-11-24T06:49:57Z", before: false };

  it(`${fault(251)}: names the nodes whose speaker has no frr-k8s beside it`, async () => {
    const config = configOf("0.15.2", { bgpType: "frr-k8s" });
    const all: Record<string, Answer | undefined> = { ...liveCluster({ config: undefined }), ...resources("0.15.2") };
    const daemons = { json: { items: [frrK8sPod("node1", false)] } };
    server = await ApiServer.start((path, query) =>
      query?.get("labelSelector") === "control-plane=frr-k8s" ? daemons : all[path],
    );
    const source = { source: "kubeconfig", path: server.kubeconfig, context: "admin" } as const;
    const report = await findStatus(config, await connectKubernetes(source, { home: "/", environment: {} }));
    expect(report.notes).toStrictEqual([
      "frr-k8s on node1 is not ready: its speaker announces nothing by BGP",
      "frr-k8s on rack1.node2 is missing: its speaker announces nothing by BGP",
    ]);
  });

  it("says by whom and since when an address is announced, out of metrics up to 0.15", async () => {
    const report = await status("0.15.2", { [`${pods}/speaker-1/log`]: log });
    expect(report.services.map(({ announcedBy: by }) => by)).toStrictEqual([
      [{ node: "node1", protocol: "layer2", since }],
    ]);
    expect(report.notes).toStrictEqual([]);
  });

  it("and out of the speakers' objects in 0.16, of a speaker that is not ready too", async () => {
    const report = await status("0.16.2", {
      [`${pods}/speaker-1:7472/proxy/metrics`]: { text: announced("web", "192.168.1.240", "rack1.node2") },
      [`${pods}/speaker-1/log`]: log,
      [resourcePath("servicel2statuses")]: { json: { items: [announcedBy("node1"), announcedBy("gone", "other")] } },
      "/api/v1/services": { json: { items: [service("web", "192.168.1.240"), service("other", "192.168.1.241")] } },
    });
    expect(report.services.map(({ announcedBy: by }) => by)).toStrictEqual([
      [{ node: "node1", protocol: "layer2", since }],
      [{ node: "gone", protocol: "layer2", since: undefined }],
    ]);
    expect(report.notes).toStrictEqual([]);
  });

  it("names a speaker that refuses the pools", async () => {
    const report = await status("0.15.2", {
      [`${pods}/speaker-2:7472/proxy/metrics`]: { text: "metallb_k8s_client_config_stale_bool 1\n" },
    });
    expect(report.notes).toStrictEqual([
      "the speaker on rack1.node2 refuses the address pools and goes on as before: see its log",
    ]);
  });

  it(`${fault(55)}: compares the pools in force`, async () => {
    const spec = { addresses: ["192.168.1.240-192.168.1.250"], autoAssign: false };
    const items = [{ metadata: { name: "default" }, spec }, { metadata: { name: "more" } }];
    const report = await status("0.15.2", { [resourcePath("ipaddresspools")]: { json: { items } } });
    expect(report.notes).toStrictEqual([
      "IPAddressPool default has autoAssign false, declared true: npx baremetal-lb heal",
      "IPAddressPool more is in the cluster, and not declared",
    ]);
  });

  it("says where nothing is deployed that knows pools", async () => {
    const report = await status("0.15.2", { [resourcePath("ipaddresspools")]: undefined });
    expect(report.notes).toStrictEqual([
      "the cluster does not know the kinds of MetalLB's address pools: npx cdktf deploy '*'",
    ]);
  });

  it("knows both names of the annotation with which Services share an address, the newer one first", async () => {
    const named = (name: string, annotations: object) => {
      const one = service(name, "192.168.1.240");
      return { ...one, metadata: { ...one.metadata, annotations } };
    };
    const [older, newer] = ["metallb.universe.tf/allow-shared-ip", "metallb.io/allow-shared-ip"];
    const items = [named("web", { [newer]: "a", [older]: "b" }), named("api", { [older]: "a" })];
    const report = await status("0.15.2", { "/api/v1/services": { json: { items } } });
    expect(report.pools.map(({ conflicts }) => conflicts)).toStrictEqual([[]]);
  });
});
