import { proven } from "../../../lab/proven";
import * as lab from "../../../lab/lab";
import { fault } from "../../faults";
import {
  apply,
  diff,
  ipvsTraces,
  kubectl,
  kubeProxyConfiguration,
  kubeProxyText,
  noTraces,
  onNode,
  pods,
} from "../core/cluster";
import { deletedByHand } from "../core/deleted-by-hand";
import { drift, noDifferences } from "../core/drift";
import { onLabWith } from "../core/on-lab";
import { polling } from "../core/poll";
import { installUpstream, memberlistKey } from "../core/upstream-metallb";

// The walkthrough's own era: a Kubernetes with PodSecurityPolicies, and MetalLB with its own. What its API server fills in
// differs from today's.

const stacks = ["nodes", "kube-proxy", "metallb"];
const nodes = ["node1", "node2"];
const inSync = noDifferences(...stacks, ...nodes);

const [
  {
    kubernetes,
    metallb: [version],
  },
] = proven["matrix/kubernetes-1.20"].runs;

/** MetalLB's objects and kube-proxy's, each with a number that changes when somebody writes it, and not with its status. */
const written = async (): Promise<string> => {
  const version = (field: string) => [
    ...["-o", `custom-columns=:kind,:metadata.name,:metadata.uid,:metadata.${field}`, "--no-headers"],
  ];
  const plain = "configmaps,secrets,serviceaccounts,roles,rolebindings";
  return [
    await kubectl("-n", "metallb-system", "get", plain, ...version("resourceVersion")),
    await kubectl("-n", "metallb-system", "get", "daemonsets,deployments", ...version("generation")),
    await kubectl("-n", "kube-system", "get", "configmap/kube-proxy", ...version("resourceVersion")),
    await kubectl("-n", "kube-system", "get", "daemonset/kube-proxy", ...version("generation")),
    await kubectl("get", "podsecuritypolicies", ...version("resourceVersion")),
  ].join("\n");
};

const policies = async (): Promise<string[]> =>
  (await kubectl("get", "podsecuritypolicies", "-o", "name"))
    .split("\n")
    .filter((name) => name !== "")
    .sort();

const everyPod = async (): Promise<string[]> => [...(await pods("kube-system")), ...(await pods("metallb-system"))];

onLabWith({ kubernetes })(`MetalLB ${version} on Kubernetes ${kubernetes}`, () => {
  let original: string;

  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: nodes.length, kubernetes, metallb: version });
    original = await kubeProxyText();
  }, 5_400_000);

  test("the nodes and the API server are of that version", async () => {
    expect(JSON.parse(await kubectl("get", "--raw", "/version"))).toMatchObject({ gitVersion: `v${kubernetes}` });
    const path = "jsonpath={.items[*].status.nodeInfo.kubeletVersion}";
    expect(await kubectl("get", "nodes", "-o", path)).toBe(nodes.map(() => `v${kubernetes}`).join(" "));
  });

  test("cdktf deploy of every stack works from kubeadm's defaults", async () => {
    await lab.deploy();
    expect(await kubeProxyConfiguration()).toMatchObject({ mode: "ipvs", ipvs: { strictARP: true, scheduler: "rr" } });
    for (const node of nodes) expect(await onNode(node, "curl -s http://127.0.0.1:10249/proxyMode")).toBe("ipvs");
    expect(await policies()).toEqual(["podsecuritypolicy.policy/controller", "podsecuritypolicy.policy/speaker"]);
  });

  test("a LoadBalancer Service answers a host outside of the cluster, through one MAC, from both replicas", async () => {
    await lab.applyWeb();
    const proof = await lab.prove();
    expect(proof.replicas).toHaveLength(2);
    expect(nodes).toContain(proof.node);
  });

  test.each(stacks)(`${fault(113)}: a second cdktf diff %s says no changes`, async (stack) => {
    const { noChanges, output } = await diff(stack);
    if (!noChanges) throw new Error(output);
  });

  test(`${fault(113)}: no drift, exit 0`, async () => {
    expect(await drift()).toMatchObject({ code: 0, said: inSync, report: { status: "in-sync" } });
  });

  test(`${fault(113)}: a second deploy changes nothing and restarts no pod`, async () => {
    const before = { pods: await everyPod(), written: await written() };
    await lab.deploy();
    expect({ pods: await everyPod(), written: await written() }).toEqual(before);
  });

  test("verify --service finds nothing wrong", async () => {
    const { code, output } = await lab.baremetalLb(["verify", "--service"], { timeoutSeconds: 300 });
    if (code !== 0) throw new Error(output);
  });

  test.each(deletedByHand)(
    `${fault(112)}: $what was deleted, and a deploy ends with a client that is answered`,
    async ({ object }) => {
      const { address } = await lab.prove();
      await kubectl("delete", ...object);
      await lab.deploy();
      expect(await lab.answer(address, 1)).toMatch(/^web-/);
      expect(await drift()).toMatchObject({ code: 0, said: inSync });
    },
  );

  test("MetalLB that was installed with kubectl is adopted under a client's eyes, with its PodSecurityPolicies", async () => {
    await apply("destroy", "metallb");
    await installUpstream(version, kubernetes);
    const { address } = await lab.prove();
    const secret = await memberlistKey();
    const planned = await lab.baremetalLb(["adopt", "--plan", "--json"]);
    const { imports } = JSON.parse(planned.stdout) as { imports: string[] };
    // 15 of upstream's manifest, two of them policies; ConfigMap, Secret, and the Secret's value.
    expect(imports).toHaveLength(18);

    const seen = await polling(address, async () => {
      const { code, output } = await lab.baremetalLb(["adopt", "--yes"], { timeoutSeconds: 600 });
      if (code !== 0) throw new Error(output);
      await lab.deploy();
    });
    console.info(`adoption under a poll: ${JSON.stringify(seen)}`);
    expect(seen.longestSilenceSeconds).toBeLessThanOrEqual(1);
    expect(await memberlistKey()).toBe(secret);
    expect(await drift()).toMatchObject({ code: 0, said: inSync });

    const before = { pods: await everyPod(), written: await written() };
    await lab.deploy();
    expect({ pods: await everyPod(), written: await written() }).toEqual(before);
    expect((await lab.prove()).address).toBe(address);
  });

  test("destroy gives kube-proxy back as it was, and leaves nothing", async () => {
    await apply("destroy", ...stacks);
    expect(await kubeProxyText()).toBe(original);
    expect(await policies()).toEqual([]);
    expect(await kubectl("get", "namespaces,clusterroles,clusterrolebindings", "-o", "name")).not.toContain("metallb");
    for (const node of nodes) {
      expect(await onNode(node, "curl -s http://127.0.0.1:10249/proxyMode")).toBe("iptables");
      expect(await ipvsTraces(node)).toEqual(noTraces);
    }
  }, 900_000);
});
