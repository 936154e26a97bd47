import { features } from "../../../../stacks/metallb/release/features";
import {
  bgpTypesIn,
  type MetallbVersion,
  metallbVersions,
  usesCustomResources,
} from "../../../../stacks/metallb/release/releases";
import { isSince } from "../../../../values/versions";
import { bfdProfileSchema, peerSchema } from "../../../../stacks/metallb/schema/bgp";
import { poolSchema } from "../../../../stacks/metallb/schema/pools";
import { core } from "../../../../cluster/schema-tree";
import { z } from "zod";
import { crdSchemas, crdVersions, type OpenApiSchema, upstreamFile } from "../upstream-sources";

const shapeOf = (schema: z.core.$ZodType): Record<string, z.core.$ZodType> => {
  const found = core(schema);
  return found instanceof z.ZodArray ? shapeOf(found.element) : (found as z.ZodObject).shape;
};

/** The objects of cluster.yaml, with the custom resource that each becomes and, up to 0.12, the struct that reads it. */
const objects = [
  { key: "pools[]", shape: poolSchema.shape, kind: "IPAddressPool metallb.io/v1beta1", struct: "addressPool" },
  {
    key: "pools[].l2Advertisements[]",
    shape: shapeOf(poolSchema.shape.l2Advertisements),
    kind: "L2Advertisement metallb.io/v1beta1",
  },
  {
    key: "pools[].bgpAdvertisements[]",
    shape: shapeOf(poolSchema.shape.bgpAdvertisements),
    kind: "BGPAdvertisement metallb.io/v1beta1",
    struct: "bgpAdvertisement",
  },
  { key: "peers[]", shape: peerSchema.shape, kind: "BGPPeer metallb.io/v1beta2", struct: "peer" },
  { key: "bfdProfiles[]", shape: bfdProfileSchema.shape, kind: "BFDProfile metallb.io/v1beta1" },
];

/** Keys that are no field of the custom resource: its name, its kind, and objects of their own. */
const elsewhere: readonly string[] = ["name", "protocol", "l2Advertisements", "bgpAdvertisements"];

/** "avoid-buggy-ips" and "AvoidBuggyIPs" are "avoidbuggyips". */
const plain = (name: string) => name.toLowerCase().replaceAll("-", "");

/** The keys that the ConfigMap's parser knows in one of its structs: the field's name, or that of its yaml tag. */
function keysOfStruct(source: string, struct: string): Set<string> {
  const body = new RegExp(`^type ${struct} struct \\{\\n(.*?)^\\}`, "ms").exec(source)?.[1] ?? "";
  return new Set(
    body
      .trim()
      .split("\n")
      .map((line) => plain(/yaml:"([^"]+)"/.exec(line)?.[1] ?? /\w+/.exec(line)?.[0] ?? "")),
  );
}

/** The versions with a ConfigMap. The sources of 0.9.5 are not published, and are those of 0.9.6. */
const configMapVersions = metallbVersions.filter((version) => !usesCustomResources(version));
const sourcesOf = (version: MetallbVersion): MetallbVersion => (version === "0.9.5" ? "0.9.6" : version);

/** What a ConfigMap's parser knows of a struct without FRR, which came with 0.12 and is refused there. */
async function parserOf(version: MetallbVersion): Promise<(struct: string, key: string) => boolean> {
  const config = await upstreamFile(sourcesOf(version), "internal/config/config.go");
  const validation = isSince(version, "0.12.1") ? await upstreamFile(version, "internal/config/validate.go") : "";
  const body = /^func DiscardFRROnly.*?^\}/ms.exec(validation)?.[0] ?? "";
  const refused = [...body.matchAll(/if p\.(\w+) != ""/g)].map(([, field]) => plain(field ?? ""));
  return (struct, key) => keysOfStruct(config, struct).has(plain(key)) && !refused.includes(plain(key));
}

/** The JSON keys of the peer's fields that MetalLB refuses without FRR. */
async function frrOnlyPeerKeys(version: MetallbVersion): Promise<string[]> {
  const [validation, types] = await Promise.all([
    upstreamFile(version, "internal/config/validation.go"),
    upstreamFile(version, "api/v1beta2/bgppeer_types.go"),
  ]);
  const body = /^func DiscardFRROnly.*?^\}/ms.exec(validation)?.[0] ?? "";
  const fields = [...body.matchAll(/if p\.Spec\.(\w+)/g)].map(([, field]) => field ?? "");
  return fields.map((field) => new RegExp(`^\\t${field} .*json:"(\\w+)`, "m").exec(types)?.[1] ?? field);
}

/**
 * The keys of a peer, by the fields of the session that MetalLB makes of them; upstream: SessionParameters in
 * internal/bgp/bgp.go. Not its port, which is part of the address there up to 0.14.
 */
const sessionFields: Readonly<Record<string, string>> = {
  peerAddress: "PeerAddress",
  interface: "PeerInterface",
  peerASN: "PeerASN",
  dynamicASN: "DynamicASN",
  myASN: "MyASN",
  localASN: "LocalASN",
  holdTime: "HoldTime",
  keepaliveTime: "KeepAliveTime",
  connectTime: "ConnectTime",
  sourceAddress: "SourceAddress",
  routerID: "RouterID",
  passwordSecret: "PasswordRef",
  bfdProfile: "BFDProfile",
  ebgpMultiHop: "EBGPMultiHop",
  vrf: "VRFName",
  enableGracefulRestart: "GracefulRestart",
  dualStackAddressFamily: "DualStackAddressFamily",
};

/** The keys of a peer that MetalLB writes into the FRRConfiguration of a node. */
async function handedToFrrK8s(version: MetallbVersion): Promise<string[]> {
  const source = await upstreamFile(version, "internal/bgp/frrk8s/frrk8s.go");
  const body = /^func \(sm \*sessionManager\) updateConfig.*?^\}/ms.exec(source)?.[0] ?? "";
  const code = body.replaceAll(/\/\/.*$/gm, "");
  return Object.entries(sessionFields)
    .filter(([, field]) => new RegExp(`\\bs\\.${field}\\b`).test(code))
    .map(([key]) => key);
}

describe("the table of what each version of MetalLB can express", () => {
  const schemas = new Map<MetallbVersion, ReadonlyMap<string, OpenApiSchema>>();
  const parsers = new Map<MetallbVersion, (struct: string, key: string) => boolean>();

  beforeAll(async () => {
    for (const version of crdVersions) schemas.set(version, await crdSchemas(version));
    for (const version of configMapVersions) parsers.set(version, await parserOf(version));
  }, 180_000);

  test("is what the CustomResourceDefinitions and the ConfigMap's parsers say of every key", () => {
    // given
    const knows = (version: MetallbVersion, { kind, struct }: (typeof objects)[number], key: string) =>
      schemas.has(version)
        ? schemas.get(version)?.get(kind)?.properties?.["spec"]?.properties?.[key] !== undefined
        : struct !== undefined && parsers.get(version)?.(struct, key) === true;

    // when
    const found = objects.flatMap((object) =>
      Object.keys(object.shape)
        .filter((key) => !elsewhere.includes(key))
        .map((key) => {
          const known = metallbVersions.map((version) => knows(version, object, key));
          const first = known.indexOf(true);
          return {
            key: `${object.key}.${key}`,
            since: metallbVersions[first],
            stays: !known.slice(first).includes(false),
          };
        }),
    );

    // then
    expect(found.filter(({ stays }) => !stays)).toStrictEqual([]);
    const declared = found.map(({ key }) => ({ key, since: firstKnown(declaredSince(key)) }));
    expect(found.map(({ key, since }) => ({ key, since }))).toStrictEqual(declared);
  });

  test("has no key that cluster.yaml does not have", () => {
    const known = objects.flatMap(({ key, shape }) => Object.keys(shape).map((name) => `${key}.${name}`));
    const others = features.map(({ key }) => key).filter((key) => !known.includes(key));
    expect(others).toStrictEqual([
      "controller.logLevel",
      "speaker.logLevel",
      "manifest",
      "manifestSHA256",
      "loadBalancerClass",
      "resources",
      "webhookFailurePolicy",
      "monitoring",
      "frrImageRegistry",
      "images.frr",
      "bfdProfiles",
      "speaker.excludeInterfaces",
      "frrk8s",
      "images.frrk8s",
      "images.kubeRbacProxy",
      "ignoreExcludeLB",
      "speaker.gratuitousARPIntervalSeconds",
    ]);
  });

  test.each(configMapVersions)("MetalLB %s has a flag for the log level just where it is said to", async (version) => {
    const programs = ["controller/main.go", "speaker/main.go"].map((path) => upstreamFile(sourcesOf(version), path));
    const flags = (await Promise.all(programs)).map((source) => source.includes('flag.String("log-level"'));
    const since = ["controller.logLevel", "speaker.logLevel"].map(declaredSince);
    expect(flags).toStrictEqual(since.map((one) => isSince(version, one)));
  });

  test.each(crdVersions)("asks for FRR for just what MetalLB %s refuses without it", async (version) => {
    // when
    const refused = await frrOnlyPeerKeys(version);

    // then
    const declared = features
      .filter(
        ({ key, since, bgpTypes }) =>
          bgpTypes?.includes("native") === false && key.startsWith("peers[].") && isSince(version, since),
      )
      .map(({ key }) => key.replace("peers[].", ""));
    expect(refused.filter((key) => key in peerSchema.shape).sort()).toStrictEqual(declared.sort());
  });

  test.each(crdVersions.filter((version) => bgpTypesIn(version).includes("frr-k8s")))(
    "gives to frr-k8s just what MetalLB %s hands on to it, of what the version knows",
    async (version) => {
      // when
      const handed = await handedToFrrK8s(version);

      // then
      const known = Object.keys(sessionFields).filter((key) => {
        const feature = features.find((one) => one.key === `peers[].${key}`);
        const since = feature?.sinceInFrrK8s ?? feature?.since ?? "0.9.5";
        return isSince(version, since) && (feature?.bgpTypes?.includes("frr-k8s") ?? true);
      });
      expect(handed).toStrictEqual(known);
    },
  );
});

/** What the table says of a key, or of the list that it belongs to. */
const declaredSince = (key: string): MetallbVersion =>
  (features.find((feature) => feature.key === key) ?? features.find((feature) => key.startsWith(`${feature.key}[].`)))
    ?.since ?? "0.9.5";

/** The first version of the table that has what came with a version, which need not be in it. */
const firstKnown = (since: MetallbVersion) => metallbVersions.find((version) => isSince(version, since));
