import { stringify } from "yaml";
import { poolSchema } from "../../stacks/metallb/schema/pools";
import { checkPoolOverlaps } from "../../stacks/metallb/checks/pool-overlaps";
import { readCluster } from "../../cluster/read";
import { fault } from "../faults";
import { hostKey } from "./sample";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("A large cluster", () => {
  it(`${fault(16)}: 1,000 nodes and 100 pools are accepted`, () => {
    const cluster = {
      name: "large",
      kubernetes: { version: "1.34", context: "admin" },
      ssh: { user: "root", agent: true },
      nodes: numbers(1000).map((index) => ({
        name: `node-${index}`,
        address: `10.1.${Math.floor(index / 200)}.${(index % 200) + 1}`,
        hostKey: hostKey("Aa"),
        ...(index < 3 && { role: "control-plane" }),
      })),
      metallb: {
        version: "0.9.6",
        pools: numbers(100).map((index) => ({
          name: `pool-${index}`,
          addresses: numbers(10).map(
            (range) => `10.1.${100 + index}.${range * 10 + 1}-10.1.${100 + index}.${range * 10 + 9}`,
          ),
        })),
      },
    };
    const { config, problems } = readCluster(stringify(cluster), "cluster.yaml");
    expect(problems.filter(({ severity }) => severity === "error")).toStrictEqual([]);
    expect(config?.nodes).toHaveLength(1000);
    expect(config?.metallb.pools).toHaveLength(100);
  });

  it(`${fault(5)}: of 20,000 ranges each overlap is found`, () => {
    const addresses = numbers(20000).map((index) => `10.${index >> 8}.${index & 255}.0/24`);
    const pools = [
      { name: "a", addresses },
      { name: "b", addresses: ["10.50.7.9/32", "11.0.0.1/32"] },
    ].map((pool) => poolSchema.parse(pool));
    expect(checkPoolOverlaps({ metallb: { pools } }).map(({ path }) => path)).toStrictEqual([
      ["metallb", "pools", 1, "addresses", 0],
    ]);
  });
});
