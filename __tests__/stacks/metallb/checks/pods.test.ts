import { parse } from "yaml";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkPods } from "../../../../stacks/metallb/checks/pods";
import { problemsOf } from "./newer-metallb";

const exists = { key: "dedicated", operator: "Exists" };

describe("settings of MetalLB's pods", () => {
  it.each(["0.9.6", "0.15.2"])("every key but logLevel works with %s", (version) => {
    const settings = {
      tolerations: [
        exists,
        { operator: "Exists", effect: "NoExecute", tolerationSeconds: 60 },
        { key: "a", value: "b" },
      ],
      nodeSelector: { "kubernetes.io/arch": "amd64" },
      resources: { limits: { cpu: "1", memory: "256Mi" }, requests: { cpu: "100m" } },
      priorityClassName: "system-cluster-critical",
      runtimeClassName: "kata",
      podLabels: { team: "network" },
      podAnnotations: { "example.org/note": "any text" },
    };
    expect(
      problemsOf({
        version,
        controller: settings,
        speaker: { ...settings, tolerateControlPlane: false },
        imagePullSecrets: ["registry.internal"],
      }),
    ).toStrictEqual([]);
  });

  it.each([
    [
      { ...exists, value: "x" },
      'speaker.tolerations[0].value: given "x" with operator: Exists; expected no value: Exists takes any; remove it, or write operator: Equal',
    ],
    [
      { value: "x" },
      "speaker.tolerations[0].operator: given none without a key; expected Exists: every taint is tolerated where there is no key; write operator: Exists, or the taint's key",
    ],
    [
      { operator: "Equal" },
      "speaker.tolerations[0].operator: given Equal without a key; expected Exists: every taint is tolerated where there is no key; write operator: Exists, or the taint's key",
    ],
    [
      { ...exists, effect: "NoSchedule", tolerationSeconds: 5 },
      "speaker.tolerations[0].tolerationSeconds: given 5 with effect: NoSchedule; expected effect: NoExecute beside it, the only one by which a pod has to go; write effect: NoExecute, or remove it",
    ],
    [
      { ...exists, tolerationSeconds: 5 },
      "speaker.tolerations[0].tolerationSeconds: given 5 with no effect; expected effect: NoExecute beside it, the only one by which a pod has to go; write effect: NoExecute, or remove it",
    ],
  ])("the toleration %j is refused, as the API server would", (toleration, problem) => {
    expect(problemsOf({ version: "0.15.2", speaker: { tolerations: [toleration] } })).toStrictEqual([problem]);
  });

  it("a label that MetalLB's selectors ask for is refused", () => {
    expect(problemsOf({ version: "0.15.2", controller: { podLabels: { component: "x" } } })).toStrictEqual([
      'controller.podLabels.component: given "x"; expected another label: by app and component MetalLB\'s own objects find the pods; remove it, or give it another name',
    ]);
  });

  it.each([
    [
      { controller: { resources: { limits: { cpu: 1 } } } },
      'put it in quotes: cpu: "1" (without them YAML reads the number 1)',
    ],
    [{ speaker: { tolerateMaster: false } }, "write tolerateControlPlane"],
    [{ tolerations: [exists] }, "write them below controller, below speaker, or both"],
  ])("%j is told what is meant", (metallb, remedy) => {
    expect(problemsOf({ version: "0.15.2", ...metallb }).map((text) => text.split("; ").at(-1))).toStrictEqual([
      remedy,
    ]);
  });

  it("speakers that no node would run are warned of: control-plane nodes alone, whose taint they do not tolerate", () => {
    const masters = [{ role: "control-plane" }, { role: "control-plane" }] as const;
    const speaker = (settings: object, nodes: readonly { readonly role: "control-plane" | "worker" }[] = masters) =>
      checkPods({ nodes: [...nodes], metallb: { speaker: { tolerateControlPlane: false, ...settings } } });
    expect(speaker({})).toStrictEqual([
      {
        severity: "warning",
        path: ["metallb", "speaker", "tolerateControlPlane"],
        given: "false, and no worker among the nodes",
        expected: "a node that announces: kubeadm taints control-plane nodes, and no speaker would run there",
        remedy: "remove it, or declare the workers under nodes",
      },
    ]);
    expect(speaker({}, [...masters, { role: "worker" }])).toStrictEqual([]);
    expect(speaker({ tolerateControlPlane: true })).toStrictEqual([]);
    expect(speaker({ tolerations: [{ operator: "Exists" }] })).toStrictEqual([]);
    expect(speaker({ tolerations: [exists] })).toHaveLength(1);
    expect(speaker({ tolerations: [{ ...exists, key: "node-role.kubernetes.io/control-plane" }] })).toStrictEqual([]);
  });
});

describe("docs/metallb-pods.md", () => {
  it("has examples without a mistake", () => {
    const text = readFileSync(join(__dirname, "../../../../docs/metallb-pods.md"), "utf8");
    const examples = [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(
      ([, yaml]) => parse(yaml ?? "") as { readonly metallb: object },
    );
    expect(examples.length).toBe(2);
    expect(examples.flatMap(({ metallb }) => problemsOf(metallb))).toStrictEqual([]);
  });
});
