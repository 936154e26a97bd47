import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { metallbSchema } from "../../../../stacks/metallb/schema/metallb";
import { MetallbConfigMap } from "../../../../stacks/metallb/constructs/config-map";
import { type Blocks, synthesisedResources } from "../../../synthesised";

const withConfigMap = (metallb: object): Blocks =>
  synthesisedResources((stack) => {
    const namespace = new NamespaceV1(stack, "namespace", { metadata: { name: "metallb-system" } });
    const pools = [{ name: "default", addresses: ["192.168.1.240-192.168.1.250"] }];
    new MetallbConfigMap(stack, "config", {
      namespace,
      metallb: metallbSchema.parse({ version: "0.9.6", pools, ...metallb }),
    });
  });

describe("the ConfigMap", () => {
  test("has the configuration under the key that MetalLB reads, and is made after the namespace", () => {
    expect(withConfigMap({}).kubernetes_config_map_v1).toStrictEqual({
      config: {
        metadata: { name: "config", namespace: "metallb-system" },
        data: {
          config:
            "address-pools:\n- name: default\n  protocol: layer2\n  addresses:\n  - 192.168.1.240-192.168.1.250\n",
        },
        depends_on: ["kubernetes_namespace_v1.namespace"],
      },
    });
  });

  test("keeps from Terraform what looks like its templates", () => {
    // given
    const bgpCommunities = { "a${file(b)}": "64500:1", "c%{ if d }": "64500:1" };

    // when
    const config = JSON.stringify(withConfigMap({ bgpCommunities }).kubernetes_config_map_v1);

    // then
    expect(config).toContain("a$${file(b)}:");
    expect(config).toContain("c%%{ if d }:");
  });
});
