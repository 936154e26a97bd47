import { isDeepStrictEqual } from "node:util";
import { readCluster } from "../../cluster/read";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { configText } from "../../stacks/metallb/pools/config-text";
import { communitiesName } from "../../stacks/metallb/pools/custom-resources";
import { type MetallbVersion, usesCustomResources } from "../../stacks/metallb/release/releases";
import type { MetallbConfig } from "../../stacks/metallb/schema/metallb";
import { liveConfiguration } from "../metallb/configuration";
import { type FoundMetallb, readsResources } from "./metallb";
import type { Mapping, Note } from "./note";
import type { WrittenPools } from "./pools";
import { poolsOfConfigMap } from "./pools-of-config-map";

/** What the first plan of MetalLB's pools changes: what the file says beside what the cluster has. */
export async function firstPlan(
  api: Pick<KubernetesApi, "get">,
  text: string,
  { installation, running, value }: FoundMetallb,
): Promise<Note[]> {
  if (installation === undefined || running === undefined) return [];
  const { config } = readCluster(text, "", { hostKeysOptional: true });
  const version = value["version"] as MetallbVersion;
  // Custom resources in the ConfigMap's place are all new.
  if (config === undefined || usesCustomResources(version) !== readsResources(running, version)) return [];
  if (!usesCustomResources(version) && saysTheSame(value, config.metallb)) return [];
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

/**
 * Whether the text that is written to the ConfigMap says what the one that is there says, though perhaps in other words: a
 * name without quotes, a default.
 */
function saysTheSame(found: Mapping, metallb: MetallbConfig): boolean {
  const written = poolsOfConfigMap(configText(metallb))?.value;
  const same = (key: keyof WrittenPools, none: unknown) => isDeepStrictEqual(found[key] ?? none, written?.[key]);
  return same("pools", []) && same("peers", []) && same("bgpCommunities", {});
}

/** Why what is there has no place in the file by its own name. */
function whyUndeclared(kind: string): string {
  if (kind === "Community") return `the stacks write all names of communities into ${communitiesName}`;
  return kind.endsWith("Advertisement") ? "the stacks name announcements after their pools" : "it is left out above";
}
