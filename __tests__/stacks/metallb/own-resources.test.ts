import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { summarize } from "../../../cli/cluster-summary";
import { inspectCluster, loadCluster } from "../../../cluster/load";
import type { ClusterConfig } from "../../../cluster/schema";
import { compareConfiguration } from "../../../day-two/metallb/configuration";
import type { LiveResource } from "../../../day-two/metallb/live-resources";
import { declaredPools } from "../../../day-two/metallb/live-pools";
import { poolStatus } from "../../../day-two/status/pools";
import { serviceStatus } from "../../../day-two/status/services";
import { losingServices } from "../../../day-two/upgrade/services";
import { operatorObjects } from "../../../stacks/metallb/monitoring/monitoring-objects";
import { monitoringSchema } from "../../../stacks/metallb/schema/monitoring";
import { AddressPoolsStack } from "../../../stacks/metallb/address-pools-stack";
import { MetallbStack } from "../../../stacks/metallb/metallb-stack";
import { customResources } from "../../../stacks/metallb/pools/custom-resources";
import { edited } from "../../cluster/sample";
import { asLive } from "../../day-two/init/clusters";
import { fault } from "../../faults";
import { type JsonObject, synthesisedOnce } from "../../synthesised";
import { upstreamManifest } from "./upstream-manifest";

const router = `---
apiVersion: metallb.io/v1beta2
kind: BGPPeer
metadata:
  name: tor
spec: { peerAddress: 192.168.1.1, peerASN: 64501, myASN: 64500 }
`;
const own = `apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata:
  name: by-label
spec:
  ipAddressPoolSelectors:
    - matchLabels: { zone: a }
  interfaces: [eth1]
---
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata:
  name: web.example
  namespace: metallb-system
  labels: { zone: a }
spec:
  addresses: [192.168.1.200-192.168.1.209]
  autoAssign: false
`;

describe("own resources, from files beside cluster.yaml", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
    mkdirSync(join(folder, "metallb"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = () => join(folder, "cluster.yaml");
  function load(): ClusterConfig {
    writeFileSync(join(folder, "metallb", "own.yaml"), own + router);
    writeFileSync(
      file(),
      edited(
        ["version: 0.9.5", "version: 0.15.3"],
        ['version: "1.18"', 'version: "1.33"'],
        [
          "        - 192.168.1.240-192.168.1.250",
          "        - 192.168.1.240-192.168.1.250\n  resources: [metallb/own.yaml]",
        ],
      ),
    );
    return loadCluster(file());
  }
  const stackOf = (config: ClusterConfig) =>
    synthesisedOnce(AddressPoolsStack, "address-pools", { ...config, manifest: upstreamManifest("0.15.3") });

  test(`${fault(272)}: become resources of address-pools like its pools: as they are written, with its proof`, () => {
    const { resource, locals } = stackOf(load());
    const manifests = resource.kubernetes_manifest ?? {};
    expect(Object.keys(manifests)).toStrictEqual([
      "bgppeer-tor",
      "ipaddresspool-default",
      "ipaddresspool-web_example",
      "l2advertisement-by-label",
      "l2advertisement-default",
    ]);
    expect(manifests["ipaddresspool-web_example"]).toStrictEqual({
      ...manifests["ipaddresspool-default"],
      manifest: {
        apiVersion: "metallb.io/v1beta1",
        kind: "IPAddressPool",
        metadata: { name: "web.example", namespace: "metallb-system", labels: { zone: "a" } },
        spec: { addresses: ["192.168.1.200-192.168.1.209"], autoAssign: false },
      },
    });
    expect(manifests["l2advertisement-by-label"]).toMatchObject({
      manifest: { spec: { ipAddressPoolSelectors: [{ matchLabels: { zone: "a" } }], interfaces: ["eth1"] } },
      depends_on: [
        "null_resource.webhook-gate",
        "kubernetes_manifest.bgppeer-tor",
        "kubernetes_manifest.ipaddresspool-default",
        "kubernetes_manifest.ipaddresspool-web_example",
      ],
    });
    expect(JSON.stringify(resource.null_resource?.taken)).toContain("kubernetes_manifest.l2advertisement-by-label");
    // Services with addresses of its pools keep them.
    expect(locals["pool-ranges"]).toMatch(/^\$\{\[\{[^}]*\}, \{ ipv6 = false, first = 3232235976, last = 3232235985,/);
  });

  test(`${fault(272)}: metallb is refused while a pool of theirs is missing, as while one of cluster.yaml is`, () => {
    const { data } = synthesisedOnce(MetallbStack, "metallb", { ...load(), manifest: upstreamManifest("0.15.3") });
    const lifecycle = data.kubernetes_resources?.["address-pools"]?.lifecycle as JsonObject;
    expect(JSON.stringify(lifecycle)).toContain('setsubtract([\\"default\\", \\"web.example\\"]');
  });

  test(`${fault(272)}: are compared, counted and shown as pools are`, () => {
    const config = load();
    const { metallb } = config;
    expect(summarize(config).pools).toStrictEqual([
      { name: "default", protocol: "layer2", addresses: ["192.168.1.240-192.168.1.250"], autoAssign: true, size: "11" },
      {
        name: "web.example",
        protocol: "layer2",
        addresses: ["192.168.1.200-192.168.1.209"],
        autoAssign: false,
        size: "10",
      },
    ]);
    expect(poolStatus(metallb, [], []).map(({ name, free }) => ({ name, free }))).toStrictEqual([
      { name: "default", free: "11" },
      { name: "web.example", free: "10" },
    ]);
    expect(declaredPools(metallb).pools[1]?.announcements.map(({ subject }) => subject)).toStrictEqual([
      "L2Advertisement by-label",
    ]);
    const live = (kind: string) =>
      customResources(metallb)
        .filter((one) => one.kind === kind)
        .map((one) => asLive(one) as LiveResource);
    const found = {
      resources: {
        ipaddresspools: live("IPAddressPool").map(({ spec, ...rest }) => ({
          ...rest,
          spec: { ...spec, ...(rest.metadata.name === "web.example" && { autoAssign: true }) },
        })),
        l2advertisements: live("L2Advertisement"),
        bgppeers: live("BGPPeer"),
      },
    };
    const parts = compareConfiguration(found, { namespace: "metallb-system", configMap: "config" }, metallb);
    expect(parts.flatMap(({ differences, undeclared }) => [...differences, ...undeclared])).toStrictEqual([
      "IPAddressPool web.example has autoAssign true, declared false",
    ]);
  });

  test(`${fault(272)}: count for Services, alerts and versions as what cluster.yaml has does`, () => {
    const config = load();
    const service = {
      metadata: { namespace: "shop", name: "web" },
      spec: { type: "LoadBalancer" },
      status: { loadBalancer: { ingress: [{ ip: "192.168.1.200" }] } },
    };
    expect(losingServices([service], config.metallb)).toStrictEqual([]);
    const announcements = { found: [], complete: false, notes: [] };
    const { status, notes } = serviceStatus([service], config, { announcements, nodes: [] });
    expect({ pools: status.map(({ pool }) => pool), notes }).toStrictEqual({ pools: ["web.example"], notes: [] });
    expect(summarize(config).bgp?.peers.map(({ name }) => name)).toStrictEqual(["tor"]);
    const monitoring = monitoringSchema.parse({ rules: true });
    const rules = JSON.stringify(operatorObjects({ ...config.metallb, monitoring }));
    expect(rules).toContain("MetalLBBGPSessionDown");
  });

  test(`${fault(272)}: a file that is missing is an error of check, and of synthesis`, () => {
    load();
    rmSync(join(folder, "metallb", "own.yaml"));
    const { problems, config } = inspectCluster(file());
    expect(config).toBeUndefined();
    expect(problems.map(({ path, line, given }) => ({ path, line, given }))).toStrictEqual([
      { path: "metallb.resources[0]", line: 25, given: '"metallb/own.yaml", which does not exist' },
    ]);
    expect(() => loadCluster(file())).toThrow('given "metallb/own.yaml", which does not exist');
  });
});
