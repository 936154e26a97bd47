import { readCluster } from "../../../../cluster/read";
import { metallbVersions, releaseOf } from "../../../../stacks/metallb/release/releases";
import { edited, problemsIn } from "../../../cluster/sample";
import { fault } from "../../../faults";
import { pool, problemsOf } from "./newer-metallb";

const manifestSHA256 = "0123456789abcdef".repeat(4);
const known = `one of ${metallbVersions.join(", ")}`;
const others = "another patch of 0.13, 0.14, 0.15 or 0.16 with metallb.manifestSHA256";

describe("a version of MetalLB that is not in the table of releases", () => {
  const declared = (version: string, more = "") =>
    edited(['version: "1.18"', 'version: "1.30"'], ["version: 0.9.5", `version: ${version}${more}`]);

  it(`${fault(14)}: is refused without its manifest's hash, at its place and with the way to it`, () => {
    expect(problemsIn(declared("0.14.3"))).toStrictEqual([
      `cluster.yaml:19:12: error: metallb.version: given "0.14.3"; expected ${known}, or ${others}; choose one of them, or add metallb.manifestSHA256, which npx baremetal-lb manifest tells`,
    ]);
  });

  it("is no problem without it for the command that tells it", () => {
    const { config, problems } = readCluster(declared("0.14.3"), "cluster.yaml", { manifestHashOptional: true });
    expect(problems).toStrictEqual([]);
    expect(config?.metallb.version).toBe("0.14.3");
  });

  it.each(["0.13.8", "0.13.10", "0.14.0", "0.14.10", "0.15.0", "0.16.0", "0.16.99"])(
    "is taken with it: %s",
    (version) => {
      expect(problemsOf({ version, manifestSHA256 })).toStrictEqual([]);
    },
  );

  it.each([
    ["0.13.6", ", from 0.13.7 on: older ones have other objects"],
    ["0.9.7", ": the objects of MetalLB 0.9 are written out here, for these patches alone, and come from no manifest"],
    ["0.17.0", ": which objects and keys MetalLB 0.17 has is not known here"],
    ["v0.14.3", "", "write 0.14.3"],
    ["v0.14.8", "", "write 0.14.8"],
    ["0.14.3 ", "", "write 0.14.3"],
    ["v0.17.0", ""],
    ["0.14.3-hardened", ""],
    ["0.14.03", ""],
    ["0.14", ""],
  ])(
    `${fault(14)}: is refused, whatever its hash, with its reason and once: %s`,
    (version, reason, remedy = "choose one of them") => {
      const refused = `version: given "${version}"; expected ${known}, or ${others}${reason}; ${remedy}`;
      expect(problemsOf({ version, manifestSHA256, ignoreExcludeLB: true })).toStrictEqual([refused]);
      expect(problemsOf({ version })).toStrictEqual([refused]);
    },
  );

  it(`${fault(14)}: is refused once where its hash is none`, () => {
    expect(problemsOf({ version: "0.14.3", manifestSHA256: "df1ca995" })).toStrictEqual([
      'manifestSHA256: given "df1ca995"; expected a SHA-256: 64 hexadecimal digits, in small letters; write it as npx baremetal-lb manifest tells it',
    ]);
  });

  it(`${fault(14)}: has a hash that YAML would read as a number in quotes`, () => {
    const digits = "1".repeat(64);
    expect(problemsIn(declared("0.14.3", `\n  manifestSHA256: ${digits}`))).toStrictEqual([
      expect.stringContaining(
        `cluster.yaml:20:19: error: metallb.manifestSHA256: given ${digits}; expected a SHA-256: 64 hexadecimal digits, in small letters; put it in quotes: manifestSHA256: "${digits}"`,
      ),
    ]);
  });

  describe("is judged by its number", () => {
    const refusal = (key: string, version: string, since: string, advised: string, type = "") =>
      `${key}: given ${key.replace(/^.*\./, "")} with version: ${version}; expected MetalLB ${since} or newer${type}, the first that can express it; remove the key, or set metallb.version: ${advised}`;
    const rackA = { matchLabels: { rack: "a" } };
    const selected = { pools: [{ ...pool, l2Advertisements: [{ serviceSelectors: [rackA] }] }] };

    it.each([
      ["ignoreExcludeLB", "0.14.3", "0.14.4", "0.14.9", { ignoreExcludeLB: true }],
      ["speaker.excludeInterfaces", "0.13.8", "0.13.10", "0.13.12", { speaker: { excludeInterfaces: ["^lo$"] } }],
      ["pools[0].l2Advertisements[0].serviceSelectors", "0.15.1", "0.16.0", "0.16.2", selected],
    ])(`${fault(14)}: %s, which %s cannot express`, (key, version, since, advised, section) => {
      expect(problemsOf({ version, manifestSHA256, ...section })).toStrictEqual([
        refusal(key, version, since, advised),
      ]);
      expect(problemsOf({ version: since, manifestSHA256, ...section })).toStrictEqual([]);
    });

    it(`${fault(14)}: the ways to do BGP`, () => {
      const images = { kubeRbacProxy: { repository: "registry.k8s.io/kubebuilder/kube-rbac-proxy" } };
      expect(problemsOf({ version: "0.14.3", manifestSHA256, bgpType: "frr-k8s", images })).toStrictEqual([]);
      expect(problemsOf({ version: "0.13.10", manifestSHA256, bgpType: "frr-k8s" })).toStrictEqual([
        "bgpType: given frr-k8s with version: 0.13.10; expected MetalLB 0.14.0 or newer, the first with frr-k8s; remove the key, or set metallb.version: 0.14.9",
      ]);
    });

    it(`${fault(14)}: what upstream is about to remove, and an image that is gone`, () => {
      const severities = (version: string, bgpType: string) =>
        problemsOf({ version, manifestSHA256, bgpType }).map((text) => text.replace(/; expected .*/, ""));
      expect(severities("0.15.1", "frr")).toStrictEqual([]);
      expect(severities("0.16.0", "frr")).toStrictEqual(["warning: metallb.bgpType: given frr with version: 0.16.0"]);
      expect(severities("0.15.1", "frr-k8s")).toStrictEqual([
        "warning: metallb.bgpType: given frr-k8s with version: 0.15.1",
      ]);
      expect(severities("0.16.0", "frr-k8s")).toStrictEqual([]);
    });

    it(`${fault(14)}: the oldest Kubernetes`, () => {
      const text = edited(["version: 0.9.5", `version: 0.14.3\n  manifestSHA256: ${manifestSHA256}`]);
      expect(problemsIn(text)).toStrictEqual([
        'cluster.yaml:3:12: error: kubernetes.version: given "1.18"; expected Kubernetes 1.21 or newer, which MetalLB 0.14.3 needs; upgrade the cluster to 1.21 first, or set metallb.version: 0.11.0',
      ]);
    });
  });
});

describe("a version of MetalLB that is in the table of releases", () => {
  const hashes = releaseOf("0.15.2").manifests;

  it("may have its own hash beside it", () => {
    expect(problemsOf({ version: "0.15.2", manifestSHA256: hashes?.native })).toStrictEqual([]);
    expect(problemsOf({ version: "0.15.2", bgpType: "frr", manifestSHA256: hashes?.frr })).toStrictEqual([]);
  });

  it.each([
    ["of no manifest", manifestSHA256],
    ["of the manifest of another bgpType", hashes?.frr],
  ])(`${fault(49)}: is refused with another hash, %s`, (_what, given) => {
    expect(problemsOf({ version: "0.15.2", manifestSHA256: given })).toStrictEqual([
      `manifestSHA256: given ${given} with version: 0.15.2; expected ${hashes?.native}, that of upstream's config/manifests/metallb-native.yaml of MetalLB v0.15.2: by this version the stacks mean that manifest, which they were compared with; remove the key; images of your own go into metallb.images, and a manifest of your own needs a version that is none of the known ones`,
    ]);
  });

  it(`${fault(14)}: takes none where it has no manifest`, () => {
    expect(problemsOf({ version: "0.9.6", manifestSHA256 })).toStrictEqual([
      "manifestSHA256: given manifestSHA256 with version: 0.9.6; expected MetalLB 0.13.7 or newer, the first that can express it; remove the key, or set metallb.version: 0.13.12",
    ]);
  });
});
