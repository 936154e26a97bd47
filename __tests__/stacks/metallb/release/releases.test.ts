import {
  bgpTypesIn,
  metallbVersions,
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

  test("have frr-k8s from 0.14 on, FRR from 0.13 on", () => {
    expect(bgpTypesIn("0.9.6")).toStrictEqual(["native"]);
    expect(bgpTypesIn("0.12.1")).toStrictEqual(["native"]);
    expect(bgpTypesIn("0.13.12")).toStrictEqual(["native", "frr"]);
    expect(metallbVersions.filter((version) => bgpTypesIn(version).includes("frr-k8s"))).toStrictEqual([
      ...["0.14.5", "0.14.8", "0.14.9", "0.15.2", "0.15.3", "0.16.1", "0.16.2"],
    ]);
  });
});
