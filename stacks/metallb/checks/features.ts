import { type Feature, features, frrDeprecatedSince, frrSince } from "../release/features";
import { newestPatch } from "../release/releases";
import type { MetallbDraft } from "../draft";
import type { Finding, Path } from "../../../values/problem";
import { isSince } from "../../../values/versions";
import type { IsGiven } from "../../../values/draft";

/** Keys that the chosen version of MetalLB, or its way to do BGP, cannot express. */
export function checkMetallbFeatures(draft: MetallbDraft, isGiven: IsGiven): Finding[] {
  return [...bgpType(draft), ...keys(draft, isGiven)];
}

/** What a value that needs bgpType frr is expected to be accompanied by, and how to get it; undefined if it is. */
export function frrMissing({ metallb }: MetallbDraft): Pick<Finding, "expected" | "remedy"> | undefined {
  if (metallb?.version === undefined || metallb.bgpType === undefined) return undefined;
  const { version, bgpType } = metallb;
  if (!isSince(version, frrSince)) {
    return {
      expected: `MetalLB ${frrSince} or newer with bgpType: frr, the first that can express it`,
      remedy: `or set metallb.version: ${newestPatch(frrSince)} and metallb.bgpType: frr`,
    };
  }
  if (bgpType === "frr") return undefined;
  return { expected: "bgpType: frr: MetalLB's own BGP cannot do it", remedy: "or set metallb.bgpType: frr" };
}

function bgpType({ metallb }: MetallbDraft): Finding[] {
  if (metallb?.bgpType !== "frr" || metallb.version === undefined) return [];
  const path = ["metallb", "bgpType"];
  const given = `frr with version: ${metallb.version}`;
  if (!isSince(metallb.version, frrSince)) {
    return [
      {
        severity: "error",
        path,
        given,
        expected: `MetalLB ${frrSince} or newer, the first with FRR`,
        remedy: `remove the key, or set metallb.version: ${newestPatch(frrSince)}`,
      },
    ];
  }
  if (!isSince(metallb.version, frrDeprecatedSince)) return [];
  return [
    {
      severity: "warning",
      path,
      given,
      expected: `native, or MetalLB older than ${frrDeprecatedSince}: this mode works, but upstream will remove it in favour of frr-k8s, which these stacks do not install`,
      remedy: "set metallb.bgpType: native unless you need what only FRR has",
    },
  ];
}

function keys(draft: MetallbDraft, isGiven: IsGiven): Finding[] {
  const findings = features.flatMap((feature) =>
    places(draft.metallb, feature.key.replaceAll("[]", ".[]").split("."), ["metallb"])
      .filter((path) => isGiven(path))
      .flatMap((path) => finding(draft, feature, path) ?? []),
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

function finding({ metallb }: MetallbDraft, feature: Feature, path: Path): Finding | undefined {
  if (metallb?.version === undefined) return undefined;
  const { version } = metallb;
  const key = String(path.at(-1));
  const { since, bgpType: needed } = feature;
  const tooOld = !isSince(version, since);
  const wrongType = needed !== undefined && metallb.bgpType !== undefined && metallb.bgpType !== needed;
  if (!tooOld && !wrongType) return undefined;
  const typeText = wrongType ? `bgpType: ${needed}` : "";
  const expected = tooOld
    ? `MetalLB ${since} or newer${wrongType ? ` with ${typeText}` : ""}, the first that can express it`
    : `${typeText}: MetalLB's own BGP cannot do it`;
  const settings = [
    ...(tooOld ? [`metallb.version: ${newestPatch(since)}`] : []),
    ...(wrongType ? [`metallb.bgpType: ${needed}`] : []),
  ];
  return {
    severity: "error",
    path,
    atKey: true,
    given: `${key} with ${tooOld ? `version: ${version}` : `bgpType: ${metallb.bgpType}`}`,
    expected,
    remedy: `remove the key, or set ${settings.join(" and ")}`,
  };
}
