import { fault } from "../faults";
import { configuration } from "../../stacks/kube-proxy/addresses";
import { describeChanges, isRenewal, kindOf, subjectOf } from "../../day-two/differences";
import type { ResourceChange } from "../../remote/terraform/plan";

type Values = Record<string, unknown> | null;

const change = (type: string, actions: string[], before: Values, after: Values, more = {}): ResourceChange => ({
  address: `${type}.x`,
  type,
  name: "x",
  change: { actions, before, after, before_sensitive: {}, after_sensitive: {}, ...more },
});

const metadata = [{ name: "config", namespace: "metallb-system" }];
/** A change of the resource that kube-proxy's settings are. */
const ofKubeProxy = (actions: string[], before: Values, after: Values): ResourceChange => ({
  ...change("kubernetes_config_map_v1_data", actions, before, after),
  address: configuration.address,
});
const kubeProxy = (mode: string, strictARP: boolean, scheduler = "rr") => ({
  data: {
    "config.conf": `kind: KubeProxyConfiguration\nmode: ${mode}\nipvs:\n  strictARP: ${strictARP}\n  scheduler: ${scheduler}\n`,
  },
});

test.each([
  ["kubernetes_config_map_v1", "ConfigMap"],
  ["kubernetes_config_map_v1_data", "ConfigMap"],
  ["kubernetes_pod_security_policy_v1beta1", "PodSecurityPolicy"],
  ["kubernetes_cluster_role_binding_v1", "ClusterRoleBinding"],
  ["null_resource", undefined],
])("%s is the kind %s", (type, kind) => expect(kindOf(type)).toBe(kind));

test("an object is named as kubectl names it, anything else by its address", () => {
  expect(subjectOf(change("kubernetes_config_map_v1", ["create"], null, { metadata }))).toBe(
    "ConfigMap metallb-system/config",
  );
  expect(subjectOf(change("kubernetes_namespace_v1", ["create"], null, { metadata: [{ name: "a" }] }))).toBe(
    "Namespace a",
  );
  expect(subjectOf(change("null_resource", ["create"], null, {}))).toBe("null_resource.x");
});

test("a missing, an undeclared and a changed object, each in words", () => {
  const changes = [
    change("kubernetes_config_map_v1", ["create"], null, { metadata }),
    change("kubernetes_config_map_v1", ["delete"], { metadata }, null),
    change(
      "kubernetes_daemon_set_v1",
      ["update"],
      { metadata, spec: [{ template: [{ image: "a", args: ["x"] }] }] },
      { metadata, spec: [{ template: [{ image: "b", args: ["x", "y"] }] }], wait_for_rollout: false },
    ),
  ];
  expect(describeChanges(changes)).toEqual([
    "ConfigMap metallb-system/config is missing",
    "ConfigMap metallb-system/config is not declared any more",
    "DaemonSet metallb-system/config: spec.template.image is a, declared b",
    "DaemonSet metallb-system/config: spec.template.args[1] is not set, declared y",
  ]);
});

test("of several values the one that differs is told by its place, the first one too", () => {
  const ports = (...numbers: number[]) => ({ metadata, spec: [{ port: numbers.map((port) => ({ port })) }] });
  const texts = (before: Values, after: Values) =>
    describeChanges([change("kubernetes_service_v1", ["update"], before, after)]);
  expect(texts(ports(1, 2), ports(3, 2))).toEqual([
    "Service metallb-system/config: spec.port[0].port is 1, declared 3",
  ]);
  expect(texts(ports(1), ports(3))).toEqual(["Service metallb-system/config: spec.port.port is 1, declared 3"]);
});

test("a custom resource is described by the object, not by the provider's resource around it", () => {
  const manifest = { kind: "IPAddressPool", metadata: { name: "default", namespace: "metallb-system" } };
  const object = (spec: object) => ({ manifest, object: { ...manifest, spec } });
  const type = "kubernetes_manifest";
  const changes = [
    change(type, ["create"], null, { manifest, object: null }),
    change(type, ["delete"], object({}), null),
    change(
      type,
      ["update"],
      object({ addresses: ["192.168.1.1/32"], autoAssign: true }),
      object({ addresses: ["192.168.1.2/32"], autoAssign: false }),
      { after_unknown: { object: { metadata: { labels: true } } } },
    ),
  ];
  expect(describeChanges(changes)).toEqual([
    "IPAddressPool metallb-system/default is missing",
    "IPAddressPool metallb-system/default is not declared any more",
    "IPAddressPool metallb-system/default: spec.addresses is 192.168.1.1/32, declared 192.168.1.2/32",
    "IPAddressPool metallb-system/default: spec.autoAssign is true, declared false",
  ]);
});

test("kube-proxy's settings by their names; an absent mode is what kube-proxy then runs", () => {
  expect(
    describeChanges([ofKubeProxy(["update"], kubeProxy('""', false, '""'), kubeProxy("ipvs", true, "wrr"))]),
  ).toEqual([
    "kube-proxy: mode is iptables, declared ipvs",
    "kube-proxy: strictARP is false, declared true",
    "kube-proxy: scheduler is rr, declared wrr",
  ]);
  expect(describeChanges([ofKubeProxy(["create"], null, kubeProxy("ipvs", true))])).toEqual([
    "kube-proxy: its configuration is not managed yet",
  ]);
});

test("kube-proxy's further settings, of which only those that change are named", () => {
  const withIpvs = (mode: string, ipvs: string) => ({ data: { "config.conf": `mode: ${mode}\nipvs: ${ipvs}\n` } });
  const before = withIpvs("ipvs", "{ strictARP: true, scheduler: lc, excludeCIDRs: null, udpTimeout: 5s }");
  const after = withIpvs("ipvs", "{ strictARP: true, scheduler: lc, excludeCIDRs: [10.0.0.0/8, 10.1.0.0/16] }");
  expect(describeChanges([ofKubeProxy(["update"], before, after)])).toEqual([
    "kube-proxy: excludeCIDRs is none, declared 10.0.0.0/8, 10.1.0.0/16",
    "kube-proxy: udpTimeout is 5s, declared 0s",
  ]);
  const inIptables = withIpvs("iptables", "{ strictARP: true, scheduler: lc, excludeCIDRs: null, udpTimeout: 5s }");
  expect(describeChanges([ofKubeProxy(["update"], before, inIptables)])).toEqual([
    "kube-proxy: mode is ipvs, declared iptables",
  ]);
});

test("what only follows from another change is left out", () => {
  const follows = change("random_id", ["delete", "create"], {}, {});
  const triggered = {
    ...change("kubernetes_config_map_v1", ["delete", "create"], { metadata }, { metadata }),
    action_reason: "replace_by_triggers",
  };
  const cause = change("kubernetes_config_map_v1", ["create"], null, { metadata });
  expect(describeChanges([follows, triggered, cause])).toEqual(["ConfigMap metallb-system/config is missing"]);
  expect(describeChanges([follows])).toEqual(["random_id.x is to be replaced"]);
});

test("a script that runs again says why", () => {
  const triggers = (script: string, address: string) => ({ triggers: { script, address } });
  expect(
    describeChanges([
      change("null_resource", ["delete", "create"], triggers("a", "10.0.0.1"), triggers("b", "10.0.0.2")),
    ]),
  ).toEqual([
    "null_resource.x is to run again: changed since the last deploy: its script or its settings, the node's address",
  ]);
});

test("a value that only the apply will tell is no difference", () => {
  const volumes = (id?: string) => ({ metadata, spec: [{ id, size: id === undefined ? 2 : 1 }] });
  const known = { after_unknown: { spec: [{ id: true }], uid: true } };
  expect(describeChanges([change("kubernetes_daemon_set_v1", ["update"], volumes("a"), volumes(), known)])).toEqual([
    "DaemonSet metallb-system/config: spec.size is 1, declared 2",
  ]);
});

test(`${fault(190)}: a file within an object is told by what it says, and by its text where that is the same`, () => {
  const file = (range: string, comment = "") => ({
    metadata,
    data: { config: `address-pools:${comment}\n- name: default\n  addresses:\n  - ${range}\n` },
  });
  const differences = (after: object) =>
    describeChanges([change("kubernetes_config_map_v1", ["update"], file("10.0.0.1-10.0.0.9"), { ...after })]);
  expect(differences(file("10.0.0.1-10.0.0.5"))).toEqual([
    "ConfigMap metallb-system/config: data.config.address-pools.addresses is 10.0.0.1-10.0.0.9, declared 10.0.0.1-10.0.0.5",
  ]);
  expect(differences(file("10.0.0.1-10.0.0.9", " # all"))).toEqual([
    "ConfigMap metallb-system/config: data.config is address-pools: ⏎ - name: default ⏎ addresses: ⏎ - 10.0.0.1-1…, declared address-pools: # all ⏎ - name: default ⏎ addresses: ⏎ - 10.0…",
  ]);
  expect(differences({ metadata, data: { config: "a: [\nb" } })[0]).toMatch(/declared a: \[ ⏎ b$/);
});

test("a secret value is never shown", () => {
  const secret = (data: string) => ({ metadata, data: { secretkey: data } });
  const [line] = describeChanges([
    change("kubernetes_secret_v1", ["update"], secret("hush"), secret("quiet"), {
      before_sensitive: { data: true },
      after_sensitive: { data: { secretkey: true } },
    }),
  ]);
  expect(line).toBe("Secret metallb-system/config: data is not shown, declared another");
});

test("a renewed text to go back to is no drift; other original settings, or another object, are", () => {
  const kept = (settings: string, text: string) => ({
    metadata,
    data: { "settings.json": settings, "config.conf": text },
  });
  const renewed = (address: string, before: Values, after: Values, actions = ["update"]) =>
    isRenewal({ ...change("kubernetes_config_map_v1", actions, before, after), address });
  const original = "kubernetes_config_map_v1.original";
  expect(renewed(original, kept("{}", "a"), kept("{}", "b"))).toBe(true);
  expect(renewed(original, kept("{}", "a"), kept("[]", "b"))).toBe(false);
  expect(renewed(original, { ...kept("{}", "a"), metadata: [] }, kept("{}", "b"))).toBe(false);
  expect(renewed("kubernetes_config_map_v1.config", kept("{}", "a"), kept("{}", "b"))).toBe(false);
  expect(renewed(original, null, kept("{}", "b"), ["create"])).toBe(false);
});

/** A CRD that a plan makes or removes. */
const definition = (name: string, actions: string[]) => {
  const manifest = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name } };
  const [before, after] = actions[0] === "create" ? [null, { manifest }] : [{ manifest, object: manifest }, null];
  return {
    address: "kubernetes_manifest.x",
    type: "kubernetes_manifest",
    name: "x",
    change: { actions, before, after, before_sensitive: {}, after_sensitive: {} },
  };
};

test(`${fault(145)}: a kind that is missing, or would go, is told with what is lost`, () => {
  expect(
    describeChanges([
      definition("communities.metallb.io", ["create"]),
      definition("ipaddresspools.metallb.io", ["create"]),
      definition("ipaddresspools.metallb.io", ["delete"]),
    ]),
  ).toEqual([
    "CustomResourceDefinition communities.metallb.io is missing, and with it every object of its kind is lost",
    "CustomResourceDefinition ipaddresspools.metallb.io is missing, and with it every object of its kind is lost, and the controller, if it runs, takes the addresses of all Services away: docs/undo.md, section Deleted by hand",
    "CustomResourceDefinition ipaddresspools.metallb.io is not declared any more, and with it every object of its kind would be lost, and the controller, if it runs, takes the addresses of all Services away: docs/undo.md, section Deleted by hand",
  ]);
});

test(`${fault(255)}: with frr-k8s' kind go all of its BGP sessions`, () => {
  expect(describeChanges([definition("frrconfigurations.frrk8s.metallb.io", ["delete"])])).toEqual([
    "CustomResourceDefinition frrconfigurations.frrk8s.metallb.io is not declared any more, and with it every object of its kind would be lost, and all BGP sessions of frr-k8s end: docs/day-two.md, section Another bgpType",
  ]);
});
