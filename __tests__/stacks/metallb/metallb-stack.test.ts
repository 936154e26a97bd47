import { createHash } from "node:crypto";
import { assignedAddresses, strandedAddresses } from "../../../stacks/metallb/constructs/address-expressions";
import { MetallbStack } from "../../../stacks/metallb/metallb-stack";
import { cluster, clusterInput } from "../../cluster-fixture";
import { fault } from "../../faults";
import { addresses, type JsonObject, type Synthesised, synthesisedOnce } from "../../synthesised";

const metallbStack = (
  kubernetesVersion: string,
  version = "0.9.6",
  metallb: JsonObject = {},
  kubeProxy: unknown = {},
) => {
  const config = cluster({
    kubernetes: { ...clusterInput.kubernetes, version: kubernetesVersion },
    metallb: { ...clusterInput.metallb, version, ...metallb },
    kubeProxy,
  });
  return synthesisedOnce(MetallbStack, "metallb", config);
};
const resources = (kubernetesVersion: string, version?: string) => metallbStack(kubernetesVersion, version).resource;

interface Deployment {
  readonly spec: { readonly template: { readonly metadata: { readonly annotations: JsonObject } } };
}

// These names are in every user's state. A changed one destroys and creates: it needs a move and a changelog line.
const everywhere = [
  "data.kubernetes_config_map_v1.kube-proxy-proof",
  "data.kubernetes_resources.all-namespaces",
  "data.kubernetes_resources.bindings-by-chart",
  "data.kubernetes_resources.bindings-by-manifest",
  "data.kubernetes_resources.daemon-sets-by-chart",
  "data.kubernetes_resources.daemon-sets-by-manifest",
  "data.kubernetes_resources.deployments-by-chart",
  "data.kubernetes_resources.deployments-by-manifest",
  "data.kubernetes_resources.kube-proxy",
  "data.kubernetes_resources.services",
  "kubernetes_cluster_role_binding_v1.controller",
  "kubernetes_cluster_role_binding_v1.speaker",
  "kubernetes_cluster_role_v1.controller",
  "kubernetes_cluster_role_v1.speaker",
  "kubernetes_config_map_v1.config",
  "kubernetes_daemon_set_v1.speaker",
  "kubernetes_deployment_v1.controller",
  "kubernetes_namespace_v1.namespace",
  "kubernetes_role_binding_v1.config-watcher",
  "kubernetes_role_binding_v1.pod-lister",
  "kubernetes_role_v1.config-watcher",
  "kubernetes_role_v1.pod-lister",
  "kubernetes_secret_v1.memberlist",
  "kubernetes_service_account_v1.controller",
  "kubernetes_service_account_v1.speaker",
  "null_resource.rollout",
  "random_password.memberlist",
];
const policies = [
  "kubernetes_pod_security_policy_v1beta1.controller",
  "kubernetes_pod_security_policy_v1beta1.speaker",
];

describe("MetallbStack", () => {
  test.each(["1.18", "1.24.17"])("on Kubernetes %s has these addresses", (version) => {
    expect(addresses(metallbStack(version))).toStrictEqual([...everywhere, ...policies].sort());
  });

  test.each(["1.25.0", "1.35"])("on Kubernetes %s has these addresses, and no PodSecurityPolicy", (version) => {
    expect(addresses(metallbStack(version))).toStrictEqual(everywhere);
  });

  test("of 0.11 and later has a Role of the controller's beside them", () => {
    for (const version of ["0.11.0", "0.12.1"]) {
      expect(addresses(metallbStack("1.35", version))).toStrictEqual(
        [...everywhere, "kubernetes_role_binding_v1.controller", "kubernetes_role_v1.controller"].sort(),
      );
    }
  });

  test(`${fault(39)}: a controller of 0.11 and later starts when it may look for the memberlist's Secret`, () => {
    const { depends_on: dependsOn } = resources("1.35", "0.12.1").kubernetes_deployment_v1?.controller ?? {};
    expect(dependsOn).toEqual(
      expect.arrayContaining([
        "kubernetes_role_v1.controller",
        "kubernetes_role_binding_v1.controller",
        "kubernetes_secret_v1.memberlist",
      ]),
    );
  });

  test.each([
    ["1.24.17", "0.9.6", { 7472: 7472 }],
    ["1.24.17", "0.12.1", { 7472: 7472, 7947: 7947 }],
    ["1.28.0", "0.12.1", { 7472: undefined, 7947: undefined }],
  ])(
    `${fault(113)}, ${fault(196)}: on Kubernetes %s the speaker of %s has these ports of the host, also where the memberlist has another one`,
    (kubernetes, version, ports) => {
      const speaker = { memberlist: { bindPort: 7947 } };
      const { resource } = metallbStack(kubernetes, version, { speaker });
      const { spec } = resource.kubernetes_daemon_set_v1?.speaker as never as {
        spec: { template: { spec: { container: { port: { container_port: number; host_port?: number }[] }[] } } };
      };
      const [container] = spec.template.spec.container;
      const found = container?.port.map((one) => [one.container_port, one.host_port]) ?? [];
      expect(Object.fromEntries(found)).toStrictEqual(ports);
      const policy = resource.kubernetes_pod_security_policy_v1beta1?.speaker?.spec as
        { host_ports: { min: number; max: number }[] } | undefined;
      const allowed = Object.values(ports).flatMap((port) => (port === undefined ? [] : [{ min: port, max: port }]));
      expect(policy?.host_ports ?? []).toStrictEqual(allowed);
    },
  );

  test.each([
    ["1.18", false],
    ["1.22", false],
    ["1.23", true],
    ["1.24.17", true],
    ["1.35", true],
  ])(
    `${fault(114)}: on Kubernetes %s the namespace's labels let the speaker in where they mean something`,
    (version, labelled) => {
      const { labels } = resources(version).kubernetes_namespace_v1?.namespace?.metadata as { labels: JsonObject };
      const privileged = {
        "pod-security.kubernetes.io/audit": "privileged",
        "pod-security.kubernetes.io/enforce": "privileged",
        "pod-security.kubernetes.io/warn": "privileged",
      };
      expect(labels).toStrictEqual({ app: "metallb", ...(labelled && privileged) });
    },
  );

  test.each([
    ["1.18", 7472],
    ["1.27.16", 7472],
    ["1.28.0", undefined],
    ["1.35", undefined],
  ])(
    `${fault(113)}: on Kubernetes %s the speaker's port of the host is %s, as its API server leaves it`,
    (version, port) => {
      const { spec } = resources(version).kubernetes_daemon_set_v1?.speaker as never as {
        spec: { template: { spec: { container: { port: { host_port?: number }[] }[] } } };
      };
      expect(spec.template.spec.container.map((container) => container.port.map((one) => one.host_port))).toEqual([
        [port],
      ]);
    },
  );

  test.each(["kubernetes_daemon_set_v1.speaker", "kubernetes_deployment_v1.controller"])(
    `${fault(39)}: %s starts when all that it needs is there`,
    (workload) => {
      // given
      const [type = "", name = ""] = workload.split(".");
      const needed = [...everywhere, ...policies].filter(
        (address) => !/^data|daemon_set|deployment|random_password|namespace|null_resource/.test(address),
      );

      // when
      const dependsOn = resources("1.18")[type]?.[name]?.depends_on as string[];

      // then: the namespace comes before them, see below; the key before the Secret that refers to it
      expect([...dependsOn].sort()).toStrictEqual(needed.sort());
    },
  );

  test(`${fault(34)}: no workload's resource waits, so that one that is never ready stays out of the way of the next apply`, () => {
    const { kubernetes_daemon_set_v1: speakers, kubernetes_deployment_v1: controllers } = resources("1.35");
    expect(speakers?.speaker?.wait_for_rollout).toBe(false);
    expect(controllers?.controller?.wait_for_rollout).toBe(false);
  });

  test(`${fault(39)}: what is in the namespace is made after it`, () => {
    // given
    const made = Object.entries(resources("1.18")).flatMap(([type, byName]) =>
      Object.entries(byName).map(([name, block]) => ({ address: `${type}.${name}`, block })),
    );
    const dependsOn = (address: string): string[] => {
      const direct = (made.find((one) => one.address === address)?.block.depends_on ?? []) as string[];
      return [...direct, ...direct.flatMap(dependsOn)];
    };

    // when
    const inside = made.filter(
      ({ block }) => (block.metadata as JsonObject | undefined)?.namespace === "metallb-system",
    );

    // then
    expect(inside).toHaveLength(10);
    expect(inside.filter(({ address }) => !dependsOn(address).includes("kubernetes_namespace_v1.namespace"))).toEqual(
      [],
    );
  });

  test("of 0.9.5 differs from 0.9.6 in the tags of the two images only", () => {
    // given
    const [older, newer] = ["0.9.5", "0.9.6"].map((version) => JSON.stringify(resources("1.18", version)));

    // then
    expect(older?.match(/[^"]*0\.9\.5[^"]*/g)).toStrictEqual([
      "docker.io/metallb/speaker:v0.9.5",
      "docker.io/metallb/controller:v0.9.5",
    ]);
    expect(older?.replaceAll("v0.9.5", "v0.9.6")).toBe(newer);
  });

  test(`${fault(39)}, ${fault(34)}, ${fault(112)}: proves the rollout on a control-plane node, again whenever an object is made or changed`, () => {
    const objects = [
      "kubernetes_service_account_v1.controller",
      "kubernetes_service_account_v1.speaker",
      "kubernetes_cluster_role_v1.controller",
      "kubernetes_cluster_role_binding_v1.controller",
      "kubernetes_cluster_role_v1.speaker",
      "kubernetes_cluster_role_binding_v1.speaker",
      "kubernetes_role_v1.config-watcher",
      "kubernetes_role_binding_v1.config-watcher",
      "kubernetes_role_v1.pod-lister",
      "kubernetes_role_binding_v1.pod-lister",
      "kubernetes_secret_v1.memberlist",
      "kubernetes_config_map_v1.config",
      "kubernetes_daemon_set_v1.speaker",
      "kubernetes_deployment_v1.controller",
    ];
    expect(resources("1.35").null_resource?.rollout).toStrictEqual({
      triggers: {
        script: expect.stringMatching(/^[0-9a-f]{16}$/),
        ...Object.fromEntries(objects.map((one) => [one, `\${${one}.metadata[0].uid}`])),
      },
      lifecycle: { replace_triggered_by: objects },
      provisioner: [
        {
          "remote-exec": {
            connection: expect.objectContaining({ host: "192.168.1.10", user: "ops" }),
            inline: [
              "NODE='node1'\nSSH_USER='ops'\nSUDO='true'\nKUBECONFIG_FILE='/etc/kubernetes/admin.conf'\nWAIT_SECONDS='300'\nSETTLE_SECONDS='5'",
              "${local.prove-config-map}",
            ],
          },
        },
      ],
    });
  });

  describe("on top of the stack kube-proxy", () => {
    const gate = (pools: JsonObject[]) =>
      metallbStack("1.35", "0.9.6", { pools }).data.kubernetes_resources?.["kube-proxy"];
    const bgp = { name: "routed", protocol: "bgp", addresses: ["203.0.113.0/28"] };
    const layer2 = { name: "default", addresses: ["192.168.1.240-192.168.1.250"] };
    const proven = (what: string) => ({
      condition:
        '${try(data.kubernetes_config_map_v1.kube-proxy-proof.data["restart-id"] == self.objects[0].spec.template.metadata.annotations["baremetal-lb/restart-id"], false)}',
      error_message: `kube-proxy has not proven ${what} in this cluster: deploy the stack kube-proxy first (npx cdktf deploy nodes kube-proxy). Nothing was changed.`,
    });

    test("strictARP is needed for a pool of both protocols, too, and for none that something else announces", () => {
      const asked = (pool: JsonObject) => JSON.stringify(gate([pool])).includes("strictARP");
      const both = { ...bgp, l2Advertisements: [{}] };
      expect([asked(both), asked(bgp), asked({ ...layer2, protocol: "none" })]).toStrictEqual([true, false, false]);
    });

    test(`${fault(44)}: layer2 pools need a proof of strictARP for the rollout that runs`, () => {
      expect(metallbStack("1.35").data.kubernetes_config_map_v1?.["kube-proxy-proof"]).toStrictEqual({
        metadata: { name: "baremetal-lb-kube-proxy-proof", namespace: "kube-system" },
      });
      expect(gate([layer2, bgp, { ...layer2, name: "other", addresses: ["192.168.1.252/32"] }])).toStrictEqual({
        api_version: "apps/v1",
        kind: "DaemonSet",
        namespace: "kube-system",
        field_selector: "metadata.name=kube-proxy",
        lifecycle: {
          postcondition: [
            proven("strictARP"),
            {
              condition: '${try(data.kubernetes_config_map_v1.kube-proxy-proof.data["strictARP"] != "false", true)}',
              error_message:
                "kube-proxy runs without strictARP, so that every node would answer for the addresses of default, other (layer2): set kubeProxy.strictARP: true in cluster.yaml, then deploy the stack kube-proxy first (npx cdktf deploy nodes kube-proxy). Nothing was changed.",
            },
          ],
        },
      });
    });

    test(`${fault(44)}: BGP pools need the proof of the rollout, whatever strictARP is`, () => {
      expect(gate([bgp])?.lifecycle).toStrictEqual({ postcondition: [proven("its mode")] });
    });

    test.each(["iptables", "nftables"])(
      `${fault(44)}: in mode %s layer2 pools need the proof of the rollout; strictARP only if what was proven is IPVS`,
      (mode) => {
        const { lifecycle } =
          metallbStack("1.35", "0.9.6", {}, { mode }).data.kubernetes_resources?.["kube-proxy"] ?? {};
        expect((lifecycle as JsonObject).postcondition).toStrictEqual([
          proven("its mode"),
          expect.objectContaining({
            condition: '${try(data.kubernetes_config_map_v1.kube-proxy-proof.data["strictARP"] != "false", true)}',
          }),
        ]);
      },
    );

    test(`${fault(44)}, ${fault(52)}: a kube-proxy that is not managed needs the proof of the nodes, and no DaemonSet`, () => {
      const { data } = metallbStack("1.35", "0.9.6", {}, "unmanaged");
      expect(data.kubernetes_resources).not.toHaveProperty("kube-proxy");
      expect(data.kubernetes_config_map_v1?.["kube-proxy-proof"]).toStrictEqual({
        metadata: { name: "baremetal-lb-kube-proxy-proof", namespace: "kube-system" },
        lifecycle: {
          postcondition: [
            {
              condition: '${try(self.data["mode"], "") == "unmanaged"}',
              error_message:
                "The nodes have not proven that MetalLB can work with the kube-proxy that is there (kubeProxy: unmanaged): deploy the stack kube-proxy first (npx cdktf deploy nodes kube-proxy). Nothing was changed.",
            },
          ],
        },
      });
    });
  });

  describe("with pools that Services use", () => {
    /** The annotations of both pod templates: a change of one restarts the pods. */
    const restartedBy = ({ resource }: Synthesised): unknown => {
      const workloads = [resource.kubernetes_deployment_v1?.controller, resource.kubernetes_daemon_set_v1?.speaker];
      return workloads.map(
        (workload) => (workload?.spec as unknown as Deployment["spec"]).template.metadata.annotations,
      );
    };
    const prometheus = { "prometheus.io/port": "7472", "prometheus.io/scrape": "true" };

    test(`${fault(35)}: every plan compares the pools with the addresses of all Services`, () => {
      const { data, locals, resource } = metallbStack("1.35");
      expect(data.kubernetes_resources?.services).toStrictEqual({
        for_each: "${toset(data.kubernetes_resources.all-namespaces.objects[*].metadata.name)}",
        namespace: "${each.key}",
        api_version: "v1",
        kind: "Service",
      });
      expect(locals["pool-ranges"]).toBe(
        "${[{ ipv6 = false, first = 3232236016, last = 3232236026, skips_buggy = false }]}",
      );
      expect(locals["assigned-addresses"]).toBe(
        `\${${assignedAddresses("flatten([for one in data.kubernetes_resources.services : one.objects])")}}`,
      );
      expect(locals["stranded-addresses"]).toBe(
        `\${${strandedAddresses("local.assigned-addresses", "local.pool-ranges")}}`,
      );
      expect(resource.kubernetes_config_map_v1?.config?.lifecycle).toStrictEqual({
        precondition: [
          {
            condition: "${length(local.stranded-addresses) == 0}",
            error_message: expect.stringMatching(
              /^Services would lose their addresses, since no pool of cluster\.yaml holds them: /,
            ),
          },
        ],
      });
      expect(restartedBy(metallbStack("1.35"))).toStrictEqual([prometheus, prometheus]);
    });

    test(`${fault(35)}: where the loss is allowed nothing is compared, and new pools restart controller and speakers`, () => {
      // given
      const before = metallbStack("1.35", "0.9.6", { allowAddressLoss: true });
      const pools = [{ name: "default", addresses: ["192.168.1.240-192.168.1.245"] }];
      const after = metallbStack("1.35", "0.9.6", { allowAddressLoss: true, pools });

      // then
      expect(addresses(before)).not.toContain("data.kubernetes_resources.services");
      expect(before.resource.kubernetes_config_map_v1?.config).not.toHaveProperty("lifecycle");
      const hash = (stack: Synthesised) =>
        createHash("sha256")
          .update(((stack.resource.kubernetes_config_map_v1?.config?.data as JsonObject).config ?? "") as string)
          .digest("hex")
          .slice(0, 16);
      const ofBefore = { ...prometheus, "baremetal-lb/config-hash": hash(before) };
      expect(restartedBy(before)).toStrictEqual([ofBefore, ofBefore]);
      const ofAfter = { ...prometheus, "baremetal-lb/config-hash": hash(after) };
      expect(restartedBy(after)).toStrictEqual([ofAfter, ofAfter]);
      expect(hash(after)).not.toBe(hash(before));
    });
  });

  describe("with a memberlist key that the state does not keep", () => {
    const stack = (metallb: JsonObject = {}) =>
      metallbStack("1.35.4", "0.9.6", { memberlistKey: "writeOnly", ...metallb });
    const uid = "${kubernetes_secret_v1.memberlist.metadata[0].uid}";

    test(`${fault(165)}: has no value of its own in the state, and needs the Terraform that can do without`, () => {
      const { terraform } = stack();
      expect(addresses(stack())).toStrictEqual(
        [
          ...everywhere.filter((address) => address !== "random_password.memberlist"),
          "null_resource.speaker-restart",
        ].sort(),
      );
      expect(terraform["required_version"]).toBe(">= 1.11.0");
    });

    test(`${fault(166)}: another Secret restarts all speakers, after their DaemonSet has it, and then the rollout is proven`, () => {
      const {
        kubernetes_daemon_set_v1: sets,
        kubernetes_deployment_v1: deployments,
        null_resource: own,
      } = stack().resource;
      const annotations = (workload: JsonObject | undefined) =>
        (workload as unknown as Deployment).spec.template.metadata.annotations;
      expect(annotations(sets?.speaker)["baremetal-lb/memberlist-secret"]).toBe(uid);
      expect(annotations(deployments?.controller)).not.toHaveProperty("baremetal-lb/memberlist-secret");
      const { triggers, depends_on: after } = own?.["speaker-restart"] as unknown as {
        readonly triggers: JsonObject;
        readonly depends_on: readonly string[];
      };
      expect(triggers).toStrictEqual({ script: expect.stringMatching(/^[0-9a-f]{16}$/), secret: uid });
      expect(after).toEqual(
        expect.arrayContaining(["kubernetes_daemon_set_v1.speaker", "kubernetes_secret_v1.memberlist"]),
      );
      expect(own?.rollout?.["depends_on"]).toStrictEqual(["null_resource.speaker-restart"]);
    });
  });
});
