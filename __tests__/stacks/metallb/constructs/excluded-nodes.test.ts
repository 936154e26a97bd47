import { AddressPoolsStack } from "../../../../stacks/metallb/address-pools-stack";
import { MetallbStack } from "../../../../stacks/metallb/metallb-stack";
import type { BgpType } from "../../../../stacks/metallb/release/releases";
import { cluster, clusterInput } from "../../../cluster-fixture";
import { fault } from "../../../faults";
import { synthesisedOnce } from "../../../synthesised";
import { upstreamManifest } from "../upstream-manifest";

type Version = Parameters<typeof upstreamManifest>[0];
interface PodSpec {
  readonly toleration?: unknown;
  readonly container: readonly { readonly name: string; readonly image: string; readonly args?: readonly string[] }[];
  readonly init_container?: readonly { readonly name: string; readonly image: string }[];
}

const [controlPlane, worker] = clusterInput.nodes;

function podsOf(
  version: Version | "0.9.6",
  metallb: object,
  nodes: object[] = [controlPlane, worker].map((node) => ({ ...node })),
) {
  const config = cluster({ nodes, metallb: { ...clusterInput.metallb, version, ...metallb } });
  const bgpType = config.metallb.bgpType as BgpType;
  const manifest = version === "0.9.6" ? undefined : upstreamManifest(version, bgpType);
  const { resource } = synthesisedOnce(MetallbStack, "metallb", { ...config, manifest });
  const spec = (type: string, name: string) =>
    (resource[type]?.[name] as unknown as { readonly spec: { readonly template: { readonly spec: PodSpec } } }).spec
      .template.spec;
  return {
    speaker: spec("kubernetes_daemon_set_v1", "speaker"),
    controller: spec("kubernetes_deployment_v1", "controller"),
  };
}

const argsOf = ({ container }: PodSpec) => container.find(({ name }) => ["speaker", "controller"].includes(name))?.args;
const tolerated = ["node-role.kubernetes.io/master", "node-role.kubernetes.io/control-plane"].map((key) => ({
  key,
  operator: "Exists",
  effect: "NoSchedule",
}));

test(`${fault(70)}: ignoreExcludeLB is an argument of the speaker alone`, () => {
  const { speaker, controller } = podsOf("0.15.2", { ignoreExcludeLB: true, bgpType: "frr" });
  expect(argsOf(speaker)).toStrictEqual(["--port=7472", "--log-level=info", "--ignore-exclude-lb"]);
  expect(
    speaker.container.filter(({ args }) => args?.includes("--ignore-exclude-lb")).map(({ name }) => name),
  ).toStrictEqual(["speaker"]);
  expect(argsOf(controller)).not.toContain("--ignore-exclude-lb");
  expect(argsOf(podsOf("0.15.2", {}).speaker)).toStrictEqual(["--port=7472", "--log-level=info"]);
});

test.each(["0.9.6", "0.13.12", "0.15.2", "0.16.2"] as const)(
  `${fault(70)}: the controller of %s runs on control-plane nodes where there is no other`,
  (version) => {
    expect(podsOf(version, {}, [{ ...controlPlane }]).controller.toleration).toStrictEqual(tolerated);
    expect(podsOf(version, {}).controller.toleration).toBeUndefined();
  },
);

test(`${fault(78)}: FRR's image comes from its own organisation of a mirror, or from where cluster.yaml says`, () => {
  const imagesOf = (metallb: object) => {
    const { container, init_container = [] } = podsOf("0.15.2", { bgpType: "frr", ...metallb }).speaker;
    return [...new Set([...container, ...init_container].map(({ image }) => image))].sort();
  };
  expect(imagesOf({ imageRegistry: "mirror.example.org/cache/metallb" })).toStrictEqual([
    "mirror.example.org/cache/frrouting/frr:9.1.0",
    "mirror.example.org/cache/metallb/speaker:v0.15.2",
  ]);
  expect(imagesOf({ imageRegistry: "mirror.example.org" })).toStrictEqual([
    "mirror.example.org/frr:9.1.0",
    "mirror.example.org/speaker:v0.15.2",
  ]);
  expect(imagesOf({ frrImageRegistry: "mirror.example.org/frrouting" })).toStrictEqual([
    "mirror.example.org/frrouting/frr:9.1.0",
    "quay.io/metallb/speaker:v0.15.2",
  ]);
});

test(`${fault(72)}: a pool with dots in its name is a resource of its own, with a legal address`, () => {
  const pools = [
    { name: "pool.lan", addresses: ["192.168.1.240/30"] },
    { name: "pool-lan", addresses: ["192.168.1.244/30"] },
  ];
  const config = cluster({ metallb: { version: "0.15.2", pools } });
  const { resource } = synthesisedOnce(AddressPoolsStack, "address-pools", config);
  expect(Object.keys(resource["kubernetes_manifest"] ?? {}).sort()).toStrictEqual([
    "ipaddresspool-pool-lan",
    "ipaddresspool-pool_lan",
    "l2advertisement-pool-lan",
    "l2advertisement-pool_lan",
  ]);
});

test(`${fault(72)}: a name of 0.9 means nothing to Terraform`, () => {
  const pools = [{ name: "${x}", addresses: ["192.168.1.240/30"] }];
  const config = cluster({ metallb: { version: "0.9.6", pools } });
  const text = JSON.stringify(synthesisedOnce(MetallbStack, "metallb", config));
  expect(text).not.toMatch(/[^$]\$\{x\}/);
});
