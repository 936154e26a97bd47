import { parse } from "yaml";
import { fault } from "../../faults";
import { paths } from "../verify/healthy-cluster";
import { checked, contentOf, controlPlane, init, kubeadm, node } from "./clusters";

// Names of every legal form: labels of DNS, joined by dots, some of which a reader of YAML takes for something else.
const names = [
  "a",
  ...["no", "yes", "on", "off", "y", "n", "true", "false", "null"],
  ...["0123", "1.10", "1e3", "0x1f", "0o17", "017", "12345678901234567890", "1", "0", "2026-11-24"],
  ...["1.2.3.4", "rack-1.node-2.example.org", "a".repeat(63), `${"b".repeat(63)}.${"c".repeat(63)}`],
];

describe(`${fault(209)}: init writes names as text`, () => {
  test("of nodes, to readers of YAML 1.1 and of YAML 1.2", async () => {
    const items = names.map((name, index) =>
      node(name, [`10.0.0.${index + 1}`], { labels: index === 0 ? controlPlane : {} }),
    );
    const file = await init({ ...kubeadm(), [paths.nodes]: { items } });
    const found = contentOf(file).nodes;
    expect(found.map(({ name }) => name).sort()).toStrictEqual([...names].sort());
    for (const version of ["1.1", "1.2"] as const) {
      const { nodes } = parse(file.text, { version }) as { nodes: { name: string }[] };
      expect(nodes.map(({ name }) => name)).toStrictEqual(found.map(({ name }) => name));
    }
    expect(checked(file).problems).toStrictEqual([]);
  });

  test("those of the control plane first, then by their names as people count", async () => {
    const items = ["w10", "w9", "m2", "m1"].map((name, index) =>
      node(name, [`10.0.0.${index + 1}`], {
        labels: name.startsWith("m") ? { "node-role.kubernetes.io/master": "" } : {},
        ready: name === "m1" ? "False" : "True",
      }),
    );
    const file = await init({ ...kubeadm(), [paths.nodes]: { items } });
    expect(contentOf(file).nodes.map(({ name, role }) => `${name} ${role}`)).toStrictEqual([
      "m2 control-plane",
      "m1 control-plane",
      "w9 worker",
      "w10 worker",
    ]);
    expect(file.notes).toContain("nodes: m1 is not Ready.");
  });

  test("and says what a node lacks", async () => {
    const external = { ...node("b", []), status: { addresses: [{ type: "ExternalIP", address: "203.0.113.7" }] } };
    const windows = node("w", ["10.0.0.9"], { labels: { "kubernetes.io/os": "windows" } });
    const file = await init({ ...kubeadm(), [paths.nodes]: { items: [node("a", []), external, windows] } });
    expect(file.notes.filter((note) => note.startsWith("nodes:"))).toStrictEqual([
      "nodes: Kubernetes has no address of a: write the one that SSH reaches.",
      "nodes: b is not Ready.",
      "nodes: b has no InternalIP, which verify compares with: this is its ExternalIP.",
      "nodes: Left out, since the stacks prepare Linux nodes only: w.",
      "nodes: No node has the label of a control-plane node: write role: control-plane for one on which kubectl may run as an administrator (kubernetes.nodeKubeconfig), or none is managed.",
    ]);
    expect(checked(file).problems.map((text) => text.replace(/: given.*/, ""))).toStrictEqual([
      "cluster.yaml:27:1: error: nodes",
      "cluster.yaml:29:5: error: nodes[0].address",
    ]);
  });
});
