import { engines } from "../package.json";
import { markdownTable } from "./markdown-table";
import { kubeProxyModes, modeOf, type ProxyMode, proxyModes, type Standing } from "../stacks/kube-proxy/modes";
import { type Feature, features } from "../stacks/metallb/release/features";
import {
  type BgpType,
  bgpTypes,
  bgpTypesIn,
  type KnownVersion,
  type MetallbVersion,
  metallbVersions,
  minorsWithManifest,
  oldestWithManifest,
  releaseOf,
  usesCustomResources,
} from "../stacks/metallb/release/releases";
import { isProvenMode, pendingProofs, proofs, provenBgpTypes, provenProtocols } from "../lab/proven";
import { bgpTypesOf, kubernetesRanges, type KubernetesRange } from "../cluster/support";
import {
  oldestOpenTofu,
  oldestTerraform,
  oldestWriteOnlyTerraform,
  providers,
} from "../stacks/shared/terraform-versions";

const list = (items: readonly string[], none = "none"): string => items.join(", ") || none;

const code = (items: readonly string[]): string[] => items.map((item) => `\`${item}\``);

const rangeText = ({ from, to }: KubernetesRange): string => {
  if (to === undefined) return `1.${from} and later`;
  return from === to ? `1.${from}` : `1.${from} to 1.${to}`;
};

const standingText: Readonly<Record<Standing, string>> = {
  notYet: "error: not there yet",
  works: "yes",
  deprecated: "yes, with a warning: deprecated",
  offByDefault: "only with kube-proxy's gate, with a warning",
  removed: "error: removed",
};

const metallbText = (versions: readonly MetallbVersion[]): string =>
  versions.length === metallbVersions.length ? "every one below" : list(versions);

const kubernetesTable = markdownTable(
  ["Kubernetes", ...proxyModes, "MetalLB", "what a pod may do is said by"],
  kubernetesRanges.map((range) => [
    rangeText(range),
    ...proxyModes.map((mode) => standingText[range.modes[mode]]),
    metallbText(range.metallb),
    range.podSecurityPolicy ? "PodSecurityPolicies" : "labels of the namespace",
  ]),
);

const strictArp = (mode: ProxyMode): string => (mode === "ipvs" ? "needed for layer2 pools" : "means nothing there");

const modeTable = markdownTable(
  ["mode", "commands", "kernel modules", "kernel", "strictARP", "run in the lab"],
  proxyModes.map((mode) => {
    const { tools, modules, kernel } = modeOf(mode);
    const ofScheduler = mode === "ipvs" ? ["ip_vs_<scheduler>"] : [];
    return [
      `\`${mode}\``,
      list(code(tools)),
      list(code([...modules, ...ofScheduler, "nf_conntrack"])),
      kernel === undefined ? "any" : `${kernel} or newer`,
      strictArp(mode),
      isProvenMode(mode) ? "yes" : "no",
    ];
  }),
);

const bgpText = (types: readonly BgpType[], joint: string): string => `BGP: ${code(types).join(joint)}`;

const protocols = (version: KnownVersion): string =>
  list(
    provenProtocols(version).map((protocol) =>
      protocol === "bgp" ? bgpText(provenBgpTypes(version), ", ") : protocol,
    ),
    "no",
  );

const metallbTable = markdownTable(
  ["MetalLB", "configured by", "Kubernetes", "bgpType", "upstream's manifest", "stacks", "run in the lab"],
  metallbVersions.map((version) => [
    version,
    usesCustomResources(version) ? "custom resources" : "ConfigMap `config`",
    `1.${releaseOf(version).minimumMinor} and later`,
    list(bgpTypesOf(version).map(({ bgpType, deprecated }) => `\`${bgpType}\`${deprecated ? " (deprecated)" : ""}`)),
    usesCustomResources(version) ? "needed, checked by SHA-256" : "not needed",
    usesCustomResources(version) ? "five" : "three",
    protocols(version),
  ]),
);

/** A key, with the version from which frr-k8s knows it, where that is a later one. */
const keyText = ({ key, sinceInFrrK8s }: Feature): string =>
  `\`${key}\`${sinceInFrrK8s === undefined ? "" : ` (\`frr-k8s\`: from ${sinceInFrrK8s} on)`}`;

const keysOf = (version: MetallbVersion, types: string): string =>
  list(
    features
      .filter(({ since, bgpTypes: needed = bgpTypes }) => since === version && needed.join() === types)
      .map(keyText),
  );

/** The ways to do BGP by which keys differ, those of every way first. */
const typesOfKeys = [bgpTypes.join(), ...new Set(features.flatMap(({ bgpTypes: needed }) => needed?.join() ?? []))];

const keyTable = markdownTable(
  [
    "from MetalLB",
    "keys below `metallb`",
    ...typesOfKeys.slice(1).map((types) => `only with bgpType ${code(types.split(",")).join(" or ")}`),
  ],
  [...new Set(features.map(({ since }) => since))].map((version) => [
    version,
    ...typesOfKeys.map((types) => keysOf(version, types)),
  ]),
);

const toolTable = markdownTable(
  ["", "version"],
  [
    ["Terraform", `${oldestTerraform} or newer`],
    ["OpenTofu, in Terraform's place", `${oldestOpenTofu} or newer; tried: 1.12.6`],
    ["either, for `metallb.memberlistKey: writeOnly`", `${oldestWriteOnlyTerraform} or newer`],
    ...Object.values(providers).map(({ source, version }) => [`Terraform provider ${source}`, version]),
    ["Node.js", engines.node.replace(/^>=(.*)$/, "$1 or newer")],
  ],
);

const proofTable = markdownTable(
  ["shown", "Kubernetes", "kernel", "MetalLB", "kube-proxy's mode", "addresses", "pools", "test"],
  proofs.flatMap(({ shows, test, runs }) =>
    runs.map(({ kubernetes, metallb, bgpTypes, modes, protocol, ipFamilies = ["IPv4"], kernel = "6.1" }) => [
      shows,
      kubernetes,
      kernel,
      metallb.join(" → "),
      modes.join(" → "),
      ipFamilies.join(" and "),
      protocol === "bgp" ? bgpText(bgpTypes ?? ["native"], " → ") : protocol,
      `[${test.replace(/^.*\//, "")}](../${test})`,
    ]),
  ),
);

const notSeen = metallbVersions.filter((version) => provenProtocols(version).length === 0);
const notSeenByBgp = metallbVersions.filter((version) => !provenProtocols(version).includes("bgp"));
const unprovenMetallb = `${notSeen.length === 0 ? "" : `MetalLB ${list(notSeen)}, and `}BGP with MetalLB ${list(notSeenByBgp)}`;
const unprovenBgpType = (bgpType: BgpType): string => {
  const versions = metallbVersions.filter((version) => bgpTypesIn(version).includes(bgpType));
  const proven = versions.filter((version) => provenBgpTypes(version).includes(bgpType));
  const which = proven.length === 0 ? "" : ` with MetalLB other than ${list(proven)}`;
  return `- \`bgpType: ${bgpType}\`${which}, whose objects are compared with upstream's manifest.`;
};
const withoutIpv6 = (["layer2", "bgp"] as const).filter(
  (protocol) =>
    !proofs.some(({ runs }) => runs.some((run) => run.protocol === protocol && run.ipFamilies?.includes("IPv6"))),
);
const unprovenIpv6 = withoutIpv6.length === 0 ? [] : [`- IPv6 by ${withoutIpv6.join(" and ").replace("bgp", "BGP")}.`];
const provenKubernetes = list([...new Set(proofs.flatMap(({ runs }) => runs.map(({ kubernetes }) => kubernetes)))]);

const { ipvs } = kubeProxyModes;

const pendingLine = ({ shows, test, runs }: (typeof pendingProofs)[number]): string => {
  const on = runs.map(({ kubernetes, metallb }) => `MetalLB ${metallb.join(" → ")} on Kubernetes ${kubernetes}`);
  return `- ${shows} (${on.join(", ")}): [${test.replace(/^.*\//, "")}](../${test})`;
};
const pendingText =
  pendingProofs.length === 0
    ? ""
    : `Written, and not passed yet, so that they prove nothing:

${pendingProofs.map(pendingLine).join("\n")}

`;

/** docs/versions.md as it should be. */
export const versionsDocument = (): string => `# Versions

<!-- Made by \`npm run versions\` from cluster/support.ts and the tables it reads; a test holds it. -->

What runs with what. \`npx baremetal-lb check\` judges a \`cluster.yaml\` by the same tables.

## Kubernetes, and kube-proxy's modes

${kubernetesTable}

Older versions are refused. The last column is what the stacks write for MetalLB.

IPVS mode: kube-proxy warns of it from Kubernetes 1.${ipvs.deprecatedSince} on. Upstream has announced the
rest ([KEP-5495](https://kep.k8s.io/5495)): off by default from 1.${ipvs.offByDefaultSince} on, where it needs the gate
KubeProxyIPVS, and removed in 1.${ipvs.removedSince}. The way to another mode:
[day two](day-two.md#another-kube-proxy-mode).

With \`kubeProxy: unmanaged\` (k3s, RKE2, Cilium in kube-proxy's place) no mode is asked for: the columns
of the modes do not apply.

What a mode needs on every node. The stack \`nodes\` installs and loads it, and refuses a kernel that is too old:

${modeTable}

Where the kernel has it, \`nf_conntrack_ipv4\` takes the place of \`nf_conntrack\`. Where \`/usr\` is
read-only the commands are left out: [distributions](distributions.md).

## MetalLB

${metallbTable}

The objects of each are compared with upstream's. Of later patches, and of those between, [the hash](#another-patch) is yours
to say; all else is refused. \`npx baremetal-lb manifest\` fetches the manifest. Three stacks are \`nodes\`, \`kube-proxy\` and
\`metallb\`; five have \`metallb-crds\` and \`address-pools\` before the last. IPv6 by BGP and large communities need
\`bgpType: frr\` or \`frr-k8s\`.

Every key that is not here works with every version; \`[]\` is each item of a list. What they do: [pools](pools.md). The first
version that can express a key need not be one of those above.

${keyTable}

### Another patch

A patch of MetalLB ${list(minorsWithManifest)} that is not in the table, from ${oldestWithManifest} on, such as one that came out yesterday, or a build of
your own, is declared with the SHA-256 of its manifest:

\`\`\`yaml
metallb:
  version: 0.14.3
  manifestSHA256: df1ca995d3dc7f033cb5424a186ebdde69305e3beb688c5cb4d3271d71b1883c
\`\`\`

1. Write the version. \`npx baremetal-lb manifest\` fetches its manifest, or takes it with \`--from\`, tells the hash, and writes
   nothing.
2. Compare the hash, as you would an SSH host key: from another network, or in a clone of upstream's repository by
   \`git show v0.14.3:config/manifests/metallb-native.yaml | sha256sum\`. Then write it into \`cluster.yaml\`.
3. \`npx baremetal-lb manifest\` again, which now writes the file if it has this hash. Another \`bgpType\` has another manifest,
   and another hash.

A manifest is refused whose controller has the image of another version, whose speakers do BGP in another way than declared, or
that has an object of a kind which the stacks have no resource for. A version of the table with another hash than upstream's is
refused: images of your own are [metallb.images](metallb-pods.md#images), and a manifest of your own needs a patch number that
upstream does not have, such as 0.15.100, in the tags of its images, too.

What is known of such a version: which keys it can express, by its number and the table above; its ways to do BGP and its oldest
Kubernetes, as of the nearest patch before it that is in the table, or else of the oldest of its minor version. What is not: its
objects are deployed as the manifest has them, and nobody compared them; a field that Terraform's provider does not know is left
out; it was not run in the lab; and what it brought that no version of the table has is not told by \`upgrade\`, which says so.

## Terraform and Node.js

${toolTable}

## Proven

Each line is a cluster of [the lab](lab.md), with two Debian 12 nodes, or three where all are of the control plane; an arrow
is a change in place, on one cluster. FRR is Debian 12's, 8.4, with every MetalLB, and frr-k8s 0.0.26 where its newer version
cannot be had: [the lab](lab.md#frr).

${proofTable}

${pendingText}Not run live; tests of the configuration, the objects and the scripts are all that holds these:

- Kubernetes other than ${provenKubernetes}.
- Every version that [\`manifestSHA256\`](#another-patch) pins, whose objects nothing compares.
- ${unprovenMetallb}. The objects of every version
  equal upstream's manifest but for what
  [intended-differences.ts](../__tests__/stacks/metallb/constructs/intended-differences.ts) and
  [manifest-differences.ts](../__tests__/stacks/metallb/constructs/manifest-differences.ts) list.
${[...bgpTypes.slice(1).map(unprovenBgpType), ...unprovenIpv6].join("\n")}
- k3s, RKE2, and Cilium in kube-proxy's place; \`kubeProxy: unmanaged\` was run with Kubernetes' own kube-proxy, also started in the ways of RKE2 and k3s.
- Distributions other than Debian 12.
`;

if (require.main === module) process.stdout.write(versionsDocument());
