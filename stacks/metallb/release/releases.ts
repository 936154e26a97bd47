import { isSince } from "../../../values/versions";

/**
 * How MetalLB's BGP is done: by its own speaker, by FRR in containers beside it, or by frr-k8s, which has FRR in pods of its
 * own. Upstream: METALLB_BGP_TYPE.
 */
export const bgpTypes = ["native", "frr", "frr-k8s"] as const;
export type BgpType = (typeof bgpTypes)[number];

/** Whether FRR does MetalLB's BGP, in whatever pods. */
export const isByFrr = (bgpType: BgpType | undefined): boolean => bgpType === "frr" || bgpType === "frr-k8s";

/**
 * How MetalLB is configured. configMap: by one text in the ConfigMap `config`, up to 0.12. customResources: by objects
 * such as IPAddressPool, from 0.13 on.
 */
export type Family = "configMap" | "customResources";

/** A version of MetalLB that these stacks know. */
export interface Release {
  readonly family: Family;
  /** The oldest Kubernetes minor version that it runs on. */
  readonly minimumMinor: number;
  /**
   * SHA-256 of upstream's manifests config/manifests/metallb-<type>.yaml at the tag, in hexadecimal. None in the
   * ConfigMap family, whose objects are all written out in constructs/ here.
   */
  readonly manifests?: Readonly<Partial<Record<BgpType, string>>>;
}

const crdFamily = (minimumMinor: number, native: string, frr: string, frrK8s?: string): Release => ({
  family: "customResources",
  minimumMinor,
  manifests: { native, frr, ...(frrK8s !== undefined && { "frr-k8s": frrK8s }) },
});

/** Upstream: kubeVersion in charts/metallb/Chart.yaml. */
const first = 19;
/** Upstream: controller/service.go of 0.12, which reads spec.clusterIPs of Services, a field of Kubernetes 1.20. */
const withClusterIPs = 20;
/** Upstream: the release notes of 0.14.2. Services' endpoints are read from discovery.k8s.io/v1 alone. */
const withEndpointSlices = 21;

/** Every version, oldest first. */
export const releases = {
  "0.9.5": { family: "configMap", minimumMinor: 18 },
  "0.9.6": { family: "configMap", minimumMinor: 18 },
  "0.11.0": { family: "configMap", minimumMinor: 18 },
  "0.12.1": { family: "configMap", minimumMinor: withClusterIPs },
  "0.13.7": crdFamily(
    first,
    "241df5f65d4a13768cdc0456e294cde4f6f96d62e70af3789b3456faee5dea2f",
    "eb4d5610aba79c6b41190e51663839a37e25611f70979ae3dae560dc53b38bc3",
  ),
  "0.13.9": crdFamily(
    first,
    "acf9490589d58d94df025228b58e4bf22190a3d8e50c53736a30b814302a9f77",
    "4e11bf7b245d5f7fb3c40f4014bd10f881ad102426c780032dd74ac7002df105",
  ),
  "0.13.12": crdFamily(
    first,
    "a5e3b65e073ba8236cc36c283fb33260e764977c7e460d6a462347ccaa91683d",
    "2ca860276d2902b1e9ec53a9a70bb90432d3f4a00a6b57dde03bb6c1a8941fc9",
  ),
  "0.14.5": crdFamily(
    withEndpointSlices,
    "429e36c1306894feaec80aa4d78387192a1d9862c710e241e445019663d6a3a1",
    "5cae67314abfa8a44b2bfe9831536d06571711b5b0f61ed368695d31c10f9acb",
    "64b052d9febe78c02d0b0fc02ed1e2931fe8a0581a9359309d94f62206ec93ad",
  ),
  "0.14.8": crdFamily(
    withEndpointSlices,
    "11b5906021fde56040cf10d1bcbaf5c2b7a4206045ebb103915347dfcc533f0e",
    "1dde0b883ac1af3549bc7f49c654d0cb526fb8cd43a5bff51370b7eeddb506d5",
    "9aad14411b451417d111ec26e98fa22845fcff0e8737ebaa16de4d9da09fd0b2",
  ),
  "0.14.9": crdFamily(
    withEndpointSlices,
    "951065e85692aa106f1bb5d5a487d9306154923a794ab1d82122881cbaf588e4",
    "79ee3c6a65c7040d636ce6a55722cd9df81675213aeef363bd985480ba1d10fd",
    "f2084b3221d5459c33b500be32d860662a4a1a707074bbc19c01179e792a43ec",
  ),
  "0.15.2": crdFamily(
    withEndpointSlices,
    "a1b04c376fb39c93265f551fe23716a3ae6e09b790edb3bf257d3fc784c35a18",
    "64cae8e2bb5a7e7cb3d8d27894c6ae6db3d677e7b8504f88b2f0dea67d0b89d5",
    "267dd45df04499a477840308988b551cd8435b01f55f92443f931b56095ea171",
  ),
  "0.15.3": crdFamily(
    withEndpointSlices,
    "84b4e102f2b65f5d69085f5816c29362b74641873d8ac3de996e5f86a8219176",
    "5a0c44ad4059e9912d8af0b12fb035d47a75619e913737f5a2759620e7ab5769",
    "eabbcb0f119c6d6e466a663f2bf48623de7f8db85637181c1db3046ac30aeebc",
  ),
  "0.16.1": crdFamily(
    withEndpointSlices,
    "bf25feebb7582ca7df845efd52ffbc2960d6cbf4cfc972f47fded9f788b67f0b",
    "2b3574f8a257270117f1ab58c4268c99c56cf3e92f2525e6b88aff0b2208f131",
    "19313e5031714cc1489b3b0ed0ae6e58be0e92538b4a5ed9c529c847ef2bac62",
  ),
  "0.16.2": crdFamily(
    withEndpointSlices,
    "e5f7c268f114c446dc60aaad71b7cabf861f637743e033e354d7d48592807c6d",
    "0af5658ae8382fc5ada7b6df9d05a0e2c1e13ab2e5f5ff318007b33b51398b5b",
    "1b8ef872edea571336d3c2defcd3e09c0118632e44d7603e93763226d12a523b",
  ),
} as const satisfies Readonly<Record<string, Release>>;

/** A version of the table. */
export type KnownVersion = keyof typeof releases;

type MinorOf<Version extends string> = Version extends `${infer Major}.${infer Minor}.${string}`
  ? `${Major}.${Minor}`
  : never;

/**
 * A version as cluster.yaml has it: one of the table or, with metallb.manifestSHA256, another patch of one of its minor
 * versions. What differs by version is asked for by isSince and isOlder, or of releaseOf: the table does not have them all.
 */
export type MetallbVersion = `${MinorOf<KnownVersion>}.${number}`;

export const metallbVersions = Object.keys(releases) as KnownVersion[];

/** Whether a version is one of the table: each of those is compared with upstream's manifest. */
export const isKnown = (version: string): version is KnownVersion => Object.hasOwn(releases, version);

/** "0.15" for "0.15.2" */
export const minorOf = (version: string): string => version.split(".").slice(0, 2).join(".");

/** The known patches of a version's minor version, oldest first. @throws Error where there are none */
function knownPatches(version: MetallbVersion): readonly [KnownVersion, ...KnownVersion[]] {
  const [oldest, ...others] = metallbVersions.filter((one) => minorOf(one) === minorOf(version));
  if (oldest === undefined) throw new Error(`no patch of MetalLB ${minorOf(version)} is known, asked for ${version}`);
  return [oldest, ...others];
}

/** The known patch that a version counts as: itself, or the newest one before it, or else the oldest of its minor version. */
export function nearestKnown(version: MetallbVersion): KnownVersion {
  if (isKnown(version)) return version;
  const [oldest, ...others] = knownPatches(version);
  return others.findLast((one) => isSince(version, one)) ?? oldest;
}

/** What is known of a version. */
export const releaseOf = (version: MetallbVersion): Release => releases[nearestKnown(version)];

/** The newest known patch of a version's minor version: what is to be advised where any from the version on would do. */
export function newestPatch(version: MetallbVersion): KnownVersion {
  const [oldest, ...others] = knownPatches(version);
  return others.at(-1) ?? oldest;
}

/** The ways to do BGP that a version has, in the order of `bgpTypes`; up to MetalLB 0.12 its own alone. */
export const bgpTypesIn = (version: MetallbVersion): readonly BgpType[] =>
  bgpTypes.filter((type) => type === "native" || releaseOf(version).manifests?.[type] !== undefined);

/** Whether a version is configured by custom resources: from 0.13 on. */
export const usesCustomResources = (version: MetallbVersion): boolean =>
  releaseOf(version).family === "customResources";

/** The known versions that are made out of upstream's manifest. */
const withManifest = metallbVersions.filter((version) => releaseOf(version).manifests !== undefined);

/** The oldest version that another manifest may be declared for: older ones have objects that no table knows. */
export const oldestWithManifest = withManifest[0] as KnownVersion;

/** The minor versions of which another patch may be declared, with its manifest's SHA-256: "0.13". */
export const minorsWithManifest: readonly string[] = [...new Set(withManifest.map(minorOf))];

/** Whether a version can be declared that is not in the table, by metallb.manifestSHA256. */
export const canBePinned = (version: string): version is MetallbVersion =>
  /^\d+\.\d+\.(0|[1-9]\d*)$/.test(version) &&
  minorsWithManifest.includes(minorOf(version)) &&
  isSince(version, oldestWithManifest);
