import { proven, type ProvenCluster } from "../../../lab/proven";
import * as lab from "../../../lab/lab";
import { type MetallbVersion, usesCustomResources } from "../../../stacks/metallb/release/releases";
import { apply, diff, kubectl } from "../core/cluster";
import { declareMetallb, exposeWeb, serviceAddresses } from "../core/metallb-version";
import { onLab } from "../core/on-lab";
import { polling } from "../core/poll";
import { resourcesInState } from "../core/state";
import { memberlistKey } from "../core/upstream-metallb";

// MetalLB moves from one version to another, also from a ConfigMap to custom resources, by way of others or straight, in
// place, by a changed version in cluster.yaml, while a client asks five times a second. More Services than one: a
// controller that gave addresses anew would give them in another order.

const services = ["web", "aaa", "zzz"];

/** The stacks of a version of MetalLB. */
const stacksOf = (version: MetallbVersion) => [
  ...["nodes", "kube-proxy"],
  ...(usesCustomResources(version) ? ["metallb-crds", "address-pools"] : []),
  "metallb",
];

/** The address that a Service has had from the start, as its last one would not be by chance. */
const last = "10.89.0.242";

const runs = proven["matrix/upgrade"].runs.map((run: ProvenCluster) => {
  const [oldest, ...later] = run.metallb;
  if (oldest === undefined) throw new Error("a run of matrix/upgrade has no version");
  const steps = later.map((to, index) => ({ from: run.metallb[index], to }));
  return { ...run, path: run.metallb.join(", then "), oldest, later, steps };
});

onLab.each(runs)("MetalLB $path", ({ kubernetes, kernel, oldest, later, steps }) => {
  let addresses: string[];
  let key: string;

  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: 2, kubernetes, kernel, metallb: oldest, alsoMetallb: later });
    await lab.deploy();
    await lab.applyWeb();
    await lab.prove();
    // One after the other: web has the first address, aaa the second, zzz the third.
    await exposeWeb(...services.slice(1));
    addresses = await serviceAddresses();
    key = await memberlistKey();
  }, 2_400_000);

  test("the Services have addresses in an order that is not that of their names", () => {
    expect(addresses).toEqual(["aaa=10.89.0.241", "web=10.89.0.240", `zzz=${last}`]);
  });

  describe.each(steps)("$from becomes $to", ({ from, to }) => {
    const stacks = stacksOf(to);
    /** What `upgrade --json` says of the declared version. */
    const upgrade = async () => {
      const { code, stdout, output } = await lab.baremetalLb(["upgrade", "--json"]);
      if (stdout === "") throw new Error(output);
      return { code, report: JSON.parse(stdout) as Record<string, unknown> };
    };

    test("upgrade says that it can be made in one step, and that no Service loses its address", async () => {
      declareMetallb(to);
      expect(await upgrade()).toMatchObject({ code: 2, report: { from, to, status: "upgrade", losing: [] } });
    });

    test("cdktf deploy with the new version keeps every address, and the client hardly notices", async () => {
      const seen = await polling(last, () => apply("deploy", ...stacks));
      console.info(
        `${from} to ${to}: ${seen.requests} requests, ${seen.failed} failed, longest time between two answers ${seen.longestSilenceSeconds.toFixed(2)} s`,
      );
      expect(await serviceAddresses()).toEqual(addresses);
      expect(seen.longestSilenceSeconds).toBeLessThan(10);
      await lab.prove();
    }, 900_000);

    test("the memberlist secret keeps its value", async () => {
      expect(await memberlistKey()).toBe(key);
    });

    test("nothing of a ConfigMap is left with custom resources, and the namespace is where it was in the state", async () => {
      const names = await kubectl("-n", "metallb-system", "get", "configmaps,roles", "-o", "name");
      const found = names.match(/configmap\/config$|config-watcher/gm) ?? [];
      expect(found).toHaveLength(usesCustomResources(to) ? 0 : 2);
      // Where it was made: by the stack that has the CRDs, if there was one.
      const resources = await resourcesInState(usesCustomResources(oldest) ? "metallb-crds" : "metallb");
      expect(resources.filter(({ type }) => type === "kubernetes_namespace_v1").map(({ name }) => name)).toEqual([
        "namespace",
      ]);
    });

    test.each(stacks)("a second cdktf diff %s says no changes", async (stack) => {
      const { noChanges, output } = await diff(stack);
      if (!noChanges) throw new Error(output);
    });

    test("upgrade says that the declared version runs", async () => {
      expect(await upgrade()).toMatchObject({ code: 0, report: { from: to, status: "up-to-date" } });
    });
  });

  test("everything can be taken back", async () => {
    await apply("destroy", ...stacksOf(later.at(-1) ?? oldest));
    expect(await kubectl("get", "namespaces,crds", "-o", "name")).not.toContain("metallb");
  }, 900_000);
});
