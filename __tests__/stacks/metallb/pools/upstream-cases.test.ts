import { readCluster } from "../../../../cluster/read";
import { customResources } from "../../../../stacks/metallb/pools/custom-resources";
import { type BgpType, type MetallbVersion } from "../../../../stacks/metallb/release/releases";
import type { MetallbConfig } from "../../../../stacks/metallb/schema/metallb";
import { asClusterYaml } from "../parser/as-cluster-yaml";
import { MetallbParser, type Pair } from "../parser/metallb-parser";
import { type UpstreamCase, upstreamCases, type UpstreamResources } from "../parser/upstream-cases";
import { verdictDifferences } from "../parser/verdict-differences";
import { describeWithUpstream } from "../upstream-manifest";

// The cases of MetalLB's own parser tests, each written as a cluster.yaml.

const versions = ["0.13.12", "0.15.2", "0.16.2"] as const;

/** FRR first: its hold time is not written out where a peer has none. */
const anyType: readonly BgpType[] = ["frr", "frr-k8s", "native"];

/** The ways of doing BGP that a case is of; any of them may take one that is of none. */
const typesOf: Readonly<Record<UpstreamCase["test"], readonly BgpType[]>> = {
  TestParse: anyType,
  TestServiceSelectors: anyType,
  TestValidate: ["native"],
  TestValidateFRR: ["frr"],
};

function taken({ test, resources }: UpstreamCase, version: MetallbVersion): MetallbConfig | undefined {
  for (const bgpType of typesOf[test]) {
    const found = asClusterYaml(resources, version, bgpType);
    if ("noKey" in found) return undefined;
    const { config } = readCluster(JSON.stringify(found.cluster), "cluster.yaml");
    if (config !== undefined) return config.metallb;
  }
  return undefined;
}

const kinds: Readonly<Partial<Record<keyof UpstreamResources, string>>> = {
  ipaddresspools: "IPAddressPool",
  l2advertisements: "L2Advertisement",
  bgpadvertisements: "BGPAdvertisement",
  bgppeers: "BGPPeer",
  bfdprofiles: "BFDProfile",
  communities: "Community",
};

const objectsOf = (resources: UpstreamResources): object[] =>
  (Object.keys(kinds) as (keyof UpstreamResources)[]).flatMap((key) =>
    ((resources[key] ?? []) as readonly object[]).map((object) => ({ kind: kinds[key], ...object })),
  );

describeWithUpstream("cluster.yaml beside MetalLB's own parser tests", versions, () => {
  const cases = new Map<MetallbVersion, readonly UpstreamCase[]>();
  beforeAll(() => {
    for (const version of versions) cases.set(version, upstreamCases(version));
  }, 180_000);

  // A case that is read wrongly, or not at all, changes one of them.
  it.each([
    ["0.13.12", 103, 34],
    ["0.15.2", 119, 41],
    ["0.16.2", 147, 58],
  ] as const)("%s has %i cases, of which MetalLB takes %i", (version, count, takenCount) => {
    const found = cases.get(version) ?? [];
    expect([found.length, found.filter(({ taken }) => taken).length]).toStrictEqual([count, takenCount]);
  });

  it.each(versions)("%s: each is taken or refused as MetalLB does, but for a written list", (version) => {
    // when
    const found = (cases.get(version) ?? [])
      .map((one) => ({ desc: one.desc, upstream: one.taken, ours: taken(one, version) !== undefined }))
      .filter(({ upstream, ours }) => upstream !== ours)
      .map(({ desc, upstream }) => [upstream ? "MetalLB" : "cluster.yaml", desc]);

    // then
    const written = verdictDifferences.flatMap(({ takenBy, cases: listed }) =>
      Object.entries(listed)
        .filter(([, of]) => of.includes(version))
        .map(([desc]) => [takenBy, desc]),
    );
    expect(found.sort()).toStrictEqual(written.sort());
  });

  test("what both take of 0.15.2 is the same to MetalLB, but for what is said here", () => {
    // given
    const both = (cases.get("0.15.2") ?? []).flatMap((one) => {
      const metallb = one.taken ? taken(one, "0.15.2") : undefined;
      return metallb === undefined ? [] : [{ one, metallb }];
    });
    const pairs = both.map(({ one: { resources }, metallb }): Pair => ({
      bgpType: metallb.bgpType,
      nodes: resources.nodes ?? [],
      namespaces: resources.namespaces ?? [],
      one: customResources(metallb),
      other: objectsOf(resources),
    }));

    // when
    const verdicts = MetallbParser.of("0.15.2").compare(pairs);

    // then
    const others = verdicts.flatMap(({ same, one }, index) => (same ? [] : [[both[index]?.one.desc, one]]));
    expect(verdicts.length).toBe(33);
    expect(others).toStrictEqual([
      // The Secret is not among the objects that are compared.
      [
        "BGP Peer with a valid secret",
        'parsing peer peer1 secret ref not found for peer config "metallb-system"/"peer1"\nfailed to parse peer peer1 password secret',
      ],
      // The hold time that MetalLB's own BGP assumes is written out: stacks/metallb/pools/hold-time.ts.
      ["v6 address but pool not selected", "taken"],
      ["should pass", "taken"],
    ]);
    // Go builds MetalLB's parser with what it needs of Kubernetes.
  }, 900_000);

  test("every difference gives its reason in sentences", () => {
    expect(
      verdictDifferences.map(({ reason }) => reason).filter((text) => !/^[A-Z].{20,}\.$/.test(text)),
    ).toStrictEqual([]);
  });
});
