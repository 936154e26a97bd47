import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { MetallbStack } from "../../../../stacks/metallb/metallb-stack";
import {
  type MetallbVersion,
  metallbVersions,
  releaseOf,
  usesCustomResources,
} from "../../../../stacks/metallb/release/releases";
import { upstreamFolder } from "../upstream-manifest";
import { type Difference, differences, inOrder } from "./compare";
import { intendedDifferences } from "./intended-differences";
import { cluster, clusterInput } from "../../../cluster-fixture";
import { type JsonObject, synthesisedOnce } from "../../../synthesised";
import { toManifests } from "./to-manifest";

/** Upstream's objects, out of the Go module that holds its sources. */
const upstreamManifests = (version: MetallbVersion): JsonObject[] =>
  ["namespace.yaml", "metallb.yaml"]
    .map((file) => readFileSync(join(upstreamFolder(version), "manifests", file), "utf8"))
    .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as JsonObject));

/** On the oldest Kubernetes, whose API server fills in most, and which has PodSecurityPolicies. */
const ourManifests = (version: MetallbVersion): JsonObject[] => {
  const config = cluster({
    kubernetes: { ...clusterInput.kubernetes, version: `1.${releaseOf(version).minimumMinor}` },
    metallb: { ...clusterInput.metallb, version },
  });
  return toManifests(synthesisedOnce(MetallbStack, "metallb", config).resource);
};

const kindsOf09 = [
  ...["ClusterRole", "ClusterRole", "ClusterRoleBinding", "ClusterRoleBinding", "DaemonSet", "Deployment", "Namespace"],
  ...["PodSecurityPolicy", "PodSecurityPolicy", "Role", "Role", "RoleBinding", "RoleBinding"],
  ...["ServiceAccount", "ServiceAccount"],
];

// The module of 0.9.5 is not published; metallb-stack.test.ts compares it with 0.9.6.
const versions = metallbVersions.filter((version) => !usesCustomResources(version) && version !== "0.9.5");

test("the versions with a ConfigMap are compared", () => {
  expect(versions).toStrictEqual(["0.9.6", "0.11.0", "0.12.1"]);
});

describe.each(versions)("the MetalLB stack beside upstream's manifests of %s", (version) => {
  let upstream: JsonObject[];

  beforeAll(() => {
    upstream = upstreamManifests(version);
  }, 180_000);

  test("upstream has the objects that are compared", () => {
    const more = version === "0.9.6" ? [] : ["Role", "RoleBinding"];
    expect(upstream.map(({ kind }) => kind).sort()).toStrictEqual([...kindsOf09, ...more].sort());
  });

  test("every object is upstream's, field by field, but for the intended differences", () => {
    // when
    const found = differences(upstream, ourManifests(version));

    // then
    const intended = intendedDifferences(version)
      .map(({ object, path, upstream: theirs, ours }): Difference => ({ object, path, upstream: theirs, ours }))
      .sort(inOrder);
    expect(found).toStrictEqual(intended);
  });

  test("every intended difference gives its reason in a sentence", () => {
    const reasons = intendedDifferences(version).map(({ reason }) => reason);
    expect(reasons.filter((reason) => !/^[A-Z].{20,}\.$/.test(reason))).toStrictEqual([]);
  });
});
