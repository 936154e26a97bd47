import { fault } from "../../faults";
import { edited, problemsIn } from "../sample";

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
    expect(problemsIn(edited(["version: 0.9.5", "version: 0.8.3"]))).toStrictEqual([
      'cluster.yaml:19:12: error: metallb.version: given "0.8.3"; expected one of 0.9.5, 0.9.6, 0.11.0, 0.12.1, 0.13.7, 0.13.9, 0.13.12, 0.14.5, 0.14.8, 0.14.9, 0.15.2, 0.15.3, 0.16.1, 0.16.2, or another patch of 0.13, 0.14, 0.15 or 0.16 with metallb.manifestSHA256: which objects and keys MetalLB 0.8 has is not known here; choose one of them',
    ]);
  });

  it(`${fault(14)}: IPVS is a warning where it is deprecated`, () => {
    expect(problemsIn(edited(['version: "1.18"', 'version: "1.35.4"']))).toStrictEqual([
      'cluster.yaml:3:12: warning: kubernetes.version: given "1.35.4"; expected Kubernetes 1.34 or older for kubeProxy.mode ipvs: the mode works, but is deprecated from 1.35 on, off by default from 1.40 on and gone from 1.43 on; set kubeProxy.mode: nftables before 1.40 (kernel 5.13 or newer on every node)',
    ]);
  });

  it(`${fault(14)}: IPVS is a warning too where it is left to the default`, () => {
    expect(
      problemsIn(edited(['version: "1.18"', 'version: "1.35.4"'], ["kubeProxy:\n  scheduler: rr\n", ""])),
    ).toStrictEqual([
      'cluster.yaml:3:12: warning: kubernetes.version: given "1.35.4"; expected Kubernetes 1.34 or older for kubeProxy.mode ipvs: the mode works, but is deprecated from 1.35 on, off by default from 1.40 on and gone from 1.43 on; set kubeProxy.mode: nftables before 1.40 (kernel 5.13 or newer on every node)',
    ]);
  });

  it(`${fault(14)}: IPVS is a stronger warning where its gate is off`, () => {
    expect(problemsIn(edited(['version: "1.18"', 'version: "1.40"']))).toStrictEqual([
      'cluster.yaml:3:12: warning: kubernetes.version: given "1.40"; expected Kubernetes 1.39 or older for kubeProxy.mode ipvs: from 1.40 on kube-proxy starts in IPVS mode only with the feature gate KubeProxyIPVS, and from 1.43 on not at all; set kubeProxy.mode: nftables (kernel 5.13 or newer on every node), or until then featureGates: {KubeProxyIPVS: true} in kube-proxy\'s config.conf, which the plan asks for',
    ]);
  });

  it(`${fault(14)}: IPVS is an error where kube-proxy has none`, () => {
    expect(problemsIn(edited(['version: "1.18"', 'version: "1.43"']))).toStrictEqual([
      'cluster.yaml:3:12: error: kubernetes.version: given "1.43"; expected Kubernetes 1.42 or older for kubeProxy.mode ipvs: from 1.43 on kube-proxy has no IPVS mode (gate KubeProxyIPVS, locked off); set kubeProxy.mode: nftables, which needs kernel 5.13 or newer on every node and no strictARP',
    ]);
  });

  it.each(["1.35.4", "1.40", "1.43"])(`${fault(14)}: nothing is said of IPVS on %s in another mode`, (version) => {
    const inMode = (kubeProxy: string) =>
      problemsIn(edited(['version: "1.18"', `version: "${version}"`], ["kubeProxy:\n  scheduler: rr", kubeProxy]));
    expect(inMode("kubeProxy: { mode: iptables }")).toStrictEqual([]);
    expect(inMode("kubeProxy: { mode: nftables }")).toStrictEqual([]);
    expect(inMode("kubeProxy: unmanaged")).toStrictEqual([]);
  });

  it(`${fault(14)}: nftables is an error where kube-proxy has none`, () => {
    const nftables = (version: string) =>
      problemsIn(edited(['version: "1.18"', `version: "${version}"`], ["scheduler: rr", "mode: nftables"]));
    expect(nftables("1.30.9")).toStrictEqual([
      'cluster.yaml:17:9: error: kubeProxy.mode: given "nftables" with Kubernetes 1.30.9; expected ipvs or iptables: kube-proxy has the mode nftables from Kubernetes 1.31 on; write mode: ipvs, or upgrade the cluster to 1.31 first',
    ]);
    expect(nftables("1.31")).toStrictEqual([]);
  });
});
