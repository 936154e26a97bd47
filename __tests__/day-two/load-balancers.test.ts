import { fault } from "../faults";
import { poolSchema } from "../../stacks/metallb/schema/pools";
import { ingressAddresses, isMetallbs, poolOfAddress } from "../../day-two/load-balancers";

it.each([
  ["192.168.1.240", "default"],
  ["192.168.1.250", "default"],
  ["192.168.1.251", undefined],
  ["10.0.0.9", "routed"],
  // MetalLB gives no such address of a pool with avoidBuggyIPs, whatever its ranges say.
  ["10.0.0.0", undefined],
  ["fd00::1", undefined],
  ["lb.example.org", undefined],
])("the pool of %s is %p", (address, name) => {
  const pools = [
    { name: "default", addresses: ["192.168.1.240-192.168.1.250"] },
    { name: "routed", addresses: ["10.0.0.0/28"], avoidBuggyIPs: true },
  ].map((pool) => poolSchema.parse(pool));
  expect(poolOfAddress(pools, address)?.name).toBe(name);
});

it(`${fault(90)}: every address of a Service counts; a host name stands for itself`, () => {
  const ingress = [{ ip: "10.0.0.1" }, { ip: "fd00::1" }, { hostname: "lb.example.org" }, {}];
  expect(ingressAddresses({ status: { loadBalancer: { ingress } } })).toEqual([
    "10.0.0.1",
    "fd00::1",
    "lb.example.org",
  ]);
  expect(ingressAddresses({})).toEqual([]);
});

it(`${fault(122)}: with a class MetalLB looks after Services of it, and after no others`, () => {
  const ofClass = (loadBalancerClass?: string) => ({ spec: { type: "LoadBalancer", loadBalancerClass } });
  const looked = (declared: string | undefined) =>
    [undefined, "example.org/lb", "tailscale"].filter((name) =>
      isMetallbs(ofClass(name), { version: "0.15.2", loadBalancerClass: declared }),
    );
  expect([looked(undefined), looked("example.org/lb")]).toEqual([[undefined], ["example.org/lb"]]);
  const other = { spec: { type: "ClusterIP", loadBalancerClass: "example.org/lb" } };
  expect(isMetallbs(other, { version: "0.15.2", loadBalancerClass: "example.org/lb" })).toBe(false);
});
