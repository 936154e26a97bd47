import { fault } from "../faults";
import { edited, problemsIn } from "./sample";

describe("Versions", () => {
  it(`${fault(14)}: a version without quotes is refused as it is written`, () => {
    expect(problemsIn(edited(['version: "1.18"', "version: 1.20"]))).toStrictEqual([
      'cluster.yaml:3:12: error: kubernetes.version: given 1.20; expected a Kubernetes version in quotes, such as "1.18" or "1.35.4"; put it in quotes: version: "1.20" (without them YAML reads the number 1.2)',
    ]);
  });

  it(`${fault(14)}: a version with a v is refused`, () => {
    expect(problemsIn(edited(['version: "1.18"', "version: v1.18"]))).toStrictEqual([
      'cluster.yaml:3:12: error: kubernetes.version: given "v1.18"; expected a Kubernetes version in quotes, such as "1.18" or "1.35.4"; write major.minor or major.minor.patch in quotes, with no v in front',
    ]);
  });

  it(`${fault(14)}: Kubernetes older than server-side apply is refused`, () => {
    expect(problemsIn(edited(['version: "1.18"', 'version: "1.17"']))).toStrictEqual([
      'cluster.yaml:3:12: error: kubernetes.version: given "1.17"; expected Kubernetes 1.18 or newer: the stacks change objects by server-side apply; upgrade the cluster to 1.18 first',
    ]);
  });

  it(`${fault(14)}: an unknown MetalLB version is refused`, () => {
    expect(problemsIn(edited(["version: 0.9.5", "version: 0.12.1"]))).toStrictEqual([
      'cluster.yaml:19:12: error: metallb.version: given "0.12.1"; expected one of 0.9.5, 0.9.6, 0.13.12, 0.14.9, 0.15.2, 0.15.3, 0.16.2; choose one of them',
    ]);
  });

  it(`${fault(14)}: IPVS is a warning where it is deprecated`, () => {
    expect(problemsIn(edited(['version: "1.18"', 'version: "1.35.4"']))).toStrictEqual([
      'cluster.yaml:3:12: warning: kubernetes.version: given "1.35.4"; expected Kubernetes 1.34 or older for kubeProxy.mode ipvs: the mode works, but is deprecated from 1.35 on and gone from 1.43 on; plan the move to nftables mode before 1.40',
    ]);
  });

  it(`${fault(14)}: IPVS is a warning too where it is left to the default`, () => {
    expect(
      problemsIn(edited(['version: "1.18"', 'version: "1.35.4"'], ["kubeProxy:\n  scheduler: rr\n", ""])),
    ).toStrictEqual([
      'cluster.yaml:3:12: warning: kubernetes.version: given "1.35.4"; expected Kubernetes 1.34 or older for kubeProxy.mode ipvs: the mode works, but is deprecated from 1.35 on and gone from 1.43 on; plan the move to nftables mode before 1.40',
    ]);
  });

  it(`${fault(14)}: IPVS is a stronger warning where its gate is off`, () => {
    expect(problemsIn(edited(['version: "1.18"', 'version: "1.40"']))).toStrictEqual([
      'cluster.yaml:3:12: warning: kubernetes.version: given "1.40"; expected Kubernetes 1.39 or older for kubeProxy.mode ipvs: from 1.40 on kube-proxy starts in IPVS mode only with the feature gate KubeProxyIPVS, and from 1.43 on not at all; set featureGates: {KubeProxyIPVS: true} in kube-proxy\'s config.conf before the apply, and plan the move to nftables mode',
    ]);
  });

  it(`${fault(14)}: IPVS is an error where kube-proxy has none`, () => {
    expect(problemsIn(edited(['version: "1.18"', 'version: "1.43"']))).toStrictEqual([
      'cluster.yaml:3:12: error: kubernetes.version: given "1.43"; expected Kubernetes 1.42 or older for kubeProxy.mode ipvs: from 1.43 on kube-proxy has no IPVS mode (gate KubeProxyIPVS, locked off); stay on 1.42, or move kube-proxy to nftables mode, which needs no strictARP, and leave the kube-proxy layer out',
    ]);
  });
});
