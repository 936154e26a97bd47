import { join } from "node:path";
import { kubectlCommand } from "./cluster/kubectl";
import { runChecked } from "./command";
import { repository, type Lab } from "./lab-settings";

export const workload = { name: "web", namespace: "default", port: 9200, replicas: 2 } as const;

/** Two replicas of a web server, and a Service of type LoadBalancer in front of them. */
export async function applyWorkload(lab: Lab, binaries: string): Promise<void> {
  const kubectl = (...args: string[]) => kubectlCommand(lab, binaries, args);
  await runChecked(kubectl("apply", "-f", join(repository, "lab", "manifests", "web.yaml")), { timeoutSeconds: 60 });
  const { name, namespace } = workload;
  await runChecked(kubectl("-n", namespace, "rollout", "status", `deployment/${name}`, "--timeout=120s"), {
    timeoutSeconds: 140,
  });
}
