import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { manifestFile, manifestProblem, readManifest, sha256 } from "../../../../stacks/metallb/release/manifest";
import { problemText } from "../../../../values/problem";
import { fault } from "../../../faults";
import { fileHash, upstreamManifest, upstreamManifestFile } from "../upstream-manifest";

const metallb = { version: "0.15.2", bgpType: "native" } as const;

test("the manifest stands beside cluster.yaml, or where the configuration says", () => {
  expect(manifestFile(metallb, "/clusters/search/cluster.yaml", "/home/me")).toBe(
    "/clusters/search/metallb-v0.15.2-native.yaml",
  );
  const named = (manifest: string) =>
    manifestFile({ ...metallb, manifest }, "/clusters/search/cluster.yaml", "/home/me");
  expect(named("../upstream/metallb.yaml")).toBe("/clusters/upstream/metallb.yaml");
  expect(named("~/metallb.yaml")).toBe("/home/me/metallb.yaml");
  expect(named("/opt/metallb.yaml")).toBe("/opt/metallb.yaml");
});

describe("reading the manifest", () => {
  let folder: string;
  const clusterFile = () => join(folder, "cluster.yaml");
  const file = () => join(folder, "metallb-v0.15.2-native.yaml");
  const remedy = "fetch it with npx baremetal-lb manifest, and keep it beside the cluster's file";
  const expected =
    "expected upstream's config/manifests/metallb-native.yaml of MetalLB v0.15.2, SHA-256 a1b04c376fb39c93265f551fe23716a3ae6e09b790edb3bf257d3fc784c35a18";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "manifest-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const problem = () => {
    const found = manifestProblem(metallb, clusterFile(), "/home/me");
    return found && problemText(found);
  };

  test("gives upstream's objects", () => {
    copyFileSync(upstreamManifestFile("0.15.2"), file());
    expect(problem()).toBeUndefined();
    expect(readManifest(metallb, clusterFile(), "/home/me")).toEqual(upstreamManifest("0.15.2"));
  }, 180_000);

  test(`${fault(49)}: one that is not there is an error with the way to it`, () => {
    const text = `${clusterFile()}: error: metallb.manifest: given ${file()}, which does not exist; ${expected}; ${remedy}`;
    expect(problem()).toBe(text);
    expect(() => readManifest(metallb, clusterFile(), "/home/me")).toThrow(text);
  });

  test(`${fault(49)}: one that somebody changed is an error, and nothing of it is used`, () => {
    copyFileSync(upstreamManifestFile("0.15.2"), file());
    appendFileSync(file(), "\n");
    const text = `${clusterFile()}: error: metallb.manifest: given ${file()}, whose SHA-256 is ${fileHash(file())}; ${expected}; ${remedy}`;
    expect(problem()).toBe(text);
    expect(() => readManifest(metallb, clusterFile(), "/home/me")).toThrow(text);
  }, 180_000);

  describe("of a version that cluster.yaml pins", () => {
    const version = "0.15.100";
    const [path, name] = ["config/manifests/metallb-native.yaml", "metallb-v0.15.100-native.yaml"];
    const ofVersion = (text: string) => text.replaceAll("v0.15.2", `v${version}`);
    const upstreams = (bgpType: "native" | "frr" = "native") =>
      readFileSync(upstreamManifestFile("0.15.2", bgpType), "utf8");
    /** What is wrong with a text as the manifest, and what a cluster.yaml with its hash has. */
    const found = (text: string, manifestSHA256: string | undefined = sha256(text)) => {
      writeFileSync(join(folder, name), text);
      const chosen = { version, bgpType: "native", manifestSHA256 } as const;
      const problem = manifestProblem(chosen, clusterFile(), "/home/me");
      return { chosen, text: problem && problemText(problem) };
    };
    const problemWith = (fault: string, hash: string) =>
      `${clusterFile()}: error: metallb.manifest: given ${join(folder, name)}, ${fault}; expected upstream's ${path} of MetalLB v${version}, SHA-256 ${hash}; ${remedy}`;

    test("gives its objects, without documents that say nothing", () => {
      const { chosen, text } = found(`${ofVersion(upstreams())}\n---\n# the end\n`);
      expect(text).toBeUndefined();
      const objects = JSON.parse(ofVersion(JSON.stringify(upstreamManifest("0.15.2")))) as unknown;
      expect(readManifest(chosen, clusterFile(), "/home/me")).toEqual(objects);
    }, 180_000);

    test(`${fault(49)}: one that has another hash is an error, and one that has none`, () => {
      const text = ofVersion(upstreams());
      const other = sha256("other");
      expect(found(text, other).text).toBe(problemWith(`whose SHA-256 is ${sha256(text)}`, other));
      writeFileSync(join(folder, name), text);
      const unpinned = { version, bgpType: "native" } as const;
      expect(() => readManifest(unpinned, clusterFile(), "/home/me")).toThrow(
        problemWith(`whose SHA-256 is ${sha256(text)}`, "as metallb.manifestSHA256 has to say it"),
      );
    });

    const budget = "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: speaker }\n";
    const noList = "which is no list of Kubernetes' objects in YAML";
    test.each([
      ["of another version", () => upstreams(), "whose controller has the image quay.io/metallb/controller:v0.15.2"],
      ["of another bgpType", () => ofVersion(upstreams("frr")), "whose speakers do BGP by frr"],
      [
        "with an object of another kind",
        () => `${ofVersion(upstreams())}\n${budget}`,
        "which has PodDisruptionBudget speaker, of a kind that the stacks have no resource for",
      ],
      ["of another program", () => budget, "which has no Deployment controller"],
      ["that is a web page", () => "<html><body>404</body></html>", noList],
      ["that is no YAML", () => "kind: [", noList],
      ["that is empty", () => "", noList],
    ])(
      `${fault(49)}: one %s is an error, whatever its hash`,
      (_what, text, says) => {
        const content = text();
        expect(found(content).text).toBe(problemWith(says, sha256(content)));
      },
      180_000,
    );
  });

  test("MetalLB 0.9 has none", () => {
    const older = { version: "0.9.6", bgpType: "native" } as const;
    expect(manifestProblem(older, clusterFile(), "/home/me")).toBeUndefined();
    expect(readManifest(older, clusterFile(), "/home/me")).toBeUndefined();
  });
});
