import { type BgpType, bgpTypes, bgpTypesIn, isByFrr, type MetallbVersion } from "../stacks/metallb/release/releases";
import { isSince } from "../values/versions";
import { LabError } from "./lab-error";

/** The ways to do BGP of a run: the one in cluster.yaml first, then those that it can be changed to. */
export type BgpTypes = readonly [BgpType, ...BgpType[]];

/** The first MetalLB whose frr-k8s has no kube-rbac-proxy in its pods: module proxies do not serve that. */
const frrK8sSince: MetallbVersion = "0.16.1";

/** The first MetalLB whose image has a program that copies FRR's tools out of it; before it was a shell's cp. */
const frrSince: MetallbVersion = "0.14.8";

/** Whether the lab's images of a MetalLB have what its pods with FRR take out of them. */
export const hasFrrTools = (metallb: MetallbVersion): boolean =>
  bgpTypesIn(metallb).includes("frr") && isSince(metallb, frrSince);

const isBgpType = (text: string): text is BgpType => (bgpTypes as readonly string[]).includes(text);

/** The ways asked for, or native. Throws a LabError that names each one which the lab cannot run with the versions. */
export function chooseBgpTypes(asked: readonly string[] = [], metallb: readonly MetallbVersion[]): BgpTypes {
  const problems: string[] = [];
  const known = asked.filter((type): type is BgpType => {
    if (isBgpType(type)) return true;
    problems.push(`bgpType ${type}: expected one of ${bgpTypes.join(", ")}.`);
    return false;
  });
  for (const type of known) {
    for (const version of metallb) {
      if (!bgpTypesIn(version).includes(type)) {
        problems.push(`bgpType ${type}: MetalLB ${version} has ${bgpTypesIn(version).join(", ")}.`);
      } else if (type === "frr" && !hasFrrTools(version)) {
        problems.push(
          `bgpType ${type}: the lab's image of MetalLB ${version} has no FRR tools. Take ${frrSince} or later.`,
        );
      } else if (type === "frr-k8s" && !isSince(version, frrK8sSince)) {
        problems.push(
          `bgpType ${type}: with MetalLB ${version} it needs kube-rbac-proxy, which cannot be had. Take ${frrK8sSince} or later.`,
        );
      }
    }
  }
  if (problems.length > 0) throw new LabError(problems.join("\n"));
  const [first = "native", ...others] = known;
  return [first, ...others];
}

/** Whether the nodes need FRR's image. */
export const needsFrr = (types: BgpTypes): boolean => types.some(isByFrr);
