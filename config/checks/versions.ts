import type { ClusterDraft } from "../draft";
import { releaseOf } from "../metallb/releases";
import type { Finding } from "../problem";
import { isAtLeast, kubernetesMinors } from "../versions";

const { minimum, ipvsDeprecated, ipvsOffByDefault, ipvsRemoved } = kubernetesMinors;

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
  if (draft.kubeProxy?.mode !== "ipvs") return [];
  const ipvs = ipvsSupport(version);
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
      remedy: `stay on 1.${ipvsRemoved - 1}, or move kube-proxy to nftables mode, which needs no strictARP, and leave the kube-proxy layer out`,
    };
  }
  if (isAtLeast(version, ipvsOffByDefault)) {
    return {
      severity: "warning",
      expected: `Kubernetes 1.${ipvsOffByDefault - 1} or older for kubeProxy.mode ipvs: from 1.${ipvsOffByDefault} on kube-proxy starts in IPVS mode only with the feature gate KubeProxyIPVS, and from 1.${ipvsRemoved} on not at all`,
      remedy:
        "set featureGates: {KubeProxyIPVS: true} in kube-proxy's config.conf before the apply, and plan the move to nftables mode",
    };
  }
  if (isAtLeast(version, ipvsDeprecated)) {
    return {
      severity: "warning",
      expected: `Kubernetes 1.${ipvsDeprecated - 1} or older for kubeProxy.mode ipvs: the mode works, but is deprecated from 1.${ipvsDeprecated} on and gone from 1.${ipvsRemoved} on`,
      remedy: `plan the move to nftables mode before 1.${ipvsOffByDefault}`,
    };
  }
  return undefined;
}
