import { readCluster } from "../../../../cluster/read";
import { problemText } from "../../../../values/problem";
import { sample } from "../../../cluster/sample";
import { pool, problemsOf } from "./newer-metallb";

const expected =
  "expected the name of a class: at most 63 letters, digits, hyphens, underscores and dots, with a DNS name and a slash before where it has one; write a name such as example.org/metallb, the one in spec.loadBalancerClass of Services; without the key MetalLB looks after Services of no class";

describe("metallb.loadBalancerClass", () => {
  it.each(["metallb", "example.org/metallb", `${"a".repeat(253)}/${"B".repeat(63)}`])("may be %s", (name) => {
    expect(problemsOf({ version: "0.13.12", loadBalancerClass: name })).toStrictEqual([]);
  });

  it.each([
    ["", '""'],
    ["a/b/c", '"a/b/c"'],
    ["Example.org/metallb", '"Example.org/metallb"'],
    ["-metallb", '"-metallb"'],
    ["a".repeat(64), `"${"a".repeat(64)}"`],
    [`${"a".repeat(254)}/b`, `"${"a".repeat(20)}…"`],
  ])("is refused as Kubernetes would: %j", (name, given) => {
    expect(problemsOf({ version: "0.15.2", loadBalancerClass: name })).toStrictEqual([
      `loadBalancerClass: given ${given}; ${expected}`,
    ]);
  });

  it("is refused for MetalLB 0.9, which knows no class", () => {
    expect(problemsOf({ version: "0.9.6", loadBalancerClass: "example.org/metallb" })).toStrictEqual([
      "loadBalancerClass: given loadBalancerClass with version: 0.9.6; expected MetalLB 0.13.7 or newer, the first that can express it; remove the key, or set metallb.version: 0.13.12",
    ]);
  });

  it("is warned of where no Service can have it", () => {
    const problems = (kubernetes: string) => {
      const metallb = { version: "0.13.12", loadBalancerClass: "example.org/metallb", pools: [pool] };
      const text = sample
        .replace('version: "1.18"', `version: "${kubernetes}"`)
        .replace(/^metallb:\n( .*\n)+/m, () => `metallb: ${JSON.stringify(metallb)}\n`);
      return readCluster(text, "cluster.yaml").problems.map((problem) =>
        problemText(problem).replace(/^cluster\.yaml:\d+:\d+: /, ""),
      );
    };
    expect(problems("1.21")).toStrictEqual([
      'warning: metallb.loadBalancerClass: given "example.org/metallb" with Kubernetes 1.21; expected Kubernetes 1.22 or newer, the first whose Services have a loadBalancerClass (1.21 with the feature gate ServiceLoadBalancerClass): MetalLB would look after no Service at all; remove the key, or upgrade the cluster first',
    ]);
    expect(problems("1.22")).toStrictEqual([]);
  });
});
