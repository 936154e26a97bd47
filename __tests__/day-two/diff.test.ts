import { diffReport } from "../../day-two/diff";
import type { ResourceChange } from "../../remote/terraform/plan";
import { configuration, nodeProof, restartId } from "../../stacks/kube-proxy/addresses";
import { preparedNode } from "../../stacks/nodes/addresses";
import { cluster } from "../cluster-fixture";
import { fault } from "../faults";

const config = cluster();
const [master = "", worker = ""] = config.nodes.map(({ name }) => name);

const change = (address: string, actions: string[], before: object | null, after: object | null, more = {}) =>
  ({
    address,
    type: address.split(".")[0] ?? "",
    name: address.split(".")[1] ?? "",
    change: { actions, before, after, before_sensitive: {}, after_sensitive: {}, ...more },
  }) as ResourceChange;

const stack = (name: string) => ({ name, folder: `/nowhere/${name}` });
const planned = (name: string, changes: ResourceChange[], url?: string) => ({
  stack: stack(name),
  plan: {
    stack: stack(name),
    options: { out: "/nowhere/plan" },
    changes,
    deployed: true,
    ...(url !== undefined && { run: { id: "run-1", hostname: "tfe.example.com", url } }),
  },
});

const metadata = [{ name: "config", namespace: "metallb-system" }];
const pools = (range: string) => ({ metadata, data: { config: `addresses: [${range}]` } });
const ofPool = (to: string, more = {}) =>
  change("kubernetes_config_map_v1.config", ["update"], pools("10.0.0.1-10.0.0.9"), pools(to), more);
const ofMode = (mode: string) => ({ data: { "config.conf": `mode: ${mode}\n` } });

test(`${fault(190)}: what changes, what follows from it, and what happens on each node`, () => {
  const triggers = (script: string) => ({ triggers: { script } });
  const report = diffReport(config, [
    planned("nodes", [
      change(preparedNode(worker).address, ["delete", "create"], triggers("a"), triggers("b")),
      change("null_resource.gone", ["delete"], {}, null),
    ]),
    planned("kube-proxy", [
      change(configuration.address, ["update"], ofMode("ipvs"), ofMode("iptables")),
      change(restartId.address, ["delete", "create"], {}, {}),
      change(nodeProof(master).address, ["delete", "create"], {}, {}),
      change(nodeProof(worker).address, ["create"], null, {}),
    ]),
    planned("metallb", [], "https://tfe.example.com/app/acme/workspaces/search-metallb/runs/run-1"),
  ]);
  expect(report).toEqual({
    cluster: config.name,
    status: "changes",
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    stacks: [
      {
        stack: "nodes",
        status: "changes",
        changes: ["null_resource.gone is removed"],
        consequences: [],
        nodes: [
          {
            node: worker,
            changes: ["its preparation runs again: changed since the last deploy: its script or its settings"],
          },
        ],
      },
      {
        stack: "kube-proxy",
        status: "changes",
        changes: ["kube-proxy: mode changes from ipvs to iptables"],
        consequences: ["the restart of kube-proxy, node by node, runs again"],
        nodes: [
          { node: master, changes: ["the proof of kube-proxy runs again"] },
          { node: worker, changes: ["the proof of kube-proxy runs for the first time"] },
        ],
      },
      {
        stack: "metallb",
        status: "unchanged",
        changes: [],
        consequences: [],
        nodes: [],
        url: "https://tfe.example.com/app/acme/workspaces/search-metallb/runs/run-1",
      },
    ],
  });
});

test("a whole object that comes or goes, and one that is taken over", () => {
  const [metallb] = diffReport(config, [
    planned("metallb", [
      change("kubernetes_config_map_v1.config", ["create"], null, { metadata }),
      change("kubernetes_config_map_v1.old", ["delete"], { metadata }, null),
      change("kubernetes_config_map_v1.new", ["delete", "create"], { metadata }, { metadata }),
      change("kubernetes_config_map_v1.there", ["no-op"], { metadata }, { metadata }, { importing: { id: "a" } }),
      change(configuration.address, ["create"], null, ofMode("ipvs")),
    ]),
  ]).stacks;
  expect(metallb?.changes).toEqual([
    "ConfigMap metallb-system/config is created",
    "ConfigMap metallb-system/config is removed",
    "ConfigMap metallb-system/config is replaced",
    "ConfigMap metallb-system/config is taken into Terraform's state",
    "kube-proxy: its configuration is written for the first time",
  ]);
});

describe("a stack that cannot be planned", () => {
  const waiting = { stack: stack("metallb"), error: "Deploy the stack kube-proxy first." };
  const unknownKind = { stack: stack("address-pools"), error: "no matches for kind IPAddressPool" };
  const statuses = (outcomes: Parameters<typeof diffReport>[1]) =>
    diffReport(config, outcomes).stacks.map(({ stack: name, status, waitsFor }) => [name, status, waitsFor]);

  test(`${fault(190)}: waits for those before it that have changes, and lacks what they make`, () => {
    const outcomes = [planned("metallb-crds", [ofPool("10.0.0.2")]), planned("nodes", []), unknownKind];
    expect(statuses(outcomes)).toEqual([
      ["metallb-crds", "changes", undefined],
      ["nodes", "unchanged", undefined],
      ["address-pools", "waits", ["metallb-crds"]],
    ]);
    expect(diffReport(config, outcomes).status).toBe("waits");
  });

  test(`${fault(190)}: has failed where none of those before it changes, or for another reason`, () => {
    expect(statuses([planned("metallb-crds", []), unknownKind])[1]).toEqual(["address-pools", "failed", undefined]);
    const refused = { stack: stack("metallb"), error: "No pool holds the address of default/web." };
    expect(statuses([planned("kube-proxy", [ofPool("10.0.0.2")]), refused])[1]).toEqual([
      "metallb",
      "failed",
      undefined,
    ]);
    expect(diffReport(config, [planned("kube-proxy", [ofPool("10.0.0.2")]), refused]).status).toBe("failed");
  });

  test("names its reason", () => {
    expect(diffReport(config, [waiting]).stacks).toEqual([
      { stack: "metallb", status: "failed", changes: [], consequences: [], nodes: [], error: waiting.error },
    ]);
  });
});

describe("the fingerprint", () => {
  const of = (...changes: ResourceChange[]) => diffReport(config, [planned("metallb", changes)]).fingerprint;
  const before = of(ofPool("10.0.0.2"));

  test(`${fault(191)}: is the same for plans that would do the same, in whatever order they tell it`, () => {
    const other = change("kubernetes_config_map_v1.b", ["delete"], { metadata, generation: 1 }, null);
    const later = change("kubernetes_config_map_v1.b", ["delete"], { metadata, generation: 2 }, null);
    expect(of(ofPool("10.0.0.2"), other)).toBe(of(later, ofPool("10.0.0.2")));
    const onlyAfterApply = { after_unknown: { metadata: true } };
    const renamed = change(
      "kubernetes_config_map_v1.config",
      ["update"],
      { ...pools("10.0.0.1-10.0.0.9"), metadata: [{ resource_version: "7" }] },
      pools("10.0.0.2"),
      onlyAfterApply,
    );
    expect(of(renamed)).toBe(before);
  });

  test(`${fault(191)}: is another one for another value, however long it is, another action, address or stack`, () => {
    const long = "1".repeat(100);
    const others = [
      of(ofPool("10.0.0.3")),
      of(ofPool(`${long}2`)),
      of(ofPool(`${long}3`)),
      of({ ...ofPool("10.0.0.2"), address: "kubernetes_config_map_v1.b" }),
      of(change("kubernetes_config_map_v1.config", ["delete"], pools("10.0.0.2"), null)),
      of(),
      diffReport(config, [planned("nodes", [ofPool("10.0.0.2")])]).fingerprint,
      diffReport(config, [{ stack: stack("metallb"), error: "a" }]).fingerprint,
    ];
    expect(new Set([before, ...others]).size).toBe(others.length + 1);
  });

  test("knows of a sensitive value only that it changes", () => {
    const hidden = { before_sensitive: { data: true }, after_sensitive: { data: true } };
    expect(of(ofPool("10.0.0.2", hidden))).toBe(of(ofPool("10.0.0.3", hidden)));
    expect(of(ofPool("10.0.0.2", hidden))).not.toBe(before);
  });
});
