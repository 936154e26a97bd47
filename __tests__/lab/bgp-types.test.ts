import { chooseBgpTypes, needsFrr } from "../../lab/bgp-types";
import { LabError } from "../../lab/lab-error";

test("without a bgpType it is native, which needs no FRR", () => {
  expect(chooseBgpTypes(undefined, ["0.9.6", "0.16.2"])).toStrictEqual(["native"]);
  expect(needsFrr(["native"])).toBe(false);
});

test("those asked for, in their order; one by FRR is enough to need it", () => {
  expect(chooseBgpTypes(["frr"], ["0.13.7", "0.15.2"])).toStrictEqual(["frr"]);
  expect(chooseBgpTypes(["native", "frr-k8s"], ["0.16.2"])).toStrictEqual(["native", "frr-k8s"]);
  expect([["frr"], ["native", "frr-k8s"]].map((types) => needsFrr(chooseBgpTypes(types, ["0.16.2"])))).toStrictEqual([
    true,
    true,
  ]);
});

test("those that the lab cannot run are refused, all at once", () => {
  expect(() => chooseBgpTypes(["frrouting", "frr", "frr-k8s"], ["0.9.6", "0.13.12", "0.15.2"])).toThrow(
    new LabError(
      [
        "bgpType frrouting: expected one of native, frr, frr-k8s.",
        "bgpType frr: MetalLB 0.9.6 has native.",
        "bgpType frr-k8s: MetalLB 0.9.6 has native.",
        "bgpType frr-k8s: MetalLB 0.13.12 has native, frr.",
        "bgpType frr-k8s: with MetalLB 0.15.2 it needs kube-rbac-proxy, which cannot be had. Take 0.16.1 or later.",
      ].join("\n"),
    ),
  );
});
