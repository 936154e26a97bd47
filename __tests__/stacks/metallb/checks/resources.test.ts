import { readCluster } from "../../../../cluster/read";
import { problemText } from "../../../../values/problem";
import { edited } from "../../../cluster/sample";
import { fault } from "../../../faults";

const pools = "        - 192.168.1.240-192.168.1.250";

const kinds =
  "objects of MetalLB's kinds: BFDProfile, BGPPeer, Community, IPAddressPool, L2Advertisement, BGPAdvertisement";

/** What check says of files beside the sample with MetalLB of a version, and the configuration where it is no error. */
function read(files: Readonly<Record<string, string>>, more = "", version = "0.16.2") {
  const names = Object.keys(files).join(", ");
  const text = edited(
    ["version: 0.9.5", `version: ${version}`],
    ['version: "1.18"', 'version: "1.33"'],
    [pools, `${pools}\n${more}  resources: [${names}]`],
  );
  const { problems, config } = readCluster(text, "cluster.yaml", {
    readFile: (path) => {
      const found = files[path];
      return found === undefined || found === "" ? { fault: "does not exist" } : { text: found };
    },
  });
  const texts = problems.map(problemText);
  return { problems: texts.map((one) => one.replace(/^cluster\.yaml:\d+:\d+: /, "")), config };
}
const problemsOf = (text: string, more = "", version?: string) => read({ "a.yaml": text }, more, version).problems;

const object = (kind: string, name: string, spec: string, version = "v1beta1") =>
  `apiVersion: metallb.io/${version}\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
const pool = (name: string, addresses: string) => object("IPAddressPool", name, `{ addresses: [${addresses}] }`);
const announced = object("L2Advertisement", "all", "{}");
const peer = (spec: string) => object("BGPPeer", "r", `{ myASN: 64500, peerASN: 64501, ${spec} }`, "v1beta2");

const near = peer("peerAddress: 192.168.1.1");

describe("files of metallb.resources", () => {
  test(`${fault(272)}: become resources beside those of cluster.yaml`, () => {
    const first = `# Two objects.\n${pool("web", "192.168.1.200/30")}---\n---\n${announced}`;
    const second = `${peer("peerAddress: 10.0.0.1, holdTime: 90s")}`.replace("r }", "r, labels: { a: b } }");
    const { problems, config } = read({ "a.yaml": first, "b.yaml": second });
    expect(problems).toStrictEqual([]);
    expect(config?.metallb.resources).toStrictEqual(["a.yaml", "b.yaml"]);
    expect(config?.metallb.resourceObjects).toStrictEqual([
      {
        apiVersion: "metallb.io/v1beta1",
        kind: "IPAddressPool",
        metadata: { name: "web", namespace: "metallb-system" },
        spec: { addresses: ["192.168.1.200/30"] },
        source: { file: 0, place: "a.yaml:2" },
      },
      {
        apiVersion: "metallb.io/v1beta1",
        kind: "L2Advertisement",
        metadata: { name: "all", namespace: "metallb-system" },
        spec: {},
        source: { file: 0, place: "a.yaml:8" },
      },
      {
        apiVersion: "metallb.io/v1beta2",
        kind: "BGPPeer",
        metadata: { name: "r", namespace: "metallb-system", labels: { a: "b" } },
        spec: { myASN: 64500, peerASN: 64501, peerAddress: "10.0.0.1", holdTime: "1m30s" },
        source: { file: 1, place: "b.yaml:1" },
      },
    ]);
  });

  test("may name what cluster.yaml has, and cluster.yaml what they have", () => {
    const file = [
      object("BFDProfile", "fast", "{ receiveInterval: 100 }"),
      object("Community", "names", '{ communities: [{ name: far, value: "65000:1" }] }'),
      object(
        "BGPPeer",
        "r2",
        "{ myASN: 64500, peerASN: 64501, peerAddress: 192.168.1.2, bfdProfile: slow }",
        "v1beta2",
      ),
      pool("routed", "10.9.0.0/24"),
      object(
        "BGPAdvertisement",
        "both",
        "{ ipAddressPools: [routed, default], peers: [r1, r2], communities: [far, near] }",
      ),
    ].join("---\n");
    const more = `      bgpAdvertisements: [{ peers: [r2], communities: [far] }]
  bgpType: frr-k8s
  peers: [{ name: r1, peerAddress: 192.168.1.1, peerASN: 64501, myASN: 64500, bfdProfile: fast }]
  bfdProfiles: [{ name: slow }]
  bgpCommunities: { near: "65000:2" }
`;
    expect(problemsOf(file, more)).toStrictEqual([]);
  });

  test.each([
    [
      "a file that is not there",
      "",
      '"a.yaml", which does not exist; expected a file of MetalLB\'s own YAML; correct the path, which starts from the folder of cluster.yaml, or put the file there',
    ],
    [
      "no YAML, of which nothing is shown",
      "a: [\nsecret: x\n",
      "a.yaml:2, which is no YAML; expected objects of MetalLB's kinds: BFDProfile, BGPPeer, Community, IPAddressPool, L2Advertisement, BGPAdvertisement; correct it; kubectl apply --dry-run=client -f says what is wrong",
    ],
    [
      "no object",
      "# nothing\n",
      '"a.yaml", which has no object; expected objects of MetalLB\'s kinds: BFDProfile, BGPPeer, Community, IPAddressPool, L2Advertisement, BGPAdvertisement; take the file out of the list',
    ],
    [
      "a Secret, whose value is not shown",
      "apiVersion: v1\nkind: Secret\nmetadata: { name: bgp }\nstringData: { password: hunter2 }\n",
      'a.yaml:1: kind "Secret"; expected one of BFDProfile, BGPPeer, Community, IPAddressPool, L2Advertisement, BGPAdvertisement; take it out, since a file in a repository is no place for it: make the Secret in metallb-system by other means, and name it by passwordSecret (kubectl -n metallb-system create secret generic NAME --type kubernetes.io/basic-auth --from-literal password=…)',
    ],
    [
      "a password, which is not shown",
      peer("peerAddress: 10.0.0.1, password: hunter2"),
      "a.yaml:1: BGPPeer r with password (not shown); expected no secret in a file; put the password into a Secret of metallb-system, type kubernetes.io/basic-auth, and write passwordSecret: { name: NAME }",
    ],
    [
      "another apiVersion",
      peer("peerAddress: 10.0.0.1").replace("v1beta2", "v1beta1"),
      'a.yaml:1: BGPPeer with apiVersion "metallb.io/v1beta1"; expected metallb.io/v1beta2; write apiVersion: metallb.io/v1beta2',
    ],
    [
      "a kind that 0.14 forgot",
      object("AddressPool", "web", "{ protocol: layer2, addresses: [192.168.1.200/30] }"),
      'a.yaml:1: kind "AddressPool"; expected one of BFDProfile, BGPPeer, Community, IPAddressPool, L2Advertisement, BGPAdvertisement; write an IPAddressPool, and an L2Advertisement or BGPAdvertisement that names it',
    ],
    [
      "another namespace",
      announced.replace("name: all", "name: all, namespace: metallb"),
      'a.yaml:1: L2Advertisement all with namespace "metallb"; expected metallb-system, where MetalLB reads its configuration, or none; remove namespace',
    ],
    [
      "what the API server writes",
      `${announced}status: {}\n`,
      "a.yaml:1: L2Advertisement with status; expected nothing but apiVersion, kind, metadata, spec: the rest is written by the cluster; remove status",
    ],
    [
      "managed fields",
      announced.replace("name: all", "name: all, managedFields: []"),
      "a.yaml:1: L2Advertisement all with metadata with managedFields; expected nothing but name, namespace, labels, annotations: the rest is written by the cluster; remove managedFields",
    ],
    [
      "kubectl's own annotation",
      announced.replace("name: all", "name: all, annotations: { kubectl.kubernetes.io/last-applied-configuration: x }"),
      "a.yaml:1: L2Advertisement all with kubectl.kubernetes.io/last-applied-configuration; expected no annotation of kubectl's; remove it",
    ],
    [
      "a name that is none",
      announced.replace("name: all", "name: no"),
      'a.yaml:1: L2Advertisement with the name false; expected a DNS name: labels of lower-case letters, digits and hyphens, joined by dots, at most 253 characters; write a name such as "worker-1" or "worker-1.example.org"',
    ],
    [
      "a key that MetalLB does not have",
      object("L2Advertisement", "all", "{ interface: eth0 }"),
      "a.yaml:1: L2Advertisement all with spec.interface; expected keys that MetalLB has; correct the key, or remove it",
    ],
    [
      "a value as cluster.yaml refuses it",
      pool("web", "192.168.1.200-192.168.1.100") + `---\n${announced}`,
      'a.yaml:1: IPAddressPool web with spec.addresses[0] "192.168.1.200-192.168.1.100"; expected the lower address first; write 192.168.1.100-192.168.1.200',
    ],
    [
      "a Secret of another namespace",
      peer("peerAddress: 10.0.0.1, passwordSecret: { name: bgp, namespace: default }"),
      'a.yaml:1: BGPPeer r with spec.passwordSecret.namespace "default"; expected metallb-system; put the Secret there, where MetalLB reads it',
    ],
  ])(`${fault(272)}: %s is refused`, (_name, text, problem) => {
    expect(problemsOf(text)).toStrictEqual([`error: metallb.resources[0]: given ${problem}`]);
  });

  test.each([
    [
      "an alias without its anchor",
      `${pool("web", "192.168.1.200/30")}---\n${object("IPAddressPool", "b", "{ addresses: *lan }")}`,
      "a.yaml:6, which has an alias (*…) without its anchor (&…) in the same document, or too many of them; expected %s; write the value itself".replace(
        "%s",
        kinds,
      ),
    ],
    [
      "aliases that grow beyond all bounds",
      `a: &a [${"x,".repeat(9)}]\nb: &b [${"*a,".repeat(9)}]\nc: &c [${"*b,".repeat(9)}]\nd: [${"*c,".repeat(9)}]\n`,
      "a.yaml:1, which has an alias (*…) without its anchor (&…) in the same document, or too many of them; expected %s; write the value itself".replace(
        "%s",
        kinds,
      ),
    ],
    [
      "a key twice",
      `${announced}spec: {}\n`,
      "a.yaml:5, which has a key twice; expected %s; keep one of the two".replace("%s", kinds),
    ],
    [
      "a template of Helm's, with one problem for all of it",
      `{{- if .Values.pool }}\n${announced}{{- end }}\n`,
      "a.yaml:1, which is no YAML; expected %s; correct it; kubectl apply --dry-run=client -f says what is wrong".replace(
        "%s",
        kinds,
      ),
    ],
    [
      "a spec of nothing",
      object("L2Advertisement", "all", ""),
      "a.yaml:1: L2Advertisement all with spec nothing; expected a mapping of keys and values; write its keys below it, indented",
    ],
    [
      "a list of nothing",
      object("L2Advertisement", "all", "\n  ipAddressPools:"),
      "a.yaml:1: L2Advertisement all with spec.ipAddressPools nothing; expected a list; write one item a line, each after a hyphen",
    ],
    [
      "a label's key that Kubernetes refuses",
      announced.replace("name: all", 'name: all, labels: { "my team": net }'),
      'a.yaml:1: L2Advertisement all with the label "my team"; expected a label\'s key: at most 63 letters, digits, hyphens, underscores and dots, with a DNS name and a slash before where it has one; correct the key',
    ],
    [
      "a label's value that Kubernetes refuses",
      announced.replace("name: all", 'name: all, labels: { team: "net & ops" }'),
      'a.yaml:1: L2Advertisement all with the label "team": "net & ops"; expected a label\'s value: at most 63 letters, digits, hyphens, underscores and dots, the first and the last a letter or digit; write it as text, in quotes where YAML would read something else: "true", "1"',
    ],
    [
      "an annotation's key that Kubernetes refuses",
      announced.replace("name: all", 'name: all, annotations: { "see also": x }'),
      'a.yaml:1: L2Advertisement all with the annotation "see also"; expected an annotation\'s key: at most 63 letters, digits, hyphens, underscores and dots, with a DNS name and a slash before where it has one; correct the key',
    ],
  ])(`${fault(257)}: %s is refused`, (_name, text, problem) => {
    expect(problemsOf(text)).toStrictEqual([`error: metallb.resources[0]: given ${problem}`]);
  });

  test(`${fault(257)}: what Kubernetes takes is taken: JSON, lines of Windows, a byte order mark, labels of nothing`, () => {
    const json = JSON.stringify({ apiVersion: "metallb.io/v1beta1", kind: "L2Advertisement", metadata: { name: "a" } });
    const odd = announced.replace("name: all", "name: all, labels: , annotations: { Example.org/Note: x }");
    expect(
      [json, announced.replaceAll("\n", "\r\n"), `\uFEFF${announced}`, odd].flatMap((text) => problemsOf(text)),
    ).toStrictEqual([]);
  });

  test.each([
    [
      "an address of a pool of cluster.yaml",
      `${pool("web", "192.168.1.245/32")}---\n${announced}`,
      'IPAddressPool web (a.yaml:1): "192.168.1.245/32" in the pool web; expected addresses that no other range has: it overlaps "192.168.1.240-192.168.1.250" in the pool default; remove the common addresses from one of the two',
    ],
    [
      "a node's address",
      `${pool("web", "192.168.1.20-192.168.1.22")}---\n${announced}`,
      'IPAddressPool web (a.yaml:1): "192.168.1.20-192.168.1.22" in the pool web; expected addresses that no host of the cluster has: it contains worker1 (192.168.1.21); kube-proxy in IPVS mode binds LoadBalancer addresses to kube-ipvs0 on every node, so that the nodes would not reach those hosts any more; choose a range without them',
    ],
    [
      "the pods' addresses",
      `${pool("web", "10.244.7.0/24")}---\n${announced}`,
      "IPAddressPool web (a.yaml:1): \"10.244.7.0/24\" in the pool web; expected addresses outside the cluster's own networks: it overlaps kubernetes.podCIDR 10.244.0.0/16; choose free addresses of the nodes' network, or correct the network if the cluster has another",
    ],
    [
      "loopback addresses",
      `${pool("web", "127.0.0.0/24")}---\n${announced}`,
      'IPAddressPool web (a.yaml:1): "127.0.0.0/24" in the pool web; expected addresses that a Service can have: not 127.0.0.0/8 (loopback); choose free addresses of the nodes\' network',
    ],
    [
      "the name of a pool of cluster.yaml",
      `${pool("default", "192.168.1.200/30")}---\n${announced}`,
      "IPAddressPool default (a.yaml:1); expected a name that no IPAddressPool has which cluster.yaml becomes; give one of the two another name, or take one out",
    ],
    [
      "the name of an announcement of cluster.yaml",
      object("L2Advertisement", "default", "{}"),
      "L2Advertisement default (a.yaml:1); expected a name that no L2Advertisement has which cluster.yaml becomes; give one of the two another name, or take one out",
    ],
    [
      "a name a second time",
      `${announced}---\n${announced}`,
      "L2Advertisement all (a.yaml:6); expected a name that no other L2Advertisement has: L2Advertisement all (a.yaml:1) has it too; give one of the two another name, or take one out",
    ],
    [
      "a pool that is not there",
      object("L2Advertisement", "all", "{ ipAddressPools: [default, web] }"),
      'L2Advertisement all (a.yaml:1): "web"; expected the name of a pool, of cluster.yaml or of a file (default); write one of those names, or add the pool',
    ],
    [
      "a router that is not there",
      `${near}---\n${object("BGPAdvertisement", "all", "{ ipAddressPools: [default], peers: [r9] }")}`,
      'BGPAdvertisement all (a.yaml:6): "r9"; expected the name of a router in metallb.peers (r); write one of those names, or give the router this name',
    ],
    [
      "a community that is none",
      `${near}---\n${object("BGPAdvertisement", "all", "{ ipAddressPools: [default], communities: [far] }")}`,
      'BGPAdvertisement all (a.yaml:6): "far"; expected two numbers from 0 to 65535, joined by a colon, or "large:" and three numbers from 0 to 4294967295, or a name from metallb.bgpCommunities (there is none); write it like "65535:65282", or define the name in metallb.bgpCommunities',
    ],
    [
      "a router without an address",
      peer("peerPort: 179"),
      "BGPPeer r (a.yaml:1): nothing; expected peerAddress, the router's address, or interface, the nodes' interface to it; write peerAddress",
    ],
    [
      "an aggregation beyond a pool of cluster.yaml",
      `${near}---\n${object("BGPAdvertisement", "all", "{ ipAddressPools: [default], aggregationLength: 24 }")}`,
      'BGPAdvertisement all (a.yaml:6): 24; expected at least 29: the largest network in "192.168.1.240-192.168.1.250" is a /29, and MetalLB announces none beyond a pool\'s own addresses; raise aggregationLength, or make the pool of whole networks of that length',
    ],
    [
      "what needs FRR",
      peer("peerAddress: 10.0.0.1, connectTime: 10s"),
      "BGPPeer r (a.yaml:1): connectTime with bgpType: native; expected bgpType: frr or frr-k8s: MetalLB's own BGP cannot do it; remove the key, or set metallb.bgpType: frr-k8s",
    ],
    [
      "what needs FRR, and cluster.yaml has no key for",
      peer("peerAddress: 192.168.1.1, disableMP: true"),
      "BGPPeer r (a.yaml:1): disableMP with bgpType: native; expected bgpType: frr or frr-k8s: MetalLB's own BGP cannot do it; remove the key, or set metallb.bgpType: frr-k8s",
    ],
    [
      "a kind that needs FRR",
      object("BFDProfile", "fast", "{}"),
      "BFDProfile fast (a.yaml:1): bfdProfiles with bgpType: native; expected bgpType: frr or frr-k8s: MetalLB's own BGP cannot do it; remove the key, or set metallb.bgpType: frr-k8s",
    ],
  ])(`${fault(272)}: %s is refused`, (_name, text, problem) => {
    expect(problemsOf(text)).toStrictEqual([`error: metallb.resources[0]: given ${problem}`]);
  });

  test("what a version cannot express yet is refused, and a peer's address in a pool", () => {
    const selected = object("L2Advertisement", "all", "{ serviceSelectors: [{ matchLabels: { a: b } }] }");
    expect(problemsOf(selected, "", "0.15.3")).toStrictEqual([
      "error: metallb.resources[0]: given L2Advertisement all (a.yaml:1): serviceSelectors with version: 0.15.3; expected MetalLB 0.16.0 or newer, the first that can express it; remove the key, or set metallb.version: 0.16.2",
    ]);
    expect(problemsOf(peer("peerAddress: 192.168.1.241"))[0]).toContain("it contains a BGP peer (192.168.1.241);");
  });

  test("what cluster.yaml has no key for is judged by the version, too, with frr-k8s by the one from which it is handed on", () => {
    const found = (version: string, bgpType: string) => {
      const section = `  bgpType: ${bgpType}\n  manifestSHA256: "${"a".repeat(64)}"\n`;
      const problems = problemsOf(peer("peerAddress: 192.168.1.1, disableMP: true"), section, version);
      return problems.filter((text) => text.includes("disableMP"));
    };
    const refused = (version: string, since: string) =>
      `error: metallb.resources[0]: given BGPPeer r (a.yaml:1): disableMP with version: ${version}; expected MetalLB ${since}, the first that can express it; remove the key, or set metallb.version: 0.14.9`;
    expect(found("0.14.3", "frr")).toStrictEqual([refused("0.14.3", "0.14.4 or newer")]);
    expect(found("0.14.4", "frr")).toStrictEqual([]);
    expect(found("0.14.4", "frr-k8s")).toStrictEqual([refused("0.14.4", "0.14.5 or newer with bgpType: frr-k8s")]);
    expect(found("0.14.6", "frr-k8s")).toStrictEqual([]);
  });

  test(`${fault(272)}: a pool that nothing announces is warned of`, () => {
    expect(problemsOf(pool("web", "192.168.1.200/30"))).toStrictEqual([
      "warning: metallb.resources[0]: given IPAddressPool web (a.yaml:1); expected an announcement for it: MetalLB gives its addresses to Services, and announces none of them; add an L2Advertisement or a BGPAdvertisement, unless something else announces them, such as Calico",
    ]);
  });

  test(`${fault(272)}: MetalLB 0.9 has no such files`, () => {
    expect(problemsOf(announced, "", "0.9.6")).toStrictEqual([
      "error: metallb.resources: given resources with version: 0.9.6; expected MetalLB 0.13.7 or newer, the first that can express it; remove the key, or set metallb.version: 0.13.12",
    ]);
  });
});
