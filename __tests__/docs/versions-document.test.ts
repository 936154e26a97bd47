import { readFileSync } from "node:fs";
import { kubeProxyModes } from "../../stacks/kube-proxy/modes";
import { metallbVersions } from "../../stacks/metallb/release/releases";
import { oldestTerraform } from "../../stacks/shared/terraform-versions";
import { kubernetesMinors } from "../../values/kubernetes-version";
import { versionsDocument } from "../../docs/versions-document";
import { engines } from "../../package.json";

test("docs/versions.md is made from the tables: npm run versions", () => {
  expect(readFileSync("docs/versions.md", "utf8")).toBe(versionsDocument());
});

const { ipvs, nftables } = kubeProxyModes;
const ipvsEnds = `from Kubernetes 1.${ipvs.deprecatedSince} on, off by default from 1.${ipvs.offByDefaultSince} on`;
const gone = `gone from 1.${ipvs.removedSince} on`;
const terraform = oldestTerraform.replace(/\.0$/, "");
const node = engines.node.replace(">=", "");

test.each([
  ["README.md", `| Kubernetes | 1.${kubernetesMinors.minimum} and later`],
  ["README.md", `Terraform ${terraform} and later or OpenTofu, Node.js ${node} and later`],
  ["docs/start.md", `on this machine Node.js ${node} and Terraform ${terraform} or later`],
  ["docs/comparison.md", `| ${metallbVersions.length}, from ${metallbVersions[0]} to ${metallbVersions.at(-1)} |`],
  ["docs/by-hand.md", `IPVS mode goes away, in Kubernetes 1.${ipvs.removedSince} |`],
  ["README.md", `with Node ${node}+, Go 1.25+ and Terraform ${terraform}+`],
  ["README.md", `IPVS mode is deprecated in kube-proxy ${ipvsEnds} and ${gone}`],
  ["docs/day-two.md", `IPVS mode is deprecated ${ipvsEnds}, and ${gone}`],
  ["docs/day-two.md", `(Kubernetes 1.${nftables.since} and later, kernel ${nftables.kernel} or newer on every node)`],
  ["cluster.example.yaml", `nftables (Kubernetes 1.${nftables.since} and later)`],
])("%s, which is written by hand, says: %s", (file, words) => {
  expect(readFileSync(file, "utf8").replace(/\s+/g, " ")).toContain(words);
});
