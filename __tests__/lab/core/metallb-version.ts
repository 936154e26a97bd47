import { readFileSync, writeFileSync } from "node:fs";
import * as lab from "../../../lab/lab";
import { runFiles } from "../../../lab/run-files";
import { kubectl } from "./cluster";

/** Writes another metallb.version into the lab's cluster.yaml. */
export function declareMetallb(version: string): void {
  const { clusterConfig } = runFiles(lab.runningLab().lab);
  const text = readFileSync(clusterConfig, "utf8");
  writeFileSync(clusterConfig, text.replace(/^( +version: )0\.\d+\.\d+$/m, `$1${version}`));
}

/** "name=address" of every LoadBalancer Service of the default namespace, by name. */
export async function serviceAddresses(): Promise<string[]> {
  const path =
    "jsonpath={range .items[?(@.spec.type=='LoadBalancer')]}{.metadata.name}={.status.loadBalancer.ingress[0].ip} {end}";
  return (await kubectl("get", "services", "-o", path)).trim().split(" ").sort();
}

/** More Services of the workload, one after the other, so that each has the next address. */
export async function exposeWeb(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await kubectl("expose", "service", "web", `--name=${name}`, "--type=LoadBalancer");
    await kubectl("wait", "service", name, "--for=jsonpath={.status.loadBalancer.ingress[0].ip}", "--timeout=30s");
  }
}
