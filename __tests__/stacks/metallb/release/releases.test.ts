import {
  metallbVersions,
  newestPatch,
  releaseOf,
  releases,
  usesCustomResources,
} from "../../../../stacks/metallb/release/releases";

const withCustomResources = [
  ...["0.13.7", "0.13.9", "0.13.12", "0.14.5", "0.14.8", "0.14.9"],
  ...["0.15.2", "0.15.3", "0.16.1", "0.16.2"],
];

describe("MetalLB's releases", () => {
  test("are these, oldest first", () => {
    expect(metallbVersions).toStrictEqual(["0.9.5", "0.9.6", ...withCustomResources]);
  });

  test("have a newest patch each, which is advised", () => {
    expect(metallbVersions.map(newestPatch)).toStrictEqual([
      ...["0.9.6", "0.9.6", "0.13.12", "0.13.12", "0.13.12", "0.14.9", "0.14.9", "0.14.9"],
      ...["0.15.3", "0.15.3", "0.16.2", "0.16.2"],
    ]);
  });

  test("use custom resources from 0.13 on, and then have two manifests of their own", () => {
    // when
    const found = metallbVersions.filter(usesCustomResources);

    // then
    expect(found).toStrictEqual(withCustomResources);
    const hashes = found.flatMap((version) => Object.values(releaseOf(version).manifests ?? {}));
    expect(hashes.filter((hash) => /^[0-9a-f]{64}$/.test(hash))).toHaveLength(20);
    expect(new Set(hashes).size).toBe(20);
    expect(releases["0.9.6"]).not.toHaveProperty("manifests");
  });
});
