import { problemText } from "../../../../values/problem";
import { readCluster } from "../../../../cluster/read";
import { sample } from "../../../cluster/sample";

/** One pool of each protocol, and a router. */
export const pool = { name: "default", addresses: ["192.168.1.240-192.168.1.250"] };
export const bgpPool = { name: "public", protocol: "bgp", addresses: ["203.0.113.0/24"] };
export const peer = { peerAddress: "192.168.1.1", peerASN: 64501, myASN: 64500 };

/** What is wrong with the sample with this section metallb and Kubernetes 1.30, without file and place. */
export function problemsOf(metallb: object): string[] {
  const text = sample
    .replace('version: "1.18"', 'version: "1.30"\n  serviceCIDR: 10.96.0.0/12,fd00:20::/112')
    .replace(/^metallb:\n( .*\n)+/m, () => `metallb: ${JSON.stringify({ pools: [pool], ...metallb })}\n`);
  return readCluster(text, "cluster.yaml").problems.map((problem) =>
    problemText(problem).replace(/^cluster\.yaml:\d+:\d+: (error: metallb\.)?/, ""),
  );
}
