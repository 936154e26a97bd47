import { appendFileSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { manifestFile, manifestProblem, readManifest } from "../../../../stacks/metallb/release/manifest";
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

  test("MetalLB 0.9 has none", () => {
    const older = { version: "0.9.6", bgpType: "native" } as const;
    expect(manifestProblem(older, clusterFile(), "/home/me")).toBeUndefined();
    expect(readManifest(older, clusterFile(), "/home/me")).toBeUndefined();
  });
});
