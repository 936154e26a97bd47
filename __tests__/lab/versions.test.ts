import {
  chooseVersions,
  metallbManifest,
  metallbRegistry,
  metallbVersions,
  usesCustomResources,
} from "../../lab/versions";

test("versions that are not asked for are the default ones", () => {
  expect(chooseVersions({})).toStrictEqual({ kubernetes: "1.35.4", metallb: "0.9.6", alsoMetallb: [] });
  expect(chooseVersions({ kubernetes: undefined, metallb: "0.15.2", alsoMetallb: ["0.9.6"] })).toStrictEqual({
    kubernetes: "1.35.4",
    metallb: "0.15.2",
    alsoMetallb: ["0.9.6"],
  });
});

test("the nodes have each version's images once, that of cluster.yaml first", () => {
  const versions = chooseVersions({ metallb: "0.9.6", alsoMetallb: ["0.15.2", "0.9.6", "0.15.2"] });
  expect(metallbVersions(versions)).toStrictEqual(["0.9.6", "0.15.2"]);
});

test("versions that the lab does not know are refused, all at once", () => {
  expect(() => chooseVersions({ kubernetes: "1.30.4", metallb: "0.12.1", alsoMetallb: ["0.15.2", "v0.9.6"] })).toThrow(
    [
      "Kubernetes 1.30.4: expected 1.31.0 or later, such as 1.35.4.",
      "MetalLB 0.12.1: expected 0.9.x, or 0.13.0 or later, such as 0.9.6 or 0.15.2.",
      "MetalLB v0.9.6: expected 0.9.x, or 0.13.0 or later, such as 0.9.6 or 0.15.2.",
    ].join("\n"),
  );
  expect(() => chooseVersions({ kubernetes: "1.35" })).toThrow("Kubernetes 1.35: expected 1.31.0 or later");
});

test("from 0.13 on MetalLB has custom resources, images on quay.io, and a manifest of its own", () => {
  expect(["0.9.6", "0.12.1", "0.13.0", "0.15.2", "v0.15.2"].map(usesCustomResources)).toStrictEqual([
    false,
    false,
    true,
    true,
    false,
  ]);
  expect(metallbRegistry("0.9.6")).toBe("docker.io/metallb");
  expect(metallbRegistry("0.13.12")).toBe("quay.io/metallb");
  expect(metallbManifest("0.15.2")).toBe("metallb-v0.15.2-native.yaml");
});
