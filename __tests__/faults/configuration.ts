import type { Section } from "./row";

export const configuration: Section = {
  title: "Configuration: nothing is written, nothing is contacted",
  rows: [
    {
      number: 1,
      slug: "unreadable-file",
      fault: "the file is missing, empty, not YAML, has a tab or a key twice",
      gets: "an error with file, line and column",
    },
    {
      number: 2,
      slug: "unknown-key",
      fault: "a key is unknown, misspelt or missing",
      gets: "an error at the key's own line that suggests the nearest key; what stands below it is checked too",
    },
    {
      number: 3,
      slug: "bad-range",
      fault: "a bad IP address, `/33`, a bare address, a reversed range or one of mixed families",
      gets: "an error with pool and value; for a bare address it suggests `/32` or `/128`",
    },
    {
      number: 4,
      slug: "host-bits",
      fault: "host bits in a CIDR, such as `10.0.0.10/24`",
      gets: "an error that suggests the network or the one address",
    },
    {
      number: 5,
      slug: "overlapping-pools",
      fault: "ranges overlap within a pool or between pools, or two pools share a name",
      gets: "an error that names both",
    },
    {
      number: 6,
      slug: "taken-address",
      fault: "a pool has an address of a node, the bastion, a BGP router, or a reserved one such as a gateway",
      gets: "an error that names the owner and says why: kube-proxy would bind it on every node",
    },
    {
      number: 7,
      slug: "cluster-networks",
      fault: "a pool overlaps the pods' or the Services' network, or these overlap each other",
      gets: "an error that names both networks",
    },
    {
      number: 8,
      slug: "special-network",
      fault: "loopback, multicast, link-local, `0.0.0.0/0` or 198.51.100.0 in a pool",
      gets: "an error that says what the network is for",
    },
    {
      number: 9,
      slug: "doubtful-layer2-pool",
      fault: "`.0` or `.255` of a /24 in a layer2 pool, or a pool outside of every node's subnet",
      gets: "a warning",
    },
    {
      number: 10,
      slug: "bad-nodes",
      fault: "no node, no control-plane node, a name or an address twice, a name that is no DNS label",
      gets: "an error that names the nodes",
    },
    {
      number: 11,
      slug: "bad-value",
      fault: "a bad duration (`5 m`), port, user name, scheduler, mode or path",
      gets: "an error that lists or describes what is allowed",
    },
    {
      number: 12,
      slug: "bad-key-file",
      fault: "a key file or kubeconfig is missing, unreadable, encrypted without agent, or something else",
      gets: "an error before any connection; nothing of the file is printed",
      note: "`cdktf` only warns of it, since another machine may apply, such as Terraform Cloud's agent",
    },
    {
      number: 13,
      slug: "no-host-key",
      fault: "a node or the bastion has no host key",
      gets: "an error with the command that prints it; the insecure switch warns each time and names the nodes",
    },
    {
      number: 14,
      slug: "unsupported-version",
      fault:
        "a Kubernetes or MetalLB version that is not supported, a key that the chosen MetalLB cannot express, or IPVS where kube-proxy drops it",
      gets: "an error with both versions and a way out; a warning where IPVS or FRR mode is only deprecated",
    },
    {
      number: 15,
      slug: "bad-bgp",
      fault:
        "a bad AS number, peer address, timer, router id, community, aggregation length, label selector or BFD profile, or announcements and peers that contradict each other",
      gets: "an error that gives the bounds, or names what contradicts",
    },
    {
      number: 16,
      slug: "large-file",
      fault: "a file with 1,000 nodes and 100 pools",
      gets: "it is accepted; synth time and memory are in bench/README.md",
    },
    {
      number: 49,
      slug: "wrong-manifest",
      fault: "upstream's manifest of MetalLB 0.13 and later is missing, or somebody changed it",
      gets: "an error with both hashes and the command that fetches it; nothing of the file is used",
    },
    {
      number: 70,
      slug: "excluded-nodes",
      fault:
        "every node is a control-plane node, which kubeadm excludes from load balancers, with MetalLB 0.14 or later",
      gets: "a warning that says so, and a key by which they announce all the same; the controller runs there, too",
    },
    {
      number: 71,
      slug: "user-of-a-directory",
      fault: "ssh.user has a dot, capitals, `@` or `\\`, as LDAP and Active Directory have them",
      gets: "it is taken as it is, by SSH, Terraform and the scripts",
    },
    {
      number: 72,
      slug: "pool-name",
      fault: "a pool with a name that only MetalLB before 0.13 takes, or one with dots",
      gets: "those before 0.13 have any text; later versions get an error that says what a new name does to Services, or a resource of that name",
    },
    {
      number: 73,
      slug: "excluded-pool",
      fault: "kubeProxy.excludeCIDRs holds a pool, or the Services' network",
      gets: "a warning that names them and says what stays behind",
    },
    {
      number: 74,
      slug: "frr-peers-on-one-node",
      fault: "two FRR peers that one node connects to differ where FRR cannot, with MetalLB 0.16",
      gets: "an error that names both, by nodes' names and by selectors; peers of different nodes may differ",
    },
    {
      number: 75,
      slug: "bgp-timers",
      fault: "timers as Kubernetes prints them (`1m30s`), 0s, a keepalive time alone, or none with FRR",
      gets: "each means what MetalLB makes of it; what it refuses is an error with the bounds",
    },
    {
      number: 76,
      slug: "release-notes",
      fault: "an upgrade passes releases that change what a user sees",
      gets: "`upgrade` names each change that concerns the cluster, with upstream's number, and none that was taken back",
    },
    {
      number: 77,
      slug: "keys-of-other-files",
      fault: "a key of MetalLB's own files or its chart: `password`, `address-pools`, a Secret as a mapping",
      gets: "an error whose remedy names the right key, and what cannot be expressed",
    },
    {
      number: 78,
      slug: "mirror-of-frr",
      fault: "a mirror of images, with FRR, which upstream has in another organisation",
      gets: "FRR's image is looked for as upstream's paths are; a warning names the key for another place",
    },
    {
      number: 79,
      slug: "useless-session",
      fault:
        "a pool whose family no BGP session carries, a router that no node reaches, a selector of no declared node",
      gets: "a warning at the place",
    },
    {
      number: 123,
      slug: "digest-left-behind",
      fault: "MetalLB's version is raised, and the digest of the version before stays in `metallb.images`",
      gets: "`check` refuses it: a digest needs its tag beside it, and the tag the version in it",
    },
    {
      number: 138,
      slug: "announced-elsewhere",
      fault: "something else than MetalLB announces the addresses of a pool, such as Calico",
      gets: "`protocol: none`: MetalLB gives them to Services and announces none; `status` does not complain of it, and `verify` fails if MetalLB does",
    },
    {
      number: 139,
      slug: "values-of-the-chart",
      fault: "a value of upstream's Helm chart is written into cluster.yaml",
      gets: "`check` says which key it has here, or why it has none; docs/helm-values.md lists them",
    },
    {
      number: 144,
      slug: "forwarded-agent",
      fault: "`ssh.agent: true`: Terraform forwards the agent to every node, where root can use its keys",
      gets: "`check`, the schema and SECURITY.md say so, with what prevents it; the commands' own client forwards none",
      note: "Terraform has no setting that turns it off",
    },
    {
      number: 266,
      slug: "forms-of-other-files",
      fault:
        "cluster.yaml has what other files have: `---` at its end, a merge (`<<`), keys of kube-proxy's own configuration, `0` or `'1'` for a number of nodes",
      gets: "an error that calls it what it is, with what is to be written, or where it is set",
    },
  ],
};
