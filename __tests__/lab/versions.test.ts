import { requireKubernetesRelease } from "../../lab/kubernetes-release";
import { LabError } from "../../lab/lab-error";
import {
  chooseVersions,
  metallbManifest,
  metallbModuleVersion,
  metallbOnNodes,
  metallbRegistry,
} from "../../lab/versions";

test("versions that are not asked for are the default ones", () => {
  expect(chooseVersions({})).toStrictEqual({
    kubernetes: "1.35.4",
    metallb: "0.9.6",
    alsoMetallb: [],
    kernel: "6.1",
  });
  expect(
    chooseVersions({ kubernetes: undefined, metallb: "0.15.2", alsoMetallb: ["0.9.6"], kernel: "7.2" }),
  ).toStrictEqual({
    kubernetes: "1.35.4",
    metallb: "0.15.2",
    alsoMetallb: ["0.9.6"],
    kernel: "7.2",
  });
});

test("MetalLB's version where none is asked for is the one that the Kubernetes version is proven with", () => {
  expect(chooseVersions({ kubernetes: "1.20.2" })).toStrictEqual({
    kubernetes: "1.20.2",
    metallb: "0.9.5",
    alsoMetallb: [],
    kernel: "6.1",
  });
  expect(chooseVersions({ kubernetes: "1.36.4" }).metallb).toBe("0.9.6");
  expect(chooseVersions({ kubernetes: "1.20.2", metallb: "0.13.12" }).metallb).toBe("0.13.12");
});

test("the nodes have each version's images once, that of cluster.yaml first", () => {
  const versions = chooseVersions({ metallb: "0.9.6", alsoMetallb: ["0.15.2", "0.9.6", "0.15.2"] });
  expect(metallbOnNodes(versions)).toStrictEqual(["0.9.6", "0.15.2"]);
});

test("versions that the lab does not know are refused, all at once", () => {
  const known =
    "expected one of 0.9.5, 0.9.6, 0.11.0, 0.12.1, 0.13.7, 0.13.9, 0.13.12, 0.14.5, 0.14.8, 0.14.9, 0.15.2, 0.15.3, 0.16.1, 0.16.2.";
  expect(() =>
    chooseVersions({ kubernetes: "1.27.16", metallb: "0.8.3", alsoMetallb: ["0.15.2", "v0.9.6"], kernel: "6.12" }),
  ).toThrow(
    new LabError(
      [
        "Kubernetes 1.27.16: expected 1.20.2, or 1.28.0 or later, such as 1.35.4.",
        `MetalLB 0.8.3: ${known}`,
        `MetalLB v0.9.6: ${known}`,
        "Linux 6.12: expected one of 6.1, 7.2.",
      ].join("\n"),
    ),
  );
  for (const kubernetes of ["1.35", "1.20.3", "1.20.20", "2.31.0", "v1.35.4"]) {
    expect(() => chooseVersions({ kubernetes })).toThrow(
      `Kubernetes ${kubernetes}: expected 1.20.2, or 1.28.0 or later`,
    );
  }
});

test("what a Kubernetes version's kubeadm reads, makes and names", () => {
  const of = (version: string) => {
    const { source, kubeadmApi, superAdmin, pauseImage } = requireKubernetesRelease(version);
    return [source, kubeadmApi, superAdmin, pauseImage];
  };
  expect(["1.20.2", "1.28.15", "1.30.0", "1.31.0"].map(of)).toStrictEqual([
    ["debianSource", "v1beta2", false, "k8s.gcr.io/pause:3.2"],
    ["goModules", "v1beta3", false, "registry.k8s.io/pause:3.9"],
    ["goModules", "v1beta3", true, "registry.k8s.io/pause:3.9"],
    ["goModules", "v1beta4", true, "registry.k8s.io/pause:3.10"],
  ]);
});

test("upstream's images and manifest of a version, and the module that it is built from", () => {
  expect(metallbRegistry("0.9.6")).toBe("docker.io/metallb");
  for (const version of ["0.11.0", "0.12.1", "0.13.12"] as const) {
    expect(metallbRegistry(version)).toBe("quay.io/metallb");
  }
  expect(metallbManifest("0.15.2", "frr-k8s")).toBe("metallb-v0.15.2-frr-k8s.yaml");
  expect((["0.9.5", "0.9.6", "0.16.2"] as const).map(metallbModuleVersion)).toStrictEqual(["0.9.6", "0.9.6", "0.16.2"]);
});
