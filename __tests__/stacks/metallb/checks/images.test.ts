import { fault } from "../../../faults";
import { problemsOf } from "./newer-metallb";

const digest = `sha256:${"a1".repeat(32)}`;

describe("metallb.images", () => {
  it("may name images by repository, tag and digest", () => {
    const images = {
      controller: { repository: "mirror.example.org:5000/lb/controller" },
      speaker: { tag: "v0.15.2-hardened.1", digest },
      frr: { repository: "mirror.example.org/frr", tag: "10.4.1", digest },
    };
    expect(problemsOf({ version: "0.15.2", bgpType: "frr", images })).toStrictEqual([]);
    // FRR's is named, so that nothing has to be said of where a mirror has it.
    const imageRegistry = "mirror.example.org/metallb";
    expect(problemsOf({ version: "0.15.2", bgpType: "frr", imageRegistry, images })).toStrictEqual([]);
    const { controller } = images;
    expect(problemsOf({ version: "0.9.6", images: { controller } })).toStrictEqual([]);
  });

  it.each([
    [
      { repository: "https://mirror/controller:v0.15.2" },
      'repository: given "https://mirror/controller:v0.15.2"; expected an image\'s name with its registry, such as mirror.example.org/metallb/controller; write it without https://, tag and digest',
    ],
    [
      { repository: "controller" },
      'repository: given "controller"; expected an image\'s name with its registry, such as mirror.example.org/metallb/controller; write it without https://, tag and digest',
    ],
    [
      { tag: "v0.15.2", digest: "abc" },
      'digest: given "abc"; expected a digest: sha256: and 64 hexadecimal digits; write it as docker buildx imagetools inspect prints it',
    ],
    [
      { tag: "-x" },
      'tag: given "-x"; expected an image\'s tag: at most 128 letters, digits, underscores, dots and hyphens; write it as text, such as v0.15.2',
    ],
    [
      { tag: "v0.15.21" },
      'tag: given "v0.15.21" with version: 0.15.2; expected a tag that is or begins with v0.15.2, by which verify and upgrade tell the version; write v0.15.2, or v0.15.2 with more behind a hyphen; an image of another tag by its digest, with tag: v0.15.2 beside',
    ],
  ])("%j is refused", (controller, problem) => {
    expect(problemsOf({ version: "0.15.2", images: { controller } })).toStrictEqual([`images.controller.${problem}`]);
  });

  it(`${fault(123)}: a digest needs its tag beside it, and is refused where an upgrade leaves it behind`, () => {
    expect(
      problemsOf({ version: "0.15.2", bgpType: "frr", images: { speaker: { digest }, frr: { digest } } }),
    ).toStrictEqual([
      "images.speaker.digest: given a digest without a tag; expected the tag beside it that it is the digest of: so a digest that is left behind by an upgrade is seen; write tag: v0.15.2, too",
      "images.frr.digest: given a digest without a tag; expected the tag beside it that it is the digest of: so a digest that is left behind by an upgrade is seen; write tag, too",
    ]);
    expect(problemsOf({ version: "0.15.3", images: { speaker: { tag: "v0.15.2", digest } } })).toStrictEqual([
      'images.speaker.tag: given "v0.15.2" with version: 0.15.3; expected a tag that is or begins with v0.15.3, by which verify and upgrade tell the version; write v0.15.3, and the digest of that version: by the one beside it nodes would go on with the image of another',
    ]);
  });

  it.each(["0.14.5", "0.15.3"])(
    `${fault(252)}: frr-k8s of %s needs another place for the image that is not served`,
    (version) => {
      const kubeRbacProxy = { repository: "registry.k8s.io/kubebuilder/kube-rbac-proxy", tag: "v0.13.1" };
      expect(problemsOf({ version, bgpType: "frr-k8s" })).toStrictEqual([
        `warning: metallb.bgpType: given frr-k8s with version: ${version}; expected metallb.images.kubeRbacProxy.repository beside it: upstream's manifest takes this image from gcr.io/kubebuilder/kube-rbac-proxy, which is not served any more, and without it no pod of frr-k8s gets ready; write where it is, registry.k8s.io/kubebuilder/kube-rbac-proxy or a mirror of yours, or set metallb.version: 0.16.2, which needs none`,
      ]);
      expect(problemsOf({ version, bgpType: "frr-k8s", images: { kubeRbacProxy } })).toStrictEqual([]);
      expect(problemsOf({ version: "0.16.2", bgpType: "frr-k8s" })).toStrictEqual([]);
    },
  );

  it(`${fault(123)}: a digest of frr-k8s' images needs its tag, too`, () => {
    const images = { frrk8s: { digest }, kubeRbacProxy: { repository: "mirror.example.org/proxy", digest } };
    const needsTag =
      "digest: given a digest without a tag; expected the tag beside it that it is the digest of: so a digest that is left behind by an upgrade is seen; write tag, too";
    expect(problemsOf({ version: "0.15.2", bgpType: "frr-k8s", images })).toStrictEqual([
      `images.frrk8s.${needsTag}`,
      `images.kubeRbacProxy.${needsTag}`,
    ]);
  });

  it.each([
    [{ image: { repository: "x" } }, "write images, with controller and speaker below it"],
    [{ speaker: { image: { tag: "v0.15.2" } } }, "write it below metallb.images: controller, speaker, frr"],
    [{ controller: { image: { tag: "v0.15.2" } } }, "write it below metallb.images: controller, speaker, frr"],
  ])("%j of the chart is told where it is written", (metallb, remedy) => {
    expect(problemsOf({ version: "0.15.2", ...metallb }).map((text) => text.split("; ").at(-1))).toStrictEqual([
      remedy,
    ]);
  });
});
