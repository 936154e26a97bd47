import { proven } from "../../../lab/proven";
import * as lab from "../../../lab/lab";
import { apply, diff, kubectl } from "../core/cluster";
import { declareMetallb, exposeWeb, serviceAddresses } from "../core/metallb-version";
import { onLab } from "../core/on-lab";
import { polling } from "../core/poll";
import { resourcesInState } from "../core/state";
import { memberlistKey } from "../core/upstream-metallb";

// MetalLB moves from a version with a ConfigMap to one with custom resources, and on from there, in place, by a changed
// version in cluster.yaml, while a client asks five times a second. More Services than one: a controller that gave
// addresses anew would give them in another order.

const services = ["web", "aaa", "zzz"];
const stacks = ["nodes", "kube-proxy", "metallb-crds", "address-pools", "metallb"];

/** The address that a Service has had from the start, as its last one would not be by chance. */
const last = "10.89.0.242";

const [{ kubernetes, metallb }] = proven["matrix/upgrade"].runs;
const [oldest, middle, newest] = metallb;

onLab(`MetalLB ${oldest} becomes ${middle}`, () => {
  let addresses: string[];
  let key: string;

  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: 2, kubernetes, metallb: oldest, alsoMetallb: [middle, newest] });
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

  test("cdktf deploy with the new version keeps every address, and the client hardly notices", async () => {
    declareMetallb(middle);
    const seen = await polling(last, () => apply("deploy", ...stacks));
    console.info(
      `${oldest} to ${middle}: ${seen.requests} requests, ${seen.failed} failed, longest time between two answers ${seen.longestSilenceSeconds.toFixed(2)} s`,
    );
    expect(await serviceAddresses()).toEqual(addresses);
    expect(seen.longestSilenceSeconds).toBeLessThan(10);
    await lab.prove();
  }, 900_000);

  test("the memberlist secret keeps its value", async () => {
    expect(await memberlistKey()).toBe(key);
  });

  test("nothing of 0.9's configuration is left, and the namespace is where it was in the state", async () => {
    const names = await kubectl("-n", "metallb-system", "get", "configmaps,roles", "-o", "name");
    expect(names).not.toMatch(/configmap\/config$|config-watcher/m);
    const resources = await resourcesInState("metallb");
    expect(resources.filter(({ type }) => type === "kubernetes_namespace_v1").map(({ name }) => name)).toEqual([
      "namespace",
    ]);
  });

  test.each(stacks)("a second cdktf diff %s says no changes", async (stack) => {
    const { noChanges, output } = await diff(stack);
    if (!noChanges) throw new Error(output);
  });

  test(`${middle} becomes ${newest} in the same way`, async () => {
    declareMetallb(newest);
    const seen = await polling(last, () => apply("deploy", ...stacks));
    console.info(
      `${middle} to ${newest}: ${seen.requests} requests, ${seen.failed} failed, longest time between two answers ${seen.longestSilenceSeconds.toFixed(2)} s`,
    );
    expect(await serviceAddresses()).toEqual(addresses);
    expect(seen.longestSilenceSeconds).toBeLessThan(10);
    expect(await memberlistKey()).toBe(key);
    await lab.prove();
  }, 900_000);

  test("everything can be taken back", async () => {
    await apply("destroy", ...stacks);
    expect(await kubectl("get", "namespaces,crds", "-o", "name")).not.toContain("metallb");
  }, 900_000);
});
