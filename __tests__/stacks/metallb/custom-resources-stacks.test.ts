import { metallbVersions, usesCustomResources } from "../../../stacks/metallb/release/releases";
import { AddressPoolsStack } from "../../../stacks/metallb/address-pools-stack";
import { MetallbCrdsStack } from "../../../stacks/metallb/metallb-crds-stack";
import { MetallbStack } from "../../../stacks/metallb/metallb-stack";
import { cluster, clusterInput } from "../../cluster-fixture";
import { fault } from "../../faults";
import { upstreamManifest } from "./upstream-manifest";
import { addresses, type JsonObject, synthesisedOnce } from "../../synthesised";

type Version = Parameters<typeof upstreamManifest>[0];

const stacksOf = (version: Version, metallb: JsonObject = {}, kubernetesVersion = "1.35.4") => {
  const config = cluster({
    kubernetes: { ...clusterInput.kubernetes, version: kubernetesVersion },
    metallb: { ...clusterInput.metallb, version, ...metallb },
  });
  const props = { ...config, manifest: upstreamManifest(version) };
  return {
    crds: () => synthesisedOnce(MetallbCrdsStack, "metallb-crds", props),
    pools: () => synthesisedOnce(AddressPoolsStack, "address-pools", props),
    metallb: () => synthesisedOnce(MetallbStack, "metallb", props),
  };
};

// These names are in every user's state. A changed one destroys and creates: it needs a move and a changelog line.
const inMetallb = [
  "data.kubernetes_config_map_v1.kube-proxy-proof",
  "data.kubernetes_resources.address-pools",
  "data.kubernetes_resources.all-namespaces",
  "data.kubernetes_resources.bindings-by-chart",
  "data.kubernetes_resources.bindings-by-manifest",
  "data.kubernetes_resources.daemon-sets-by-chart",
  "data.kubernetes_resources.daemon-sets-by-manifest",
  "data.kubernetes_resources.deployments-by-chart",
  "data.kubernetes_resources.deployments-by-manifest",
  "data.kubernetes_resources.kube-proxy",
  "data.kubernetes_resources.namespaces",
  "data.kubernetes_resources.pool-definitions",
  "data.kubernetes_resources.running-controller",
  "data.kubernetes_resources.services",
  "kubernetes_cluster_role_binding_v1.controller",
  "kubernetes_cluster_role_binding_v1.speaker",
  "kubernetes_cluster_role_v1.controller",
  "kubernetes_cluster_role_v1.speaker",
  "kubernetes_config_map_v1.metallb-excludel2",
  "kubernetes_daemon_set_v1.speaker",
  "kubernetes_deployment_v1.controller",
  "kubernetes_namespace_v1.namespace",
  "kubernetes_role_binding_v1.controller",
  "kubernetes_role_binding_v1.pod-lister",
  "kubernetes_role_v1.controller",
  "kubernetes_role_v1.pod-lister",
  "kubernetes_secret_v1.memberlist",
  "kubernetes_secret_v1.metallb-webhook-cert",
  "kubernetes_service_account_v1.controller",
  "kubernetes_service_account_v1.speaker",
  "kubernetes_service_v1.metallb-webhook-service",
  "kubernetes_validating_webhook_configuration_v1.metallb-webhook-configuration",
  "null_resource.rollout",
  "random_password.memberlist",
  "terraform_data.namespace-owner",
];

describe("the stacks of MetalLB 0.13 and later", () => {
  test("metallb-crds has the namespace and the CRDs of the version", () => {
    expect(addresses(stacksOf("0.15.2").crds())).toStrictEqual([
      "data.kubernetes_resources.bindings-by-chart",
      "data.kubernetes_resources.bindings-by-manifest",
      "data.kubernetes_resources.daemon-sets-by-chart",
      "data.kubernetes_resources.daemon-sets-by-manifest",
      "data.kubernetes_resources.deployments-by-chart",
      "data.kubernetes_resources.deployments-by-manifest",
      "data.kubernetes_resources.namespaces",
      "data.kubernetes_resources.pool-definitions",
      "data.kubernetes_resources.running-controller",
      "kubernetes_manifest.bfdprofiles",
      "kubernetes_manifest.bgpadvertisements",
      "kubernetes_manifest.bgppeers",
      "kubernetes_manifest.communities",
      "kubernetes_manifest.ipaddresspools",
      "kubernetes_manifest.l2advertisements",
      "kubernetes_manifest.servicebgpstatuses",
      "kubernetes_manifest.servicel2statuses",
      "kubernetes_namespace_v1.namespace",
      "terraform_data.namespace-owner",
    ]);
  });

  test("metallb has these addresses, those of MetalLB 0.9's objects among them", () => {
    expect(addresses(stacksOf("0.15.2").metallb())).toStrictEqual(inMetallb);
  });

  test.each(metallbVersions.filter(usesCustomResources))(
    "%s keeps the addresses of what MetalLB 0.9 had too, and the selectors that no workload may change",
    (version) => {
      // given
      const config = cluster({ metallb: { ...clusterInput.metallb, version: "0.9.6" } });
      const before = synthesisedOnce(MetallbStack, "metallb", config);
      const after = stacksOf(version).metallb();

      // then
      const kept = new Set(addresses(after));
      expect(addresses(before).filter((address) => !kept.has(address))).toStrictEqual([
        "kubernetes_config_map_v1.config",
        "kubernetes_role_binding_v1.config-watcher",
        "kubernetes_role_v1.config-watcher",
      ]);
      const selectors = ({ resource }: typeof before) =>
        [resource.kubernetes_daemon_set_v1?.speaker, resource.kubernetes_deployment_v1?.controller].map(
          (workload) => (workload?.spec as JsonObject | undefined)?.selector,
        );
      expect(selectors(after)).toStrictEqual(selectors(before));
      const secret = ({ resource }: typeof before) => [
        resource.random_password?.memberlist,
        resource.kubernetes_secret_v1?.memberlist,
      ];
      expect(secret(after)).toStrictEqual(secret(before));
    },
  );

  describe("the namespace", () => {
    const owner =
      '${length(data.kubernetes_resources.namespaces.objects) == 0 ? "metallb-crds" : try(data.kubernetes_resources.namespaces.objects[0].metadata.annotations["baremetal-lb/stack"], "metallb")}';

    const labels = {
      app: "metallb",
      "pod-security.kubernetes.io/audit": "privileged",
      "pod-security.kubernetes.io/enforce": "privileged",
      "pod-security.kubernetes.io/warn": "privileged",
    };

    test(`${fault(110)}: is made by metallb-crds where there is none; each stack asks the cluster once whether it is its own`, () => {
      const { crds, metallb } = stacksOf("0.15.2");
      const [first, last] = [crds(), metallb()];
      for (const stack of [first, last]) {
        expect(stack.data.kubernetes_resources?.namespaces).toStrictEqual({
          api_version: "v1",
          kind: "Namespace",
          field_selector: "metadata.name=metallb-system",
        });
        expect(stack.locals["namespace-owner-in-cluster"]).toBe(owner);
        expect(stack.resource.terraform_data?.["namespace-owner"]).toStrictEqual({
          input: { stack: "${local.namespace-owner-in-cluster}" },
          lifecycle: { ignore_changes: ["input"] },
        });
      }
      expect(first.resource.kubernetes_namespace_v1?.namespace).toStrictEqual({
        count:
          '${terraform_data.namespace-owner.input.stack == "metallb-crds" || local.namespace-owner-in-cluster == "metallb-crds" ? 1 : 0}',
        metadata: { name: "metallb-system", labels, annotations: { "baremetal-lb/stack": "metallb-crds" } },
        provisioner: [
          {
            "local-exec": {
              when: "destroy",
              environment: { OWNER: '${try(self.metadata[0].annotations["baremetal-lb/stack"], "")}' },
              command: expect.stringMatching(/^\[ "\$OWNER" = metallb-crds \] \|\| \{ echo '[^']+' >&2; exit 1; \}$/),
            },
          },
        ],
      });
      expect(last.resource.kubernetes_namespace_v1?.namespace).toStrictEqual({
        count: '${terraform_data.namespace-owner.input.stack == "metallb" ? 1 : 0}',
        metadata: { name: "metallb-system", labels },
        lifecycle: { ignore_changes: ["metadata[0].annotations"] },
      });
    });

    test.each(["1.19", "1.22", "1.24"])(
      `${fault(114)}: has the Pod Security labels on Kubernetes %s too, as upstream has them`,
      (kubernetesVersion) => {
        const { crds, metallb } = stacksOf("0.13.12", {}, kubernetesVersion);
        for (const { resource } of [crds(), metallb()]) {
          expect((resource.kubernetes_namespace_v1?.namespace?.metadata as JsonObject).labels).toStrictEqual(labels);
        }
      },
    );
  });

  test(`${fault(113)}: below Kubernetes 1.25, which drops them, CRDs are without validation rules, and otherwise the same`, () => {
    const of = (kubernetesVersion: string) =>
      JSON.stringify(stacksOf("0.16.2", {}, kubernetesVersion).crds().resource.kubernetes_manifest);
    const [older, newer] = [of("1.24"), of("1.25")];
    expect(newer).toContain('"x-kubernetes-validations":');
    expect(older).not.toContain("x-kubernetes-validations");
    const rules = (key: string, value: unknown) => (key === "x-kubernetes-validations" ? undefined : value);
    expect(JSON.parse(older)).toStrictEqual(JSON.parse(newer, rules));
  });

  test("a CRD is upstream's, forced, without what is the API server's", () => {
    const { manifest, ...rest } = stacksOf("0.13.12").crds().resource.kubernetes_manifest?.ipaddresspools ?? {};
    expect(rest).toStrictEqual({ field_manager: { name: "baremetal-lb", force_conflicts: true } });
    const { metadata, ...body } = manifest as JsonObject;
    expect(Object.keys(body).sort()).toStrictEqual(["apiVersion", "kind", "spec"]);
    expect(metadata).toStrictEqual({
      annotations: { "controller-gen.kubebuilder.io/version": "v0.11.1" },
      name: "ipaddresspools.metallb.io",
    });
  });

  test(`${fault(44)}: metallb is refused while a pool is missing: its controller would take all addresses away`, () => {
    const pools = [
      { name: "default", addresses: ["192.168.1.240/32"] },
      { name: "other", addresses: ["192.168.1.241/32"] },
    ];
    const read = stacksOf("0.15.2", { pools }).metallb().data.kubernetes_resources;
    expect(read?.["pool-definitions"]).toStrictEqual({
      api_version: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      field_selector: "metadata.name=ipaddresspools.metallb.io",
      lifecycle: {
        postcondition: [
          {
            condition: "${length(self.objects) > 0}",
            error_message:
              "The cluster lacks the kind of the address pools, CustomResourceDefinition ipaddresspools.metallb.io. Deploy the stack address-pools first (npx cdktf deploy nodes kube-proxy metallb-crds address-pools): MetalLB would take the addresses of Services away. Nothing was changed.",
          },
        ],
      },
    });
    expect(read?.["address-pools"]).toStrictEqual({
      count: "${min(1, length(data.kubernetes_resources.pool-definitions.objects))}",
      api_version: "metallb.io/v1beta1",
      kind: "IPAddressPool",
      namespace: "metallb-system",
      lifecycle: {
        postcondition: [
          {
            condition: '${length(setsubtract(["default", "other"], self.objects[*].metadata.name)) == 0}',
            error_message:
              'The cluster lacks address pools of cluster.yaml: ${join(", ", setsubtract(["default", "other"], self.objects[*].metadata.name))}. Deploy the stack address-pools first (npx cdktf deploy nodes kube-proxy metallb-crds address-pools): MetalLB would take the addresses of Services away. Nothing was changed.',
          },
        ],
      },
    });
  });

  test(`${fault(187)}: a role is made before what binds it, which the API server asks of an account of least rights`, () => {
    const { resource } = stacksOf("0.16.2").metallb();
    for (const scope of ["role", "cluster_role"]) {
      const bindings = Object.entries(resource[`kubernetes_${scope}_binding_v1`] ?? {});
      expect(bindings.length).toBeGreaterThan(1);
      for (const [, { role_ref: role, depends_on: before }] of bindings) {
        const { kind, name } = [role].flat()[0] as { kind: string; name: string };
        const type = kind === "Role" ? "kubernetes_role_v1" : "kubernetes_cluster_role_v1";
        const [id] =
          Object.entries(resource[type] ?? {}).find(([, one]) =>
            JSON.stringify(one["metadata"]).includes(`"${name}"`),
          ) ?? [];
        expect(before).toContain(`${type}.${id}`);
      }
    }
  });

  test(`${fault(39)}: the webhook comes last, the pods when all that they need is there`, () => {
    const { resource } = stacksOf("0.15.2").metallb();
    const dependsOn = (type: string, name: string) => [...(resource[type]?.[name]?.depends_on as string[])].sort();
    const needed = inMetallb.filter(
      (address) => !/^data|daemon_set|deployment|random_password|namespace|null_resource|webhook_config/.test(address),
    );
    expect(dependsOn("kubernetes_deployment_v1", "controller")).toStrictEqual(needed);
    expect(dependsOn("kubernetes_daemon_set_v1", "speaker")).toStrictEqual(needed);
    expect(dependsOn("kubernetes_validating_webhook_configuration_v1", "metallb-webhook-configuration")).toStrictEqual([
      "kubernetes_daemon_set_v1.speaker",
      "kubernetes_deployment_v1.controller",
    ]);
    expect(dependsOn("kubernetes_config_map_v1", "metallb-excludel2")).toStrictEqual([
      "kubernetes_namespace_v1.namespace",
    ]);
  });

  test("what MetalLB's controller writes into its objects is no drift", () => {
    const { resource } = stacksOf("0.15.2").metallb();
    expect(resource.kubernetes_secret_v1?.["metallb-webhook-cert"]?.lifecycle).toStrictEqual({
      ignore_changes: ["data"],
    });
    const webhook =
      resource.kubernetes_validating_webhook_configuration_v1?.["metallb-webhook-configuration"]?.lifecycle;
    expect(webhook).toStrictEqual({
      ignore_changes: [0, 1, 2, 3, 4, 5].map((index) => `webhook[${index}].client_config[0].ca_bundle`),
    });
  });

  test("images come from another registry where one is named, FRR's too", () => {
    const config = cluster({
      metallb: { ...clusterInput.metallb, version: "0.15.2", bgpType: "frr", imageRegistry: "registry.local:5000/lb" },
    });
    const manifest = upstreamManifest("0.15.2", "frr");
    const { resource } = synthesisedOnce(MetallbStack, "metallb", { ...config, manifest });
    const images = JSON.stringify(resource).match(/"image":"[^"]+"/g) ?? [];
    expect([...new Set(images)].sort()).toStrictEqual([
      '"image":"registry.local:5000/lb/controller:v0.15.2"',
      '"image":"registry.local:5000/lb/frr:9.1.0"',
      '"image":"registry.local:5000/lb/speaker:v0.15.2"',
    ]);
  });

  test("address-pools has these addresses, and proves on a control-plane node that MetalLB took them", () => {
    const stack = stacksOf("0.15.2").pools();
    expect(addresses(stack)).toStrictEqual([
      "data.kubernetes_resources.all-namespaces",
      "data.kubernetes_resources.namespaces",
      "data.kubernetes_resources.running-controller",
      "data.kubernetes_resources.services",
      "kubernetes_manifest.ipaddresspool-default",
      "kubernetes_manifest.l2advertisement-default",
      "null_resource.taken",
      "null_resource.webhook-gate",
    ]);
    const uid = (name: string) => `\${try(coalesce(kubernetes_manifest.${name}.object.metadata.uid, ""), "")}`;
    expect(stack.resource.null_resource?.taken).toStrictEqual({
      triggers: {
        script: expect.stringMatching(/^[0-9a-f]{16}$/),
        "kubernetes_manifest.ipaddresspool-default": uid("ipaddresspool-default"),
        "kubernetes_manifest.l2advertisement-default": uid("l2advertisement-default"),
      },
      lifecycle: {
        replace_triggered_by: [
          "kubernetes_manifest.ipaddresspool-default",
          "kubernetes_manifest.l2advertisement-default",
        ],
      },
      provisioner: [
        {
          "remote-exec": {
            connection: expect.objectContaining({ host: "192.168.1.10", user: "ops" }),
            inline: [
              "NODE='node1'\nSSH_USER='ops'\nSUDO='true'\nKUBECONFIG_FILE='/etc/kubernetes/admin.conf'\nWAIT_SECONDS='300'\nSETTLE_SECONDS='5'",
              "${local.prove-address-pools}",
            ],
          },
        },
      ],
    });
  });

  test(`${fault(120)}, ${fault(34)}: the webhook is asked before the pools, where they or their namespace change`, () => {
    const { kubernetes_manifest: written = {}, null_resource: steps = {} } = stacksOf("0.15.2").pools().resource;
    for (const object of Object.values(written)) {
      expect(object["depends_on"]).toContain("null_resource.webhook-gate");
    }
    const { triggers } = steps["webhook-gate"] as { triggers: { pools: string } };
    expect(steps["webhook-gate"]).toStrictEqual({
      triggers: {
        script: expect.stringMatching(/^[0-9a-f]{16}$/),
        pools: expect.stringMatching(/^[0-9a-f]{64}$/),
        namespace: '${try(data.kubernetes_resources.namespaces.objects[0].metadata.uid, "")}',
      },
      provisioner: [
        {
          "remote-exec": {
            connection: expect.objectContaining({ host: "192.168.1.10", user: "ops" }),
            inline: [
              "NODE='node1'\nSSH_USER='ops'\nSUDO='true'\nKUBECONFIG_FILE='/etc/kubernetes/admin.conf'\nWAIT_SECONDS='300'",
              "${local.require-webhook}",
            ],
          },
        },
      ],
    });
    const pools = [{ name: "other", addresses: ["192.168.1.250/32"] }];
    const config = cluster({ metallb: { version: "0.15.2", pools } });
    const other = synthesisedOnce(AddressPoolsStack, "address-pools", config).resource.null_resource;
    expect((other?.["webhook-gate"] as { triggers: { pools: string } }).triggers.pools).not.toBe(triggers.pools);
  });

  test(`${fault(35)}: a pool is written by the declared fields, after the addresses of Services were compared`, () => {
    const pool = stacksOf("0.15.2").pools().resource.kubernetes_manifest?.["ipaddresspool-default"];
    expect(pool).toStrictEqual({
      manifest: {
        apiVersion: "metallb.io/v1beta1",
        kind: "IPAddressPool",
        metadata: { name: "default", namespace: "metallb-system" },
        spec: { addresses: ["192.168.1.240-192.168.1.250"], autoAssign: true, avoidBuggyIPs: false },
      },
      field_manager: { name: "baremetal-lb", force_conflicts: true },
      depends_on: ["null_resource.webhook-gate"],
      lifecycle: {
        precondition: [
          ["silenced-services", /^Services would fall silent: /],
          ["taken-over-services", /^Services would be taken from another program: /],
          ["stranded-addresses", /^Services would lose their addresses, since no pool of cluster\.yaml holds them: /],
        ].map(([list, message]) => ({
          condition: `\${length(local.${String(list)}) == 0}`,
          error_message: expect.stringMatching(message as RegExp),
        })),
      },
    });
    const allowed = stacksOf("0.15.2", { allowAddressLoss: true }).pools();
    expect(addresses(allowed)).not.toContain("data.kubernetes_resources.services");
    expect(allowed.resource.kubernetes_manifest?.["ipaddresspool-default"]).not.toHaveProperty("lifecycle");
  });

  test(`${fault(121)}: pools and controller are written after the class that runs was compared, but where loss is allowed`, () => {
    const heads = (metallb: JsonObject) => {
      const { pools, metallb: last } = stacksOf("0.15.2", { loadBalancerClass: "example.org/lb", ...metallb });
      const conditions = [
        pools().resource["kubernetes_manifest"]?.["ipaddresspool-default"],
        last().resource["kubernetes_deployment_v1"]?.["controller"],
      ].map((resource) => (resource?.["lifecycle"] ?? {}) as { precondition?: { error_message: string }[] });
      return conditions.map(({ precondition = [] }) =>
        precondition.map(({ error_message }) => error_message.split(":")[0]),
      );
    };
    const removed = heads({ loadBalancerClass: undefined } as never);
    const ofClass = ["Services would fall silent", "Services would be taken from another program"];
    const ofPools = "Services would lose their addresses, since no pool of cluster.yaml holds them";
    // Without a class it may be one that was removed.
    expect([heads({}), removed]).toStrictEqual(Array(2).fill([[...ofClass, ofPools], ofClass]));
    expect(heads({ allowAddressLoss: true })).toStrictEqual([[], []]);
  });

  test("what refers to another object by name is written after it", () => {
    const stack = stacksOf("0.15.2", {
      bgpCommunities: { "no-export": "65535:65281" },
      peers: [{ name: "router", peerAddress: "192.168.1.1", peerASN: 64500, myASN: 64501 }],
      pools: [
        {
          name: "routed",
          protocol: "bgp",
          addresses: ["203.0.113.0/28"],
          bgpAdvertisements: [{ communities: ["no-export"], peers: ["router"] }],
        },
      ],
    }).pools();
    const { "bgpadvertisement-routed": advertisement, "bgppeer-router": peer } =
      stack.resource.kubernetes_manifest ?? {};
    const [community, pool] = [
      "kubernetes_manifest.community-cluster-communities",
      "kubernetes_manifest.ipaddresspool-routed",
    ];
    const gate = "null_resource.webhook-gate";
    expect(peer?.depends_on).toStrictEqual([gate]);
    expect([...(advertisement?.depends_on as string[])].sort()).toStrictEqual([
      "kubernetes_manifest.bgppeer-router",
      community,
      pool,
      gate,
    ]);
  });

  test(`${fault(165)}: with a write-only key no Secret is read into the state, and the speakers' template has the Secret's uid`, () => {
    const { resource, terraform } = stacksOf("0.16.2", { memberlistKey: "writeOnly" }).metallb();
    expect(resource.kubernetes_secret_v1?.["metallb-webhook-cert"]).toStrictEqual({
      metadata: { name: "metallb-webhook-cert", namespace: "metallb-system" },
      type: "baremetal-lb/write-only",
      data_wo: {},
      data_wo_revision: 1,
      depends_on: ["kubernetes_namespace_v1.namespace"],
    });
    expect(resource.random_password).toBeUndefined();
    const { spec } = resource.kubernetes_daemon_set_v1?.speaker as unknown as {
      readonly spec: { readonly template: { readonly metadata: { readonly annotations: JsonObject } } };
    };
    expect(spec.template.metadata.annotations).toMatchObject({
      "baremetal-lb/memberlist-secret": "${kubernetes_secret_v1.memberlist.metadata[0].uid}",
    });
    expect(terraform["required_version"]).toBe(">= 1.11.0");
  });
});
