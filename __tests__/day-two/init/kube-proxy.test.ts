import { writtenKubeProxy } from "../../../day-two/init/kube-proxy";

const facts = { kubeletVersion: "v1.35.4", labels: {}, hasDaemonSet: true };
const written = (configText: string, layer2 = true) => {
  const { value, notes } = writtenKubeProxy({ ...facts, configText }, { layer2 });
  return { value, notes: notes.filter(({ quiet }) => quiet !== true).map(({ text }) => text) };
};

describe("kube-proxy as its ConfigMap has it", () => {
  test.each([
    ['mode: ""', "iptables"],
    ["kind: KubeProxyConfiguration", "iptables"],
    ["mode: iptables\n---\n", "iptables"],
    ["mode: nftables", "nftables"],
  ])("%j is mode %s", (text, mode) => {
    expect(written(text)).toStrictEqual({ value: { mode }, notes: [] });
  });

  test("IPVS with all its settings; what is kube-proxy's default is left out", () => {
    const text =
      "mode: ipvs\nipvs: {strictARP: yes, scheduler: wlc, excludeCIDRs: [10.9.0.0/24], tcpTimeout: 15m0s, tcpFinTimeout: 0s, udpTimeout: null}";
    expect(written(text)).toStrictEqual({
      value: { mode: "ipvs", strictARP: true, scheduler: "wlc", excludeCIDRs: ["10.9.0.0/24"], tcpTimeout: "15m0s" },
      notes: [],
    });
  });

  test("without strictARP, which layer2 needs and BGP does not", () => {
    expect(written("mode: ipvs")).toStrictEqual({
      value: { mode: "ipvs", strictARP: true, scheduler: "rr" },
      notes: ["It is not set, and layer2 needs it: the first plan sets it and restarts kube-proxy node by node."],
    });
    expect(written("mode: ipvs", false)).toStrictEqual({
      value: { mode: "ipvs", strictARP: false, scheduler: "rr" },
      notes: [],
    });
  });

  test("what cluster.yaml cannot say is said", () => {
    expect(written("mode: userspace")).toStrictEqual({
      value: { mode: "iptables" },
      notes: [
        "kube-proxy is set to mode userspace, which the stacks do not know: with this one the first plan changes it.",
      ],
    });
    expect(written("mode: ipvs\nipvs: {strictARP: true, scheduler: own, tcpTimeout: 1.5s}")).toStrictEqual({
      value: { mode: "ipvs", strictARP: true, scheduler: "rr" },
      notes: [
        "kube-proxy is set to the scheduler own, which no kernel has: the first plan changes it.",
        "tcpTimeout is 1.5s, which is no whole number of seconds: without the key it stays as it is.",
      ],
    });
    expect(written("mode: ipvs\nipvs:\n\tstrictARP: true\n")).toStrictEqual({
      value: { mode: "iptables" },
      notes: [
        "config.conf of ConfigMap kube-system/kube-proxy is no YAML that kube-proxy reads, so its mode is not known: mend it with kubectl -n kube-system edit configmap kube-proxy, then write the mode.",
      ],
    });
  });

  test("a ConfigMap without the DaemonSet is not kubeadm's", () => {
    const { value } = writtenKubeProxy({ ...facts, hasDaemonSet: false, configText: "mode: ipvs" }, { layer2: true });
    expect(value).toBe("unmanaged");
  });
});
