import { MetallbStack } from "../../stacks/metallb-stack";
import { cluster, clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { addresses, type JsonObject, synthesised } from "../synthesised";

const metallbStack = (kubernetesVersion: string, version = "0.9.6") => {
  const config = cluster({
    kubernetes: { ...clusterInput.kubernetes, version: kubernetesVersion },
    metallb: { ...clusterInput.metallb, version },
  });
  return synthesised((app) => new MetallbStack(app, "metallb", config));
};
const resources = (kubernetesVersion: string, version?: string) => metallbStack(kubernetesVersion, version).resource;

// These names are in every user's state. A changed one destroys and creates: it needs a move and a changelog line.
const everywhere = [
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

  test("grants the speaker's privileges by policy on 1.18 and by the namespace's labels on 1.35", () => {
    const labels = (version: string) =>
      (resources(version).kubernetes_namespace_v1?.namespace?.metadata as JsonObject).labels;
    expect(labels("1.18")).toStrictEqual({ app: "metallb" });
    expect(labels("1.35")).toStrictEqual({
      app: "metallb",
      "pod-security.kubernetes.io/audit": "privileged",
      "pod-security.kubernetes.io/enforce": "privileged",
      "pod-security.kubernetes.io/warn": "privileged",
    });
  });

  test.each(["kubernetes_daemon_set_v1.speaker", "kubernetes_deployment_v1.controller"])(
    `${fault(39)}: %s starts when all that it needs is there`,
    (workload) => {
      // given
      const [type = "", name = ""] = workload.split(".");
      const needed = [...everywhere, ...policies].filter(
        (address) => !/daemon_set|deployment|random_password|namespace|null_resource/.test(address),
      );

      // when
      const dependsOn = resources("1.18")[type]?.[name]?.depends_on as string[];

      // then: the namespace comes before them, see below; the key before the Secret that refers to it
      expect([...dependsOn].sort()).toStrictEqual(needed.sort());
    },
  );

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

  test(`${fault(39)}, ${fault(34)}: proves the rollout on a control-plane node, again whenever the pods or the configuration change`, () => {
    expect(resources("1.35").null_resource?.rollout).toStrictEqual({
      triggers: { script: expect.stringMatching(/^[0-9a-f]{16}$/) },
      lifecycle: {
        replace_triggered_by: [
          "kubernetes_config_map_v1.config",
          "kubernetes_daemon_set_v1.speaker",
          "kubernetes_deployment_v1.controller",
        ],
      },
      provisioner: [
        {
          "remote-exec": {
            connection: expect.objectContaining({ host: "192.168.1.10", user: "ops" }),
            inline: [
              "NODE='node1'\nSSH_USER='ops'\nSUDO='true'\nKUBECONFIG_FILE='/etc/kubernetes/admin.conf'\nWAIT_SECONDS='300'\nSETTLE_SECONDS='5'",
              "${local.roll-out-metallb}",
            ],
          },
        },
      ],
    });
  });
});
