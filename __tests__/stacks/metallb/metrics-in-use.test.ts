import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import dashboard from "../../../docs/grafana/metallb.json";
import { alertRules } from "../../../stacks/metallb/monitoring/alert-rules";
import type { MetallbVersion } from "../../../stacks/metallb/release/releases";
import { cluster, clusterInput } from "../../cluster-fixture";
import { fault } from "../../faults";
import { upstreamFolder } from "./upstream-manifest";

/** Files of upstream's sources in which metrics are defined; those of BGP without their prefix, in one of two, by version. */
const sources = ["speaker/main.go", "internal/allocator/stats.go", "internal/k8s/controllers/stats.go"];
const ofBgp = ["internal/bgp/native/stats.go", "internal/bgp/metrics/metrics.go"];

/** The metrics that a version defines. frr-k8s has those of BGP under a prefix of its own. */
function metricsOf(version: MetallbVersion): Set<string> {
  const text = (path: string) => {
    const file = join(upstreamFolder(version), path);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  };
  const whole = sources
    .map(text)
    .join("\n")
    .matchAll(/Namespace:\s*"(\w+)",\s*Subsystem:\s*"(\w+)",\s*Name:\s*"(\w+)"/g);
  const named = ofBgp
    .map(text)
    .join("\n")
    .matchAll(/Name:\s*"(\w+)"/g);
  const found = [...whole]
    .map(([, ...parts]) => parts.join("_"))
    .concat([...named].map(([, name]) => `metallb_bgp_${name}`));
  return new Set(found.flatMap((name) => [name, name.replace(/^metallb_bgp_/, "frrk8s_bgp_")]));
}

const named = (expressions: readonly string[]) => [
  ...new Set(expressions.join("\n").match(/\b(?:metallb|frrk8s)_[a-z0-9_]+/g) ?? []),
];

const { metallb } = cluster({
  metallb: {
    ...clusterInput.metallb,
    version: "0.16.2",
    peers: [{ peerAddress: "192.168.1.1", peerASN: 64501, myASN: 64500 }],
  },
});

describe.each(["0.13.7", "0.15.2", "0.16.2"] as const)(`${fault(254)}: MetalLB %s has each metric of`, (version) => {
  const known = metricsOf(version);

  test("the alerts", () => {
    const used = named(alertRules(metallb).map(({ expr }) => expr));
    expect(used.length).toBeGreaterThan(6);
    expect(used.filter((name) => !known.has(name))).toStrictEqual([]);
  });

  test("the dashboard", () => {
    const used = named(dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)));
    expect(used.length).toBeGreaterThan(8);
    expect(used.filter((name) => !known.has(name))).toStrictEqual([]);
  });
});

test("the dashboard has its panels side by side, each with a query and an explanation", () => {
  const { panels } = dashboard;
  expect(panels.map(({ id }) => id)).toStrictEqual(panels.map((_, index) => index + 1));
  for (const { title, description, targets } of panels) {
    expect([title, description, targets.length > 0]).toStrictEqual([
      expect.stringMatching(/^[A-Z].+/),
      expect.stringMatching(/\.$/),
      true,
    ]);
  }
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
});
