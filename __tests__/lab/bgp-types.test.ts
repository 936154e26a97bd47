import { chooseBgpTypes, needsFrr } from "../../lab/bgp-types";
import { metallbArtefact } from "../../lab/build/programs";
import { LabError } from "../../lab/lab-error";
import type { MetallbVersion } from "../../stacks/metallb/release/releases";

test("without a bgpType it is native, which needs no FRR", () => {
  expect(chooseBgpTypes(undefined, ["0.9.6", "0.16.2"])).toStrictEqual(["native"]);
  expect(needsFrr(["native"])).toBe(false);
});

test("those asked for, in their order; one by FRR is enough to need it", () => {
  expect(chooseBgpTypes(["frr"], ["0.14.8", "0.15.2"])).toStrictEqual(["frr"]);
  expect(chooseBgpTypes(["native", "frr-k8s"], ["0.16.2"])).toStrictEqual(["native", "frr-k8s"]);
  expect([["frr"], ["native", "frr-k8s"]].map((types) => needsFrr(chooseBgpTypes(types, ["0.16.2"])))).toStrictEqual([
    true,
    true,
  ]);
});

test("those that the lab cannot run are refused, all at once", () => {
  expect(() => chooseBgpTypes(["frrouting", "frr", "frr-k8s"], ["0.9.6", "0.13.12", "0.14.5", "0.15.2"])).toThrow(
    new LabError(
      [
        "bgpType frrouting: expected one of native, frr, frr-k8s.",
        "bgpType frr: MetalLB 0.9.6 has native.",
        "bgpType frr: the lab's image of MetalLB 0.13.12 has no FRR tools. Take 0.14.8 or later.",
        "bgpType frr: the lab's image of MetalLB 0.14.5 has no FRR tools. Take 0.14.8 or later.",
        "bgpType frr-k8s: MetalLB 0.9.6 has native.",
        "bgpType frr-k8s: MetalLB 0.13.12 has native, frr.",
        "bgpType frr-k8s: with MetalLB 0.14.5 it needs kube-rbac-proxy, which cannot be had. Take 0.16.1 or later.",
        "bgpType frr-k8s: with MetalLB 0.15.2 it needs kube-rbac-proxy, which cannot be had. Take 0.16.1 or later.",
      ].join("\n"),
    ),
  );
});

test("FRR's tools are built of the sources that have all of them", () => {
  const programs = (version: MetallbVersion) => metallbArtefact(version, "go1.26").inputs[1];
  const [controller, speaker] = ["go.universe.tf/metallb/controller", "go.universe.tf/metallb/speaker"];
  for (const version of ["0.9.6", "0.13.7", "0.14.5"] as const) {
    expect(programs(version)).toStrictEqual([controller, speaker]);
  }
  for (const version of ["0.14.8", "0.16.2"] as const) {
    expect(programs(version)).toStrictEqual([
      controller,
      speaker,
      "go.universe.tf/metallb/frr-tools/cp-tool",
      "go.universe.tf/metallb/frr-tools/metrics",
    ]);
  }
});
