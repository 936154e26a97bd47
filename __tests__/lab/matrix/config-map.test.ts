import { proven } from "../../../lab/proven";
import * as lab from "../../../lab/lab";
import { fault } from "../../faults";
import { answer, apply, diff, kubectl } from "../core/cluster";
import { drift, noDifferences } from "../core/drift";
import { onLab } from "../core/on-lab";
import { polling } from "../core/poll";
import { installUpstream, memberlistKey } from "../core/upstream-metallb";

// The last versions that a ConfigMap configures, on a Kubernetes of today: to an answer, and over from kubectl's own.

const stacks = ["nodes", "kube-proxy", "metallb"];
const nodes = ["node1", "node2"];
const inSync = noDifferences(...stacks, ...nodes);

const runs = proven["matrix/config-map"].runs.map(({ metallb: [version], ...run }) => ({ ...run, version }));

onLab.each(runs)("MetalLB $version on Kubernetes $kubernetes", ({ kubernetes, kernel, version }) => {
  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: nodes.length, kubernetes, kernel, metallb: version });
  }, 2_400_000);

  test("cdktf deploy of every stack works from kubeadm's defaults", async () => {
    await lab.deploy();
    const containers = "jsonpath={.items[*].spec.template.spec.containers[*].image}";
    const images = await kubectl("-n", "metallb-system", "get", "daemonsets,deployments", "-o", containers);
    expect(images.split(" ").sort()).toEqual(
      ["controller", "speaker"].map((program) => `quay.io/metallb/${program}:v${version}`),
    );
  });

  test("a LoadBalancer Service answers a host outside of the cluster, through one MAC, from both replicas", async () => {
    await lab.applyWeb();
    const proof = await lab.prove();
    expect(proof.replicas).toHaveLength(2);
    expect(nodes).toContain(proof.node);
  });

  test.each(stacks)("a second cdktf diff %s says no changes", async (stack) => {
    const { noChanges, output } = await diff(stack);
    if (!noChanges) throw new Error(output);
  });

  test("verify --service finds nothing wrong, and explain finds the Service's way", async () => {
    await answer(lab.baremetalLb(["verify", "--service"], { timeoutSeconds: 300 }));
    await answer(lab.baremetalLb(["explain", "default/web"], { timeoutSeconds: 120 }));
  });

  test(`${fault(38)}: MetalLB that was installed with kubectl is adopted under a client's eyes, with the Secret that its controller made`, async () => {
    await apply("destroy", "metallb");
    const key = await installUpstream(version, kubernetes);
    const { address } = await lab.prove();

    const seen = await polling(address, async () => {
      await answer(lab.baremetalLb(["adopt", "--yes"], { timeoutSeconds: 600 }));
      await lab.deploy();
    });
    console.info(`adoption under a poll: ${JSON.stringify(seen)}`);
    expect(seen.requests).toBeGreaterThan(50);
    expect(seen.longestSilenceSeconds).toBeLessThanOrEqual(1);
    expect(Buffer.from(await memberlistKey(), "base64").toString()).toBe(key);
    expect(await drift()).toMatchObject({ code: 0, said: inSync });
    expect((await lab.prove()).address).toBe(address);
  }, 900_000);

  test("destroy leaves nothing", async () => {
    await apply("destroy", ...stacks);
    expect(await kubectl("get", "namespaces,clusterroles,clusterrolebindings", "-o", "name")).not.toContain("metallb");
  }, 900_000);
});
