import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import { MetallbStack } from "../../../../stacks/metallb/metallb-stack";
import { type Difference, differences, inOrder } from "./compare";
import { intendedDifferences } from "./intended-differences";
import { cluster, clusterInput } from "../../../cluster-fixture";
import { type JsonObject, synthesisedOnce } from "../../../synthesised";
import { toManifests } from "./to-manifest";

const moduleAndVersion = "go.universe.tf/metallb@v0.9.6";

/** Upstream's objects, out of the Go module that holds its sources. */
async function upstreamManifests(): Promise<JsonObject[]> {
  const { stdout } = await promisify(execFile)("go", ["mod", "download", "-json", moduleAndVersion], { cwd: tmpdir() });
  const { Dir } = JSON.parse(stdout) as { Dir: string };
  const texts = await Promise.all(
    ["namespace.yaml", "metallb.yaml"].map((file) => readFile(join(Dir, "manifests", file), "utf8")),
  );
  return texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as JsonObject));
}

const ourManifests = (): JsonObject[] => {
  const config = cluster({ kubernetes: { ...clusterInput.kubernetes, version: "1.18" } });
  return toManifests(synthesisedOnce(MetallbStack, "metallb", config).resource);
};

describe("the MetalLB stack for Kubernetes 1.18 beside upstream's manifests of 0.9.6", () => {
  let upstream: JsonObject[];

  beforeAll(async () => {
    upstream = await upstreamManifests();
  }, 180_000);

  test("upstream has the 15 objects that are compared", () => {
    expect(upstream.map(({ kind }) => kind).sort()).toStrictEqual([
      "ClusterRole",
      "ClusterRole",
      "ClusterRoleBinding",
      "ClusterRoleBinding",
      "DaemonSet",
      "Deployment",
      "Namespace",
      "PodSecurityPolicy",
      "PodSecurityPolicy",
      "Role",
      "Role",
      "RoleBinding",
      "RoleBinding",
      "ServiceAccount",
      "ServiceAccount",
    ]);
  });

  test("every object is upstream's, field by field, but for the intended differences", () => {
    // when
    const found = differences(upstream, ourManifests());

    // then
    const intended = intendedDifferences
      .map(({ object, path, upstream: theirs, ours }): Difference => ({ object, path, upstream: theirs, ours }))
      .sort(inOrder);
    expect(found).toStrictEqual(intended);
  });

  test("every intended difference gives its reason in a sentence", () => {
    expect(intendedDifferences.filter(({ reason }) => !/^[A-Z].{20,}\.$/.test(reason))).toStrictEqual([]);
  });
});
