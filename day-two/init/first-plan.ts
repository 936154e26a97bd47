import { readCluster } from "../../cluster/read";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { communitiesName } from "../../stacks/metallb/pools/custom-resources";
import { type MetallbVersion, usesCustomResources } from "../../stacks/metallb/release/releases";
import { liveConfiguration } from "../metallb/configuration";
import { type FoundMetallb, readsResources } from "./metallb";
import type { Note } from "./note";

/** What the first plan of MetalLB's pools changes: what the file says beside what the cluster has. */
export async function firstPlan(
  api: Pick<KubernetesApi, "get" | "custom">,
  text: string,
  { installation, running, value }: FoundMetallb,
): Promise<Note[]> {
  if (installation === undefined || running === undefined) return [];
  const { config } = readCluster(text, "", { hostKeysOptional: true });
  const version = value["version"] as MetallbVersion;
  // Custom resources in the ConfigMap's place are all new.
  if (config === undefined || usesCustomResources(version) !== readsResources(running, version)) return [];
  const parts = await liveConfiguration(api, installation, config.metallb);
  const path = ["metallb"];
  return parts.flatMap(({ subject, differences, undeclared, place }) => [
    ...differences.map((difference) => ({ path, text: `The first plan changes: ${difference}.` })),
    ...undeclared.map((name) => ({
      path,
      text: `${subject} ${name} stays, though nobody declares it: ${whyUndeclared(subject)}. When they are deployed: kubectl -n ${installation.namespace} delete ${place.split("/")[1]}/${name}`,
    })),
  ]);
}

/** Why what is there has no place in the file by its own name. */
function whyUndeclared(kind: string): string {
  if (kind === "Community") return `the stacks write all names of communities into ${communitiesName}`;
  return kind.endsWith("Advertisement") ? "the stacks name announcements after their pools" : "it is left out above";
}
