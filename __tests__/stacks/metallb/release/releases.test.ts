import {
  bgpTypesIn,
  canBePinned,
  isKnown,
  type MetallbVersion,
  metallbVersions,
  nearestKnown,
  newestPatch,
  releaseOf,
  releases,
  usesCustomResources,
} from "../../../../stacks/metallb/release/releases";

const withConfigMap = ["0.9.5", "0.9.6", "0.11.0", "0.12.1"];
const withCustomResources = [
  ...["0.13.7", "0.13.9", "0.13.12", "0.14.5", "0.14.8", "0.14.9"],
  ...["0.15.2", "0.15.3", "0.16.1", "0.16.2"],
];

describe("MetalLB's releases", () => {
  test("are these, oldest first", () => {
    expect(metallbVersions).toStrictEqual([...withConfigMap, ...withCustomResources]);
  });

  test("have a newest patch each, which is advised", () => {
    expect(metallbVersions.map(newestPatch)).toStrictEqual([
      ...["0.9.6", "0.9.6", "0.11.0", "0.12.1"],
      ...["0.13.12", "0.13.12", "0.13.12", "0.14.9", "0.14.9", "0.14.9"],
      ...["0.15.3", "0.15.3", "0.16.2", "0.16.2"],
    ]);
  });

  test("use custom resources from 0.13 on, and then have a manifest of their own for each way to do BGP", () => {
    // when
    const found = metallbVersions.filter(usesCustomResources);

    // then
    expect(found).toStrictEqual(withCustomResources);
    const hashes = found.flatMap((version) => Object.values(releaseOf(version).manifests ?? {}));
    expect(hashes.filter((hash) => /^[0-9a-f]{64}$/.test(hash))).toHaveLength(27);
    expect(new Set(hashes).size).toBe(27);
    for (const version of ["0.9.6", "0.12.1"] as const) expect(releases[version]).not.toHaveProperty("manifests");
  });

  test.each([
    ["0.9.7", "0.9.6"],
    ["0.13.5", "0.13.7"],
    ["0.13.8", "0.13.7"],
    ["0.13.10", "0.13.9"],
    ["0.13.20", "0.13.12"],
    ["0.14.0", "0.14.5"],
    ["0.14.5", "0.14.5"],
    ["0.14.7", "0.14.5"],
    ["0.15.0", "0.15.2"],
    ["0.16.10", "0.16.2"],
  ] as const)("%s counts as %s where nothing is known of itself", (version, known) => {
    expect(nearestKnown(version)).toBe(known);
    expect(releaseOf(version)).toBe(releases[known]);
  });

  test("are asked for of a known minor version alone", () => {
    const ofNone = String("0.17.0") as MetallbVersion;
    for (const ask of [releaseOf, nearestKnown, newestPatch, bgpTypesIn, usesCustomResources])
      expect(() => ask(ofNone)).toThrow("no patch of MetalLB 0.17 is known, asked for 0.17.0");
  });

  test("can be others where their manifest's hash says which: patches of minor versions that have one", () => {
    const asked = ["0.13.7", "0.13.10", "0.16.100", "0.13.6", "0.9.7", "0.17.0", "0.14", "v0.14.3", "0.14.3-a", "main"];
    expect(asked.filter(canBePinned)).toStrictEqual(["0.13.7", "0.13.10", "0.16.100"]);
    expect(asked.filter(isKnown)).toStrictEqual(["0.13.7"]);
    // Names of every object are no versions.
    expect(isKnown("toString")).toBe(false);
  });

  test("have frr-k8s from 0.14 on, FRR from 0.13 on", () => {
    expect(bgpTypesIn("0.9.6")).toStrictEqual(["native"]);
    expect(bgpTypesIn("0.12.1")).toStrictEqual(["native"]);
    expect(bgpTypesIn("0.13.12")).toStrictEqual(["native", "frr"]);
    expect(metallbVersions.filter((version) => bgpTypesIn(version).includes("frr-k8s"))).toStrictEqual([
      ...["0.14.5", "0.14.8", "0.14.9", "0.15.2", "0.15.3", "0.16.1", "0.16.2"],
    ]);
  });
});
