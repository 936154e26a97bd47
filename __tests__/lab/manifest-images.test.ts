import { imagesNamed, versionOf } from "../../lab/build/manifest-images";
import { describeWithUpstream, upstreamManifestFile } from "../stacks/metallb/upstream-manifest";

describeWithUpstream("the images of a manifest", ["0.15.2", "0.16.2"], () => {
  const frr = upstreamManifestFile("0.15.2", "frr");
  const frrK8s = upstreamManifestFile("0.16.2", "frr-k8s");

  test("each name of a program's image once, of all manifests; of a native one none", () => {
    expect(imagesNamed("frr", [upstreamManifestFile("0.15.2")])).toStrictEqual([]);
    expect(imagesNamed("frr", [frr, frrK8s])).toStrictEqual([
      "quay.io/frrouting/frr:9.1.0",
      "quay.io/frrouting/frr:10.6.2",
    ]);
    expect(imagesNamed("frr-k8s", [frr, frrK8s])).toStrictEqual(["quay.io/metallb/frr-k8s:v0.0.27"]);
  });
});

test("the version that an image's tag tells", () => {
  expect(versionOf("registry.example:5000/metallb/frr-k8s:v0.0.27")).toBe("0.0.27");
});
