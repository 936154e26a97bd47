import { stackNames } from "../../cluster/stack-names";
import { cluster } from "../cluster-fixture";

test.each([
  ["0.9.6", ["nodes", "kube-proxy", "metallb"]],
  ["0.12.1", ["nodes", "kube-proxy", "metallb"]],
  ["0.15.2", ["nodes", "kube-proxy", "metallb-crds", "address-pools", "metallb"]],
])("stacks of MetalLB %s, in order", (version, names) => {
  const metallb = { version, pools: [{ name: "default", addresses: ["192.168.1.240-192.168.1.250"] }] };
  expect(stackNames(cluster({ metallb }))).toEqual(names);
});
