import { metallbVersions, releaseOf } from "../../stacks/metallb/release/releases";
import { bgpTypesOf, kubernetesRanges, supportOn } from "../../cluster/support";
import { provenProtocols } from "../../lab/proven";

describe("the version matrix", () => {
  const old = ["0.9.5", "0.9.6", "0.11.0"];

  test("has one row for each step of Kubernetes", () => {
    const rows = kubernetesRanges.map(({ from, to, podSecurityPolicy, metallb, modes }) => [
      `${from} to ${to}`,
      podSecurityPolicy,
      metallb.length === metallbVersions.length ? "all" : metallb,
      ...Object.values(modes),
    ]);
    expect(rows).toStrictEqual([
      ["18 to 18", true, old, "works", "works", "notYet"],
      ["19 to 19", true, [...old, "0.13.7", "0.13.9", "0.13.12"], "works", "works", "notYet"],
      ["20 to 20", true, [...old, "0.12.1", "0.13.7", "0.13.9", "0.13.12"], "works", "works", "notYet"],
      ["21 to 24", true, "all", "works", "works", "notYet"],
      ["25 to 30", false, "all", "works", "works", "notYet"],
      ["31 to 34", false, "all", "works", "works", "works"],
      ["35 to 39", false, "all", "deprecated", "works", "works"],
      ["40 to 42", false, "all", "offByDefault", "works", "works"],
      ["43 to undefined", false, "all", "removed", "works", "works"],
    ]);
    expect(kubernetesRanges.map(({ modes }) => Object.keys(modes))).toStrictEqual(
      kubernetesRanges.map(() => ["ipvs", "iptables", "nftables"]),
    );
  });

  test("finds the row of a version", () => {
    const rowOf = (version: string) => supportOn(version)?.from;
    expect(["1.17.9", "1.18", "1.24.17", "1.25", "1.35.4", "1.99", "2.0"].map(rowOf)).toStrictEqual([
      undefined,
      18,
      21,
      25,
      35,
      43,
      43,
    ]);
  });

  test("says how each MetalLB does BGP, which is what upstream has a manifest for", () => {
    const found = metallbVersions.map((version) => [
      version,
      ...bgpTypesOf(version).map(({ bgpType, deprecated }) => bgpType + (deprecated ? ", deprecated" : "")),
    ]);
    expect(found).toStrictEqual([
      ["0.9.5", "native"],
      ["0.9.6", "native"],
      ["0.11.0", "native"],
      ["0.12.1", "native"],
      ["0.13.7", "native", "frr"],
      ["0.13.9", "native", "frr"],
      ["0.13.12", "native", "frr"],
      ["0.14.5", "native", "frr", "frr-k8s"],
      ["0.14.8", "native", "frr", "frr-k8s"],
      ["0.14.9", "native", "frr", "frr-k8s"],
      ["0.15.2", "native", "frr", "frr-k8s"],
      ["0.15.3", "native", "frr", "frr-k8s"],
      ["0.16.1", "native", "frr, deprecated", "frr-k8s"],
      ["0.16.2", "native", "frr, deprecated", "frr-k8s"],
    ]);
    for (const version of metallbVersions) {
      const { manifests } = releaseOf(version);
      if (manifests === undefined) continue;
      expect(Object.keys(manifests)).toStrictEqual(bgpTypesOf(version).map(({ bgpType }) => bgpType));
    }
  });

  test("says by which protocol each MetalLB was seen to announce addresses", () => {
    expect(Object.fromEntries(metallbVersions.map((version) => [version, provenProtocols(version)]))).toStrictEqual({
      "0.9.5": ["layer2"],
      "0.9.6": ["layer2", "bgp"],
      "0.11.0": ["layer2"],
      "0.12.1": ["layer2", "bgp"],
      "0.13.7": ["layer2"],
      "0.13.9": ["layer2"],
      "0.13.12": ["layer2", "bgp"],
      "0.14.5": ["layer2"],
      "0.14.8": ["layer2"],
      "0.14.9": ["layer2", "bgp"],
      "0.15.2": ["layer2", "bgp"],
      "0.15.3": ["layer2"],
      "0.16.1": ["layer2"],
      "0.16.2": ["layer2", "bgp"],
    });
  });
});
