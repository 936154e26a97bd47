import type { ClusterDraft } from "../draft";
import { releaseOf } from "../metallb/releases";
import type { Finding } from "../problem";
import { isAtLeast, kubernetesMinors } from "../versions";

const { minimum, nftablesMode, ipvsDeprecated, ipvsOffByDefault, ipvsRemoved } = kubernetesMinors;

/** Whether this Kubernetes version can run what the stacks make. */
export function checkVersions(draft: ClusterDraft): Finding[] {
  const version = draft.kubernetes?.version;
  if (version === undefined) return [];
  const given = JSON.stringify(version);
  const path = ["kubernetes", "version"];
  if (!isAtLeast(version, minimum)) {
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
  const needed = minimumForMetallb(draft);
  if (needed !== undefined && !isAtLeast(version, needed)) {
    return [
      {
        severity: "error",
        path,
        given,
        expected: `Kubernetes 1.${needed} or newer, which MetalLB ${draft.metallb?.version} needs`,
        remedy: `upgrade the cluster to 1.${needed} first, or set metallb.version: 0.9.6`,
      },
    ];
  }
  const mode = draft.kubeProxy?.mode;
  if (mode === "nftables" && !isAtLeast(version, nftablesMode)) {
    return [
      {
        severity: "error",
        path: ["kubeProxy", "mode"],
        given: `"nftables" with Kubernetes ${version}`,
        expected: `ipvs or iptables: kube-proxy has the mode nftables from Kubernetes 1.${nftablesMode} on`,
        remedy: `write mode: ipvs, or upgrade the cluster to 1.${nftablesMode} first`,
      },
    ];
  }
  const ipvs = mode === "ipvs" ? ipvsSupport(version) : undefined;
  return ipvs === undefined ? [] : [{ path, given, ...ipvs }];
}

const minimumForMetallb = ({ metallb }: ClusterDraft): number | undefined =>
  metallb?.version === undefined ? undefined : releaseOf(metallb.version).minimumMinor;

/** Where kube-proxy's IPVS mode stands in a Kubernetes version (KEP-5495). */
function ipvsSupport(version: string): Pick<Finding, "severity" | "expected" | "remedy"> | undefined {
  if (isAtLeast(version, ipvsRemoved)) {
    return {
      severity: "error",
      expected: `Kubernetes 1.${ipvsRemoved - 1} or older for kubeProxy.mode ipvs: from 1.${ipvsRemoved} on kube-proxy has no IPVS mode (gate KubeProxyIPVS, locked off)`,
      remedy: "set kubeProxy.mode: nftables, which needs kernel 5.13 or newer on every node and no strictARP",
    };
  }
  if (isAtLeast(version, ipvsOffByDefault)) {
    return {
      severity: "warning",
      expected: `Kubernetes 1.${ipvsOffByDefault - 1} or older for kubeProxy.mode ipvs: from 1.${ipvsOffByDefault} on kube-proxy starts in IPVS mode only with the feature gate KubeProxyIPVS, and from 1.${ipvsRemoved} on not at all`,
      remedy:
        "set kubeProxy.mode: nftables (kernel 5.13 or newer on every node), or until then featureGates: {KubeProxyIPVS: true} in kube-proxy's config.conf, which the plan asks for",
    };
  }
  if (isAtLeast(version, ipvsDeprecated)) {
    return {
      severity: "warning",
      expected: `Kubernetes 1.${ipvsDeprecated - 1} or older for kubeProxy.mode ipvs: the mode works, but is deprecated from 1.${ipvsDeprecated} on, off by default from 1.${ipvsOffByDefault} on and gone from 1.${ipvsRemoved} on`,
      remedy: `set kubeProxy.mode: nftables before 1.${ipvsOffByDefault} (kernel 5.13 or newer on every node)`,
    };
  }
  return undefined;
}
