import { parse } from "yaml";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkAffinities } from "../../../../stacks/metallb/checks/affinity";
import { checkPods } from "../../../../stacks/metallb/checks/pods";
import { fault } from "../../../faults";
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

  it.each([
    [{ nodeSelector: { rack: "a" } }, ["nodeSelector"]],
    [{ affinity: { nodeAffinity: {} }, tolerateControlPlane: false }, ["affinity", "tolerateControlPlane"]],
    [{ tolerations: [exists], tolerateControlPlane: true }, []],
    // As the chart has it where nothing is said.
    [{ nodeSelector: {}, affinity: {}, tolerations: [] }, []],
  ])(
    `${fault(196)}: without the memberlist %j is refused where it leaves nodes without a speaker`,
    (settings, keys) => {
      const problems = (memberlist: object) => problemsOf({ version: "0.15.2", speaker: { ...settings, memberlist } });
      expect(problems({ enabled: false })).toStrictEqual(
        keys.map(
          (key) =>
            `speaker.${key}: given ${key} with memberlist.enabled: false; expected a speaker on every node: without the memberlist nobody notices where none runs, and an address that is that node's to announce is announced by nobody; remove it, or leave memberlist.enabled away`,
        ),
      );
      expect(problems({})).toStrictEqual([]);
    },
  );

  const names =
    "at most 63 letters, digits, hyphens, underscores and dots, with a DNS name and a slash before where it has one";

  it.each([
    [
      { podLabels: { "my team": "net" } },
      `podLabels.my team: given "my team"; expected a label's key: ${names}; write a key such as rack or topology.kubernetes.io/zone`,
    ],
    [
      { nodeSelector: { "Example.org/rack": "a" } },
      `nodeSelector.Example.org/rack: given "Example.org/rack"; expected a label's key: ${names}; write a key such as rack or topology.kubernetes.io/zone`,
    ],
    [
      { podAnnotations: { "see also": "any text", "Example.org/Note": "is taken" } },
      `podAnnotations.see also: given "see also"; expected an annotation's key: ${names}; write a key such as example.org/note`,
    ],
    [
      { tolerations: [{ key: "dedicated=lb:NoSchedule", operator: "Exists" }] },
      `tolerations[0].key: given "dedicated=lb:NoSchedule"; expected a taint's key: ${names}; write the key that kubectl describe node shows under Taints, with value and effect under keys of their own`,
    ],
    [
      {
        resources: { limits: { gpu: "1", "example.org/gpu": "1", "hugepages-2Mi": "4Mi", "ephemeral-storage": "1Gi" } },
      },
      'resources.limits.gpu: given "gpu"; expected cpu, memory, ephemeral-storage, or the whole name of another resource, such as example.org/gpu; write one of them, or remove it',
    ],
    [
      { resources: { limits: { cpu: "500m", memory: "1Gi" }, requests: { cpu: "1", memory: "1024Mi" } } },
      'resources.requests.cpu: given "1"; expected at most the limit, 500m; lower it, or raise the limit',
    ],
    [
      { resources: { limits: { cpu: "1.5", memory: "1G" }, requests: { cpu: "1500m", memory: "1Gi" } } },
      'resources.requests.memory: given "1Gi"; expected at most the limit, 1G; lower it, or raise the limit',
    ],
  ])(`${fault(258)}: %j is refused, as the API server would`, (settings, problem) => {
    for (const program of ["controller", "speaker"]) {
      expect(problemsOf({ version: "0.15.2", [program]: settings })).toStrictEqual([`${program}.${problem}`]);
    }
    if (Object.keys(settings).some((key) => /^(nodeSelector|tolerations)$/.test(key))) return;
    expect(problemsOf({ version: "0.16.2", bgpType: "frr-k8s", frrk8s: settings })).toStrictEqual([
      `frrk8s.${problem}`,
    ]);
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

describe("an affinity", () => {
  const required = (...nodeSelectorTerms: object[]) => ({
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
  });
  const near = (term: object) => ({ podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } });
  const requirement = (operator: string, ...values: string[]) => ({ key: "cpus", operator, values });
  const problems = (affinity: object) => problemsOf({ version: "0.15.2", controller: { affinity } });
  const terms = "controller.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
  const term = "controller.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]";

  it("may say whatever Kubernetes takes, one thing twice and a number among it", () => {
    const twice = requirement("In", "8", "8");
    expect(problems(required({ matchExpressions: [twice, twice, requirement("Gt", "8")] }))).toStrictEqual([]);
    expect(problems(near({ labelSelector: {}, topologyKey: "kubernetes.io/hostname" }))).toStrictEqual([]);
  });

  it.each([
    [
      required(),
      `${terms}: given an empty list; expected at least one term; add matchExpressions, or remove the key around it`,
    ],
    [
      required({ matchExpressions: [requirement("Lt", "eight")] }),
      `${terms}[0].matchExpressions[0].values: given "eight"; expected one whole number as text with Lt; write values: ["8"], for example`,
    ],
    [
      required({ matchExpressions: [requirement("Gt")] }),
      `${terms}[0].matchExpressions[0].values: given 0 values; expected one whole number as text with Gt; write values: ["8"], for example`,
    ],
    [
      required({ matchExpressions: [requirement("In")] }),
      `${terms}[0].matchExpressions[0].operator: given In with no values; expected at least one value with In; add values, or write Exists`,
    ],
    [
      required({ matchFields: [{ key: "metadata.name", operator: "In", values: ["a", "b"] }] }),
      `${terms}[0].matchFields[0].values: given 2 values; expected one node's name: Kubernetes compares a field with one value; write a matchExpressions with kubernetes.io/hostname for several nodes`,
    ],
    [
      near({ labelSelector: { matchLabels: { "a/b/c": "d" } }, topologyKey: "x" }),
      `${term}.labelSelector.matchLabels.a/b/c: given "a/b/c"; expected a label's key: at most 63 letters, digits, hyphens, underscores and dots, with a DNS name and a slash before where it has one; write a key such as rack or topology.kubernetes.io/zone`,
    ],
    [
      near({ topologyKey: "-" }),
      `${term}.topologyKey: given "-"; expected a label's key: at most 63 letters, digits, hyphens, underscores and dots, with a DNS name and a slash before where it has one; write a key such as rack or topology.kubernetes.io/zone`,
    ],
    [
      near({ topologyKey: "x", matchLabelKeys: ["app"] }),
      `${term}.matchLabelKeys: given the unknown key "matchLabelKeys"; expected one of labelSelector, namespaces, namespaceSelector, topologyKey; write the labels into labelSelector: Terraform's provider has no such field`,
    ],
  ])("%j is refused, as the API server would", (affinity, problem) => {
    expect(problems(affinity)).toStrictEqual([problem]);
  });

  it("of speakers that no declared node answers to is warned of", () => {
    const on = (...names: string[]) =>
      checkAffinities({
        nodes: [{ name: "node1" }, { name: "node2" }],
        metallb: {
          speaker: {
            affinity: required(
              ...names.map((name) => ({
                matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [name] }],
              })),
            ) as never,
          },
        },
      });
    expect(on("node3", "node4")).toStrictEqual([
      {
        severity: "warning",
        path: [
          "metallb",
          "speaker",
          "affinity",
          "nodeAffinity",
          "requiredDuringSchedulingIgnoredDuringExecution",
          "nodeSelectorTerms",
        ],
        given: "terms that no declared node answers to",
        expected: "a node that announces: speakers run on the nodes that a term selects, and on no others",
        remedy: "write a node's name as kubectl get nodes shows it, or add the node to nodes",
      },
    ]);
    expect(on("node3", "node1")).toStrictEqual([]);
    const byField = { matchFields: [{ key: "metadata.name", operator: "In", values: ["node3"] }] };
    const affinity = required(byField) as never;
    expect(checkAffinities({ nodes: [{ name: "node1" }], metallb: { speaker: { affinity } } })).toStrictEqual([]);
  });
});

describe("docs/metallb-pods.md", () => {
  it("has examples without a mistake", () => {
    const text = readFileSync(join(__dirname, "../../../../docs/metallb-pods.md"), "utf8");
    const examples = [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(
      ([, yaml]) => parse(yaml ?? "") as { readonly metallb: object },
    );
    expect(examples.length).toBe(7);
    expect(examples.flatMap(({ metallb }) => problemsOf(metallb))).toStrictEqual([]);
  });

  it("frr-k8s' selector's label is refused", () => {
    const podLabels = { "control-plane": "mine", team: "network" };
    expect(problemsOf({ version: "0.16.2", bgpType: "frr-k8s", frrk8s: { podLabels } })).toStrictEqual([
      'frrk8s.podLabels.control-plane: given "mine"; expected another label: by control-plane frr-k8s\' own objects find the pods; remove it, or give it another name',
    ]);
  });
});
