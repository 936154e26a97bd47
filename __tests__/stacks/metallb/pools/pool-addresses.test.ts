import { poolHas, poolSize } from "../../../../stacks/metallb/pools/pool-addresses";
import { poolSchema } from "../../../../stacks/metallb/schema/pools";

const pool = (addresses: readonly string[], avoidBuggyIPs = false) =>
  poolSchema.parse({ name: "default", addresses, avoidBuggyIPs });

it.each([
  ["192.168.1.239", false],
  ["192.168.1.240", true],
  ["192.168.1.250", true],
  ["192.168.1.251", false],
  ["10.0.0.9", true],
  ["fd00::1", false],
  ["fd00::1:9", true],
  ["FD00:0:0::0001:0009", true],
  ["web.example.org", false],
])("%s is in the pool: %p", (address, expected) => {
  expect(poolHas(pool(["192.168.1.240-192.168.1.250", "10.0.0.8/30", "fd00::1:0/112"]), address)).toBe(expected);
});

it.each([
  ["192.168.10.0", false],
  ["192.168.10.255", false],
  ["192.168.10.1", true],
  ["192.168.10.254", true],
  ["fd00::ff", true],
  ["fd00::100", true],
])("with avoidBuggyIPs %s is in the pool: %p", (address, expected) => {
  expect(poolHas(pool(["192.168.10.0/24", "fd00::/64"], true), address)).toBe(expected);
});

it.each([
  [["192.168.1.240-192.168.1.250"], false, 11n],
  [["192.168.10.0/24", "10.0.0.8/30"], false, 260n],
  [["192.168.10.0/24", "10.0.0.8/30"], true, 258n],
  [["192.168.9.250-192.168.11.5"], true, 264n],
  [["0.0.0.0-0.0.0.255"], true, 254n],
  [["10.0.0.0/32"], true, 0n],
  [["fd00::/64"], true, 1n << 64n],
])("%j with avoidBuggyIPs %p has %s addresses", (addresses, avoidBuggyIPs, expected) => {
  expect(poolSize(pool(addresses, avoidBuggyIPs))).toBe(expected);
});
