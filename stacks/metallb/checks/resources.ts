import type { Finding } from "../../../values/problem";
import { repeated } from "../../../values/repeated";
import type { MetallbDraft } from "../draft";
import { announcementNames, communitiesName } from "../pools/custom-resources";
import { peerNames } from "../pools/peer-names";
import { announcementKinds, announcingProtocols } from "../pools/protocols";
import type { Feature } from "../release/features";
import { usesCustomResources } from "../release/releases";
import { featureFinding } from "./features";
import { type ResourceObject, resourceNames, resourcesOf, resourceText, textsIn } from "../resources/resource-object";

type Problem = Pick<Finding, "given" | "expected" | "remedy">;

/** Names that objects of the files of metallb.resources have, and give. All else is checked as if cluster.yaml had them. */
export function checkResources(draft: MetallbDraft): Finding[] {
  const { resourceObjects: objects = [], version } = draft.metallb ?? {};
  // The key itself is refused then.
  if (version !== undefined && !usesCustomResources(version)) return [];
  return [...takenNames(draft, objects), ...unknownPools(draft), ...disabledMP(draft), ...notAnnounced(draft)];
}

const finding = ({ source }: ResourceObject, problem: Problem, severity: Finding["severity"] = "error"): Finding => ({
  ...problem,
  severity,
  path: ["metallb", "resources", source.file],
});

/** The names of the objects that the sections of cluster.yaml become, by their kinds. */
function madeNames({ metallb }: MetallbDraft): Readonly<Record<string, readonly (string | undefined)[]>> {
  const { pools = [], peers = [], bfdProfiles = [], bgpCommunities = {} } = metallb ?? {};
  return {
    BFDProfile: bfdProfiles.map((profile) => profile?.name),
    BGPPeer: peerNames(peers),
    Community: Object.keys(bgpCommunities).length > 0 ? [communitiesName] : [],
    IPAddressPool: pools.map((pool) => pool?.name),
    ...Object.fromEntries(
      announcingProtocols.map((protocol) => [announcementKinds[protocol], announcementNames(pools, protocol).flat()]),
    ),
  };
}

/** Two objects of a kind and a name: the second would overwrite the first. */
function takenNames(draft: MetallbDraft, objects: readonly ResourceObject[]): Finding[] {
  const made = madeNames(draft);
  const key = ({ kind, metadata }: ResourceObject) => `${kind} ${metadata.name}`;
  const remedy = "give one of the two another name, or take one out";
  return [
    ...repeated(objects, key).map(({ value, firstIndex }) => {
      const first = objects[firstIndex];
      const expected = `a name that no other ${value.kind} has: ${first && resourceText(first)} has it too`;
      return finding(value, { given: resourceText(value), expected, remedy });
    }),
    ...objects
      .filter(({ kind, metadata }) => made[kind]?.includes(metadata.name))
      .map((object) => {
        const expected = `a name that no ${object.kind} has which cluster.yaml becomes`;
        return finding(object, { given: resourceText(object), expected, remedy });
      }),
  ];
}

/** The one key of a router that cluster.yaml does not have; upstream: DiscardFRROnly in internal/config/validation.go. */
const disableMP = {
  key: "peers[].disableMP",
  since: "0.14.4",
  bgpTypes: ["frr", "frr-k8s"],
  sinceInFrrK8s: "0.14.5",
} as const satisfies Feature;

function disabledMP(draft: MetallbDraft): Finding[] {
  return resourcesOf(draft.metallb, "BGPPeer")
    .filter(({ spec }) => spec["disableMP"] === true)
    .flatMap((object) => {
      const found = featureFinding(draft, disableMP, ["disableMP"]);
      return found === undefined
        ? []
        : [finding(object, { ...found, given: `${resourceText(object)}: ${found.given}` })];
    });
}

const announcementsOf = ({ metallb }: MetallbDraft): readonly ResourceObject[] =>
  Object.values(announcementKinds).flatMap((kind) => resourcesOf(metallb, kind));

/** Pools that an announcement names, and that nobody declares. */
function unknownPools(draft: MetallbDraft): Finding[] {
  const known = [...(madeNames(draft)["IPAddressPool"] ?? []), ...resourceNames(draft.metallb, "IPAddressPool")];
  // Of a section with a mistake not every name is known.
  if (known.includes(undefined)) return [];
  return announcementsOf(draft).flatMap((object) =>
    textsIn(object, "ipAddressPools")
      .filter((name) => !known.includes(name))
      .map((name) =>
        finding(object, {
          given: `${resourceText(object)}: ${JSON.stringify(name)}`,
          expected: `the name of a pool, of cluster.yaml or of a file (${known.join(", ") || "there is none"})`,
          remedy: "write one of those names, or add the pool",
        }),
      ),
  );
}

/** A pool without an announcement: MetalLB gives its addresses to Services, and nobody answers for them. */
function notAnnounced(draft: MetallbDraft): Finding[] {
  const announcements = announcementsOf(draft);
  const named = new Set(announcements.flatMap((one) => textsIn(one, "ipAddressPools")));
  const selectsOthers = (object: ResourceObject): boolean =>
    textsIn(object, "ipAddressPools").length === 0 || textsIn(object, "ipAddressPoolSelectors").length > 0;
  if (announcements.some(selectsOthers)) return [];
  return resourcesOf(draft.metallb, "IPAddressPool")
    .filter(({ metadata }) => !named.has(metadata.name))
    .map((object) =>
      finding(
        object,
        {
          given: resourceText(object),
          expected: "an announcement for it: MetalLB gives its addresses to Services, and announces none of them",
          remedy: "add an L2Advertisement or a BGPAdvertisement, unless something else announces them, such as Calico",
        },
        "warning",
      ),
    );
}
