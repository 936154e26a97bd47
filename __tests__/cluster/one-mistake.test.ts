import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { readCluster } from "../../cluster/read";

type Path = (string | number)[];

/** A cluster with something in every section. */
function everySection() {
  const cluster = parse(readFileSync("cluster.example.yaml", "utf8"));
  cluster.ssh.bastion = { host: "bastion.example.org", hostKey: cluster.nodes[0].hostKey };
  cluster.metallb.peers = [{ peerAddress: "10.0.0.1", peerASN: 64501, myASN: 64500 }];
  cluster.metallb.bgpCommunities = { "no-export": "65535:65281" };
  const bgpAdvertisements = [{ aggregationLength: 32, communities: ["no-export"] }];
  cluster.metallb.pools.push({ name: "bgp", protocol: "bgp", addresses: ["10.1.0.0/24"], bgpAdvertisements });
  return cluster;
}

function leaves(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, item]) =>
    leaves(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** Puts a value at a path. */
function put(root: unknown, path: Path, value: unknown): void {
  const parent = path.slice(0, -1).reduce<unknown>((found, step) => (found as Record<string, unknown>)[step], root);
  (parent as Record<string, unknown>)[path.at(-1) ?? ""] = value;
}

const junk = [
  null,
  0,
  -1.5,
  true,
  "",
  "-",
  "/",
  "a b",
  "1.2.3.4/33",
  "::/0",
  "1.2.3.4-::1",
  "__proto__",
  [],
  {},
  [[1]],
];

describe("One mistake is one message", () => {
  it.each(leaves(everySection()).map((path) => [path.join("."), path] as const))(
    "whatever stands at %s, at most one error is reported, and none hides",
    (_name, path) => {
      for (const value of junk) {
        const cluster = everySection();
        put(cluster, path, value);
        const errors = readCluster(stringify(cluster), "cluster.yaml").problems.filter((p) => p.severity === "error");
        // A value may happen to be valid where it is put, as true is at ssh.sudo.
        expect({ value, errors: errors.slice(1) }).toStrictEqual({ value, errors: [] });
        expect(errors.every(({ remedy, expected }) => remedy !== "" && expected !== "")).toBe(true);
      }
    },
  );

  it("a configuration with something in every section has no problem", () => {
    expect(readCluster(stringify(everySection()), "cluster.yaml").problems).toStrictEqual([]);
  });
});
