import { problemText } from "../../values/problem";
import { readCluster } from "../../cluster/read";

/** A made-up host key of the right form, which ends in the two characters given. */
export const hostKey = (end: string) =>
  `ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABB${"B".repeat(84)}${end}=`;

/** A cluster.yaml without a mistake. Tests break one line of it. */
export const sample = `name: search
kubernetes:
  version: "1.18"
  context: admin
ssh:
  user: ops
  agent: true
nodes:
  - name: master1
    address: 192.168.1.10
    role: control-plane
    hostKey: "${hostKey("Aa")}"
  - name: worker1
    address: 192.168.1.21
    hostKey: "${hostKey("Bb")}"
kubeProxy:
  scheduler: rr
metallb:
  version: 0.9.5
  pools:
    - name: default
      protocol: layer2
      addresses:
        - 192.168.1.240-192.168.1.250
state:
  backend: local
`;

/** The sample with some of its text replaced. Each text must stand in it exactly once. */
export function edited(...replacements: readonly (readonly [from: string, to: string])[]): string {
  return replacements.reduce((text, [from, to]) => {
    if (text.split(from).length !== 2) throw new Error(`not exactly once in the sample: ${from}`);
    return text.replace(from, () => to);
  }, sample);
}

/** What a text's problems are reported as. */
export function problemsIn(text: string): string[] {
  return readCluster(text, "cluster.yaml").problems.map(problemText);
}
