import { metallbVersions, releaseOf, releases, usesCustomResources } from "../../../../stacks/metallb/release/releases";

describe("MetalLB's releases", () => {
  test("are these, oldest first", () => {
    expect(metallbVersions).toStrictEqual(["0.9.5", "0.9.6", "0.13.12", "0.14.9", "0.15.2", "0.15.3", "0.16.2"]);
  });

  test("use custom resources from 0.13 on, and then have two manifests of their own", () => {
    // when
    const found = metallbVersions.filter(usesCustomResources);

    // then
    expect(found).toStrictEqual(["0.13.12", "0.14.9", "0.15.2", "0.15.3", "0.16.2"]);
    const hashes = found.flatMap((version) => Object.values(releaseOf(version).manifests ?? {}));
    expect(hashes.filter((hash) => /^[0-9a-f]{64}$/.test(hash))).toHaveLength(10);
    expect(new Set(hashes).size).toBe(10);
    expect(releases["0.9.6"]).not.toHaveProperty("manifests");
  });
});
