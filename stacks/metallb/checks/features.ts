import { advisedOf, type Feature, features, frrDeprecatedSince, frrK8sSince, frrSince } from "../release/features";
import { type BgpType, bgpTypes, bgpTypesIn, isByFrr, type MetallbVersion, newestPatch } from "../release/releases";
import type { MetallbDraft } from "../draft";
import type { Finding, Path } from "../../../values/problem";
import { isSince } from "../../../values/versions";
import type { IsGiven } from "../../../values/draft";

/** Keys that the chosen version of MetalLB, or its way to do BGP, cannot express. */
export function checkMetallbFeatures(draft: MetallbDraft, isGiven: IsGiven): Finding[] {
  return [...standingOfType(draft), ...keys(draft, isGiven)];
}

/** "bgpType: frr", "bgpType: frr or frr-k8s": those of some ways to do BGP that a version has. */
const typesText = (types: readonly BgpType[], version: MetallbVersion): string =>
  `bgpType: ${types.filter((type) => bgpTypesIn(version).includes(type)).join(" or ")}`;

/** What a value that needs FRR is expected to be accompanied by, and how to get it; undefined if it is. */
export function frrMissing({ metallb }: MetallbDraft): Pick<Finding, "expected" | "remedy"> | undefined {
  if (metallb?.version === undefined || metallb.bgpType === undefined) return undefined;
  const { version, bgpType } = metallb;
  const types = bgpTypes.filter(isByFrr);
  if (!isSince(version, frrSince)) {
    const newest = newestPatch(frrSince);
    return {
      expected: `MetalLB ${frrSince} or newer with ${typesText(types, newest)}, the first that can express it`,
      remedy: `or set metallb.version: ${newest} and metallb.bgpType: ${advisedOf(types, newest)}`,
    };
  }
  if (isByFrr(bgpType)) return undefined;
  return {
    expected: `${typesText(types, version)}: MetalLB's own BGP cannot do it`,
    remedy: `or set metallb.bgpType: ${advisedOf(types, version)}`,
  };
}

/** What each way to do BGP is called where it came with a version. */
const typesSince = {
  frr: { since: frrSince, text: "FRR" },
  "frr-k8s": { since: frrK8sSince, text: "frr-k8s" },
} as const;

function standingOfType({ metallb }: MetallbDraft): Finding[] {
  const { version, bgpType: declared } = metallb ?? {};
  if (declared === undefined || declared === "native" || version === undefined) return [];
  const path = ["metallb", "bgpType"];
  const given = `${declared} with version: ${version}`;
  if (!bgpTypesIn(version).includes(declared)) {
    const { since, text } = typesSince[declared];
    return [
      {
        severity: "error",
        path,
        given,
        expected: `MetalLB ${since} or newer, the first with ${text}`,
        remedy: `remove the key, or set metallb.version: ${newestPatch(since)}`,
      },
    ];
  }
  if (declared !== "frr" || !isSince(version, frrDeprecatedSince)) return [];
  return [
    {
      severity: "warning",
      path,
      given,
      expected: `frr-k8s or native, or MetalLB older than ${frrDeprecatedSince}: this mode works, but upstream will remove it in favour of frr-k8s`,
      remedy:
        'set metallb.bgpType: frr-k8s (docs/day-two.md, section "Another bgpType"), or native unless you need what only FRR has',
    },
  ];
}

function keys(draft: MetallbDraft, isGiven: IsGiven): Finding[] {
  const findings = features.flatMap((feature) =>
    places(draft.metallb, feature.key.replaceAll("[]", ".[]").split("."), ["metallb"])
      .filter((path) => isGiven(path))
      .flatMap((path) => featureFinding(draft, feature, path) ?? []),
  );
  const found = new Set(findings.map(({ path }) => path.join()));
  const isBelowAnother = ({ path }: Finding) => path.some((_, end) => end > 0 && found.has(path.slice(0, end).join()));
  return findings.filter((one) => !isBelowAnother(one));
}

/** The paths that a feature's key may have in a value. A flag that is off asks for nothing. */
function places(value: unknown, [step, ...rest]: readonly string[], path: Path): Path[] {
  if (step === undefined) return value === false ? [] : [path];
  if (step === "[]") {
    return Array.isArray(value) ? value.flatMap((item, index) => places(item, rest, [...path, index])) : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return places((value as Readonly<Record<string, unknown>>)[step], rest, [...path, step]);
}

/** What is wrong with a key at a place, where the chosen version or its way to do BGP cannot express it. */
export function featureFinding({ metallb }: MetallbDraft, feature: Feature, path: Path): Finding | undefined {
  if (metallb?.version === undefined) return undefined;
  const { version, bgpType: declared } = metallb;
  const key = String(path.at(-1));
  const { bgpTypes: needed, sinceInFrrK8s } = feature;
  const since = (declared === "frr-k8s" && sinceInFrrK8s) || feature.since;
  const tooOld = !isSince(version, since);
  const wrongType = needed !== undefined && declared !== undefined && !needed.includes(declared);
  if (!tooOld && !wrongType) return undefined;
  const advised = tooOld ? newestPatch(since) : version;
  const types = wrongType ? needed : since === feature.since ? [] : ["frr-k8s" as const];
  const typeText = types.length > 0 ? typesText(types, advised) : "";
  const expected = tooOld
    ? `MetalLB ${since} or newer${typeText && ` with ${typeText}`}, the first that can express it`
    : `${typeText}: ${whyNot(declared)}`;
  const settings = [
    ...(tooOld ? [`metallb.version: ${advised}`] : []),
    ...(wrongType ? [`metallb.bgpType: ${advisedOf(needed, advised)}`] : []),
  ];
  return {
    severity: "error",
    path,
    atKey: true,
    given: `${key} with ${tooOld ? `version: ${version}` : `bgpType: ${declared}`}`,
    expected,
    remedy: `remove the key, or set ${settings.join(" and ")}`,
  };
}

/** Why a way to do BGP cannot do what others can. */
function whyNot(declared: BgpType | undefined): string {
  if (declared === "frr-k8s") return "MetalLB does not hand it on to frr-k8s, and says nothing of it";
  return declared === "frr" ? "only frr-k8s can do it" : "MetalLB's own BGP cannot do it";
}
