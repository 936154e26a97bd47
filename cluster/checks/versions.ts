import type { ClusterDraft } from "../draft";
import { kubeProxyModes, type Standing } from "../../stacks/kube-proxy/modes";
import { nearestKnown, releaseOf } from "../../stacks/metallb/release/releases";
import type { Finding } from "../../values/problem";
import { supportOn } from "../support";
import { kubernetesMinors } from "../../values/kubernetes-version";

const { ipvs, nftables } = kubeProxyModes;

/** Whether this Kubernetes version can run what the stacks make. */
export function checkVersions(draft: ClusterDraft): Finding[] {
  const version = draft.kubernetes?.version;
  if (version === undefined) return [];
  const given = JSON.stringify(version);
  const path = ["kubernetes", "version"];
  const support = supportOn(version);
  if (support === undefined) {
    const { minimum } = kubernetesMinors;
    return [
      {
        severity: "error",
        path,
        given,
        expected: `Kubernetes 1.${minimum} or newer: the stacks change objects by server-side apply`,
        remedy: `upgrade the cluster to 1.${minimum} first`,
      },
    ];
  }
  const metallb = draft.metallb?.version;
  if (metallb !== undefined && !support.metallb.includes(nearestKnown(metallb))) {
    const needed = releaseOf(metallb).minimumMinor;
    return [
      {
        severity: "error",
        path,
        given,
        expected: `Kubernetes 1.${needed} or newer, which MetalLB ${metallb} needs`,
        remedy: `upgrade the cluster to 1.${needed} first, or set metallb.version: ${support.metallb.at(-1)}`,
      },
    ];
  }
  const mode = draft.kubeProxy?.mode;
  if (mode === "nftables" && support.modes.nftables === "notYet") {
    return [
      {
        severity: "error",
        path: ["kubeProxy", "mode"],
        given: `"nftables" with Kubernetes ${version}`,
        expected: `ipvs or iptables: kube-proxy has the mode nftables from Kubernetes 1.${nftables.since} on`,
        remedy: `write mode: ipvs, or upgrade the cluster to 1.${nftables.since} first`,
      },
    ];
  }
  const problem = mode === "ipvs" ? ipvsProblem(support.modes.ipvs) : undefined;
  return problem === undefined ? [] : [{ path, given, ...problem }];
}

const kernel = `kernel ${nftables.kernel} or newer on every node`;

/** What is to be said of kube-proxy's IPVS mode (KEP-5495). */
function ipvsProblem(standing: Standing): Pick<Finding, "severity" | "expected" | "remedy"> | undefined {
  const { deprecatedSince, offByDefaultSince, removedSince } = ipvs;
  switch (standing) {
    case "removed":
      return {
        severity: "error",
        expected: `Kubernetes 1.${removedSince - 1} or older for kubeProxy.mode ipvs: from 1.${removedSince} on kube-proxy has no IPVS mode (gate KubeProxyIPVS, locked off)`,
        remedy: `set kubeProxy.mode: nftables, which needs ${kernel} and no strictARP`,
      };
    case "offByDefault":
      return {
        severity: "warning",
        expected: `Kubernetes 1.${offByDefaultSince - 1} or older for kubeProxy.mode ipvs: from 1.${offByDefaultSince} on kube-proxy starts in IPVS mode only with the feature gate KubeProxyIPVS, and from 1.${removedSince} on not at all`,
        remedy: `set kubeProxy.mode: nftables (${kernel}), or until then featureGates: {KubeProxyIPVS: true} in kube-proxy's config.conf, which the plan asks for`,
      };
    case "deprecated":
      return {
        severity: "warning",
        expected: `Kubernetes 1.${deprecatedSince - 1} or older for kubeProxy.mode ipvs: the mode works, but is deprecated from 1.${deprecatedSince} on, off by default from 1.${offByDefaultSince} on and gone from 1.${removedSince} on`,
        remedy: `set kubeProxy.mode: nftables before 1.${offByDefaultSince} (${kernel})`,
      };
    default:
      return undefined;
  }
}
