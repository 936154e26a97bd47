import { findHelmRelease, helmText } from "../../day-two/metallb/helm-release";
import { fault } from "../faults";

const deployment = (managedBy: string, namespace = "metallb") => ({
  metadata: {
    name: "my-metallb-controller",
    namespace,
    labels: { "app.kubernetes.io/managed-by": managedBy, "app.kubernetes.io/instance": "my" },
    annotations: { "meta.helm.sh/release-name": "my", "meta.helm.sh/release-namespace": namespace },
  },
});
const found = (...items: object[]) => findHelmRelease({ get: () => Promise.resolve({ items }) });

describe(`${fault(94)}: a MetalLB of a Helm release`, () => {
  it("is known by the chart's labels, and by what Helm writes", async () => {
    const asked: string[] = [];
    const get = (path: string) => (asked.push(path), Promise.resolve({ items: [deployment("Helm")] }));
    expect(await findHelmRelease({ get })).toEqual({
      release: "my",
      namespace: "metallb",
      controller: "my-metallb-controller",
    });
    expect(asked).toEqual([
      "/apis/apps/v1/deployments?labelSelector=app.kubernetes.io%2Fname%3Dmetallb%2Capp.kubernetes.io%2Fcomponent%3Dcontroller",
    ]);
  });

  it("is none where another program keeps it, or there is none", async () => {
    expect(await found(deployment("Kustomize"))).toBeUndefined();
    expect(await found()).toBeUndefined();
    expect(await findHelmRelease({ get: () => Promise.resolve(undefined) })).toBeUndefined();
  });

  it("is told with the steps that never put two side by side", () => {
    const release = { release: "my", namespace: "metallb", controller: "c" };
    expect(helmText(release)).toMatch(
      /1\. kubectl -n metallb scale deployment\/c --replicas=0, .*; 2\. helm -n metallb uninstall my; 3\. npx cdktf deploy '\*'$/,
    );
    expect(helmText({ ...release, namespace: "metallb-system" })).toMatch(
      /; 3\. npx baremetal-lb adopt, for the namespace that stays; 4\. npx cdktf deploy '\*'$/,
    );
  });
});
