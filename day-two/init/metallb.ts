import type { V1DaemonSet, V1Deployment } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { resourceKinds } from "../../stacks/metallb/pools/resource-kinds";
import { type MetallbVersion, usesCustomResources } from "../../stacks/metallb/release/releases";
import { isSince } from "../../values/versions";
import { findInstallations, type Installation, whoseText } from "../metallb/installation";
import { listResources } from "../metallb/live-resources";
import { bgpTypeOf, runningVersion } from "../metallb/running-version";
import { declaredVersion, newVersion } from "./metallb-version";
import { type LiveWorkloads, writtenSettings } from "./metallb-settings";
import { given, type Mapping, type Note, type Written } from "./note";
import type { WrittenPools } from "./pools";
import { poolsOfConfigMap } from "./pools-of-config-map";
import { poolsOfResources, type ResourcesByKind } from "./pools-of-resources";

/** MetalLB as it is in the cluster, as far as cluster.yaml says anything of it. */
export interface FoundMetallb {
  /** Absent where there is none. */
  readonly installation?: Installation;
  /** "0.15.2"; absent where there is none. */
  readonly running?: string;
  /** The section without its pools, where none are there. */
  readonly value: Mapping;
  /** Whether the pools are known: read, or none at all. Not where the ConfigMap cannot be read. */
  readonly poolsAreKnown: boolean;
}

export interface MetallbOptions {
  /** Of Kubernetes: "1.35.4" */
  readonly version: string;
  readonly controlPlaneOnly: boolean;
}

const path = ["metallb"];

/** Reads the MetalLB that is there. */
export async function findMetallb(
  api: Pick<KubernetesApi, "get">,
  { version: kubernetes, controlPlaneOnly }: MetallbOptions,
): Promise<Written<FoundMetallb>> {
  const { metallb: installation, other, several } = await findInstallations(api);
  const running = await runningVersion(api, installation);
  if (running === undefined) {
    const text = "None is in the cluster: the newest version that was proven in the lab, of those that run here.";
    return {
      value: { value: { version: newVersion(kubernetes) }, poolsAreKnown: true },
      notes: [{ path: ["metallb", "version"], text, quiet: true }, ...leftBehind(installation)],
    };
  }
  const live = await workloadsOf(api, installation);
  const declared = declaredVersion(running.version, kubernetes, bgpTypeOf(live.speaker));
  const pools = readsResources(running.version, declared.value)
    ? poolsOfResources(await resourcesIn(api, installation), declared.value)
    : await configMapOf(api, installation);
  const { pools: ofPools, peers, bfdProfiles, bgpCommunities } = pools.value ?? nothing;
  const settings = writtenSettings(live, {
    running: running.version,
    declared: declared.value,
    controlPlaneOnly,
  });
  const filled = (list: readonly Mapping[]) => (list.length > 0 ? list : undefined);
  return {
    value: {
      installation,
      running: running.version,
      poolsAreKnown: pools.value !== undefined,
      value: given({
        version: declared.value,
        ...settings.value,
        pools: filled(ofPools),
        peers: filled(peers),
        bfdProfiles: filled(bfdProfiles),
        bgpCommunities: Object.keys(bgpCommunities).length > 0 ? bgpCommunities : undefined,
      }),
    },
    notes: [
      ...(other === undefined ? [] : [{ path, text: several ? sentence(other) : helmText(installation, other) }]),
      ...declared.notes,
      ...settings.notes,
      ...pools.notes,
      ...(await olderPools(api, installation)),
    ],
  };
}

/** Whether the MetalLB that runs is configured by custom resources: from 0.13 on. What tells no version is taken for the newest. */
export const readsResources = (running: string, declared: MetallbVersion): boolean =>
  /^\d/.test(running) ? isSince(running, "0.13.0") : usesCustomResources(declared);

const nothing: WrittenPools = { pools: [], peers: [], bfdProfiles: [], bgpCommunities: {} };

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const helmText = (installation: Installation, other: string): string =>
  `${whoseText(installation)}. What is below is what it has, for status, verify and upgrade. To deploy the stacks: ${other}.`;

/** Speakers without a controller: nothing tells their version, and no plan is refused for them but the stacks' own. */
function leftBehind({ workloads }: Installation): Note[] {
  if (workloads.length === 0) return [];
  const found = workloads.map(({ text }) => text).join(", ");
  return [{ path, text: `Of a MetalLB only ${found} is there, without a controller: it is taken for none.` }];
}

async function resourcesIn(
  api: Pick<KubernetesApi, "get">,
  { namespace }: Pick<Installation, "namespace">,
): Promise<ResourcesByKind> {
  const found = await Promise.all(
    resourceKinds.map(async (kind) => [kind.kind, (await listResources(api, { ...kind, namespace })) ?? []] as const),
  );
  return Object.fromEntries(found);
}

/** Pools by the kind that 0.13 still reads, and later versions do not. */
async function olderPools(
  api: Pick<KubernetesApi, "get">,
  { namespace }: Pick<Installation, "namespace">,
): Promise<Note[]> {
  const found = (await listResources(api, { namespace, plural: "addresspools", version: "v1beta1" })) ?? [];
  return found.map(({ metadata: { name } }) => ({
    path,
    text: `AddressPool ${name} is of a kind that MetalLB from 0.14 on does not know, and is left out: add it to pools.`,
  }));
}

async function configMapOf(
  api: Pick<KubernetesApi, "get">,
  { namespace, configMap }: Pick<Installation, "namespace" | "configMap">,
): Promise<Written<WrittenPools | undefined>> {
  const place = `ConfigMap ${namespace}/${configMap}`;
  const found = (await api.get(`/api/v1/namespaces/${namespace}/configmaps/${configMap}`)) as
    { readonly data?: { readonly config?: string } } | undefined;
  const text = found?.data?.config;
  if (text === undefined) {
    return { value: nothing, notes: [{ path, text: `${place} with the pools is not there.`, quiet: true }] };
  }
  const pools = poolsOfConfigMap(text);
  if (pools !== undefined) return pools;
  const problem = `${place} is not the YAML that MetalLB reads, so its pools are not known: write them, or mend it and run init again.`;
  return { value: undefined, notes: [{ path, text: problem }] };
}

async function workloadsOf(
  api: Pick<KubernetesApi, "get">,
  { namespace, controller, speaker, workloads }: Installation,
): Promise<LiveWorkloads> {
  const of = (plural: string, name: string) => api.get(`/apis/apps/v1/namespaces/${namespace}/${plural}/${name}`);
  const [deployment, daemonSet] = (await Promise.all([of("deployments", controller), of("daemonsets", speaker)])) as [
    V1Deployment | undefined,
    V1DaemonSet | undefined,
  ];
  const loadBalancerClass = workloads.find((one) => one.loadBalancerClass !== undefined)?.loadBalancerClass;
  return {
    ...(deployment?.spec && { controller: deployment.spec.template }),
    ...(daemonSet?.spec && { speaker: daemonSet.spec.template }),
    ...(daemonSet?.spec?.minReadySeconds && { minReadySeconds: daemonSet.spec.minReadySeconds }),
    ...(loadBalancerClass !== undefined && { loadBalancerClass }),
  };
}
