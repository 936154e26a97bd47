import { componentImage, declaredImage, imageRegistry } from "../../../../stacks/metallb/release/images";

describe("the registry of MetalLB's images", () => {
  test("is upstream's own for the version, unless one is given", () => {
    expect(imageRegistry({ version: "0.9.6", imageRegistry: undefined })).toBe("docker.io/metallb");
    for (const version of ["0.11.0", "0.12.1", "0.13.12"] as const) {
      expect(imageRegistry({ version, imageRegistry: undefined })).toBe("quay.io/metallb");
    }
    expect(imageRegistry({ version: "0.16.2", imageRegistry: "registry.example:5000/m" })).toBe(
      "registry.example:5000/m",
    );
  });
});

const digest = `sha256:${"a1".repeat(32)}`;

describe("the name of an image", () => {
  test("is upstream's, but for the parts that are given", () => {
    const of = { imageRegistry: "docker.io/metallb", version: "0.9.6" };
    expect(componentImage("speaker", of)).toBe("docker.io/metallb/speaker:v0.9.6");
    const controller = { repository: "mirror.example.org/lb", tag: "v0.9.6-1", digest };
    expect(componentImage("controller", { ...of, images: { controller } })).toBe(
      `mirror.example.org/lb:v0.9.6-1@${digest}`,
    );
    expect(componentImage("speaker", { ...of, images: { controller } })).toBe("docker.io/metallb/speaker:v0.9.6");
  });

  test("is that of upstream's manifest, but for the parts that are given", () => {
    const [speaker, frr] = ["quay.io/metallb/speaker:v0.15.2", "quay.io/frrouting/frr:9.1.0"];
    const all = (metallb: Parameters<typeof declaredImage>[1]) =>
      [speaker, frr].map((image) => declaredImage(image, metallb));
    expect(all({})).toStrictEqual([speaker, frr]);
    expect(all({ imageRegistry: "mirror:5000/m", images: { frr: { tag: "10.4.1" } } })).toStrictEqual([
      "mirror:5000/m/speaker:v0.15.2",
      "mirror:5000/m/frr:10.4.1",
    ]);
    const images = { speaker: { digest }, frr: { repository: "mirror:5000/f", tag: "9.1.0", digest } };
    expect(all({ images })).toStrictEqual([`${speaker}@${digest}`, `mirror:5000/f:9.1.0@${digest}`]);
  });
});
