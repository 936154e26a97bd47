import {
  bgpTypesIn,
  metallbVersions,
  releaseOf,
  usesCustomResources,
} from "../../../../stacks/metallb/release/releases";
import { MetallbCrdsStack } from "../../../../stacks/metallb/metallb-crds-stack";
import { MetallbStack } from "../../../../stacks/metallb/metallb-stack";
import { cluster, clusterInput } from "../../../cluster-fixture";
import { fileHash, upstreamManifest, upstreamManifestFile } from "../upstream-manifest";
import { type JsonObject, synthesisedOnce } from "../../../synthesised";
import { fault } from "../../../faults";
import { absent, type Difference, differences, inOrder, objectName } from "./compare";
import { manifestDifferences } from "./manifest-differences";
import { toManifests } from "./to-manifest";

interface Workload {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly hostNetwork?: boolean;
        readonly containers: readonly { readonly ports?: readonly { readonly containerPort: number }[] }[];
      };
    };
  };
}

const versions = metallbVersions.filter(usesCustomResources);
const cases = versions.flatMap((version) => bgpTypesIn(version).map((bgpType) => ({ version, bgpType })));

describe.each(cases)("the stacks of MetalLB $version ($bgpType) beside upstream's manifest", ({ version, bgpType }) => {
  const ours = (): JsonObject[] => {
    const manifest = upstreamManifest(version, bgpType);
    const config = cluster({ metallb: { ...clusterInput.metallb, version, bgpType } });
    const crds = synthesisedOnce(MetallbCrdsStack, "metallb-crds", { ...config, manifest });
    const metallb = synthesisedOnce(MetallbStack, "metallb", { ...config, manifest });
    // The namespace is in one of the two; crds has it on a new cluster.
    const { kubernetes_namespace_v1, ...rest } = metallb.resource;
    expect(kubernetes_namespace_v1).toBeDefined();
    return [...toManifests(crds.resource), ...toManifests(rest)];
  };

  test("the manifest has the pinned hash", () => {
    expect(fileHash(upstreamManifestFile(version, bgpType))).toBe(releaseOf(version).manifests?.[bgpType]);
  }, 180_000);

  test("every object is upstream's, field by field, but for the intended differences", () => {
    // when
    const found = differences(upstreamManifest(version, bgpType) as unknown as JsonObject[], ours());

    // then
    const intended = manifestDifferences(version, bgpType)
      .map(({ object, path, upstream, ours }): Difference => ({ object, path, upstream, ours }))
      .sort(inOrder);
    expect(found).toStrictEqual(intended);
  });

  test(`${fault(267)}: no CRD has the certificate of an authority, which MetalLB's controller writes`, () => {
    const definitions = ours().filter(({ kind }) => kind === "CustomResourceDefinition");
    expect(definitions.length).toBeGreaterThan(5);
    expect(JSON.stringify(definitions)).not.toContain("caBundle");
  });

  test(`${fault(113)}: below Kubernetes 1.28 pods on the host's network have its ports that the API server fills in, and nothing else changes`, () => {
    const of = (kubernetesVersion: string) => {
      const manifest = upstreamManifest(version, bgpType);
      const kubernetes = { ...clusterInput.kubernetes, version: kubernetesVersion };
      const config = cluster({ kubernetes, metallb: { ...clusterInput.metallb, version, bgpType } });
      return toManifests(synthesisedOnce(MetallbStack, "metallb", { ...config, manifest }).resource);
    };
    const found = differences(of("1.28.0"), of("1.27.16"));
    const workloads = of("1.28.0").filter(
      (object) => (object as unknown as Partial<Workload>).spec?.template?.spec.hostNetwork === true,
    );
    expect(workloads.map(objectName)).toContain("DaemonSet speaker");
    const expected = workloads.flatMap((object) =>
      (object as unknown as Workload).spec.template.spec.containers.flatMap(({ ports = [] }, index) =>
        ports.map(({ containerPort: port }, at) => ({
          object: objectName(object),
          path: `spec.template.spec.containers[${index}].ports[${at}].hostPort`,
          upstream: absent,
          ours: port,
        })),
      ),
    );
    expect(expected.length).toBeGreaterThan(0);
    expect(found).toStrictEqual(expected.sort(inOrder));
  });

  test("every intended difference gives its reason in a sentence", () => {
    const reasons = manifestDifferences(version, bgpType).map(({ reason }) => reason);
    expect(reasons.filter((reason) => !/^[A-Z].{20,}\.$/.test(reason))).toStrictEqual([]);
  });
});
