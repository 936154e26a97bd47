import { imageRegistry } from "../../../../stacks/metallb/release/image-registry";

describe("the registry of MetalLB's images", () => {
  test("is upstream's own for the version, unless one is given", () => {
    expect(imageRegistry({ version: "0.9.6", imageRegistry: undefined })).toBe("docker.io/metallb");
    expect(imageRegistry({ version: "0.13.12", imageRegistry: undefined })).toBe("quay.io/metallb");
    expect(imageRegistry({ version: "0.16.2", imageRegistry: "registry.example:5000/m" })).toBe(
      "registry.example:5000/m",
    );
  });
});
