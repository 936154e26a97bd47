import type { Section } from "./row";

export const dayTwo: Section = {
  title: "Commands on a live cluster",
  rows: [
    {
      number: 85,
      slug: "heal-destroys",
      fault: "a repair would destroy an object, or replace it",
      gets: "`heal` shows it and asks for it by its address; with `--yes` nothing is applied unless `--destroy` names it",
    },
    {
      number: 86,
      slug: "other-class",
      fault: "a Service has a loadBalancerClass of another program, beside MetalLB 0.13 or later",
      gets: "`status`, `verify` and `upgrade` leave it out; with 0.9, which knows no class, it counts",
    },
    {
      number: 87,
      slug: "other-allocator",
      fault: "another load balancer, such as k3s' ServiceLB, gave a Service a node's address",
      gets: "the cause and how to switch it off, not a pool that `check` refuses",
    },
    {
      number: 88,
      slug: "announced-by-nobody",
      fault: "nodes are labelled exclude-from-external-load-balancers, beside MetalLB 0.14.2 or later",
      gets: "`verify` names them and fails if it is all of them, `status` says that every node is excluded, `upgrade` warns before",
    },
    {
      number: 89,
      slug: "own-mistake",
      fault: "a command meets a mistake of its own code",
      gets: "a stack trace, and no word of an API that cannot be reached",
    },
    {
      number: 90,
      slug: "dual-stack",
      fault: "a Service has an address of each family",
      gets: "`status`, `verify` and `upgrade` count both",
    },
    {
      number: 91,
      slug: "one-reading",
      fault: "config.conf has words, numbers, keys or documents that readers of YAML take differently",
      gets: "`drift` and `verify` read it as kube-proxy does",
    },
    {
      number: 92,
      slug: "changed-pin",
      fault: "the versions of Terraform's providers changed since `cdktf.out` was made",
      gets: "the commands initialise anew with `init -upgrade`",
    },
    {
      number: 93,
      slug: "ended-from-outside",
      fault: "a command is ended by SIGTERM or SIGHUP",
      gets: "Terraform is told to end in good order, and waited for; no folder with plans or imports is left",
    },
    {
      number: 94,
      slug: "helm",
      fault: "the MetalLB of the cluster is a Helm release",
      gets: "`verify` and `status` look at it as it is, under its names; `upgrade` reports, with Helm's command; `adopt` refuses with the steps to these stacks",
    },
    {
      number: 141,
      slug: "image-by-digest",
      fault: "MetalLB's images are pinned by digest, with a tag or without one",
      gets: "`verify` compares registry, name and version, by the tag or the chart's label; a version that nothing tells is not guessed",
    },
    {
      number: 146,
      slug: "terraform-hangs",
      fault: "Terraform does not end, though a command told it to, since something that it waits for hangs",
      gets: "the command ends by the clock all the same: it asks twice, then kills it, and names stack and bound",
      note: "a Terraform that was killed leaves the state's lock; the next plan names who holds it",
    },
    {
      number: 122,
      slug: "declared-class",
      fault: "MetalLB looks after Services of a loadBalancerClass, declared or only in the cluster",
      gets: "`status`, `verify`, its trial and `upgrade` go by the declared class; a program of another class, and Services that nobody would announce, are named",
    },
    {
      number: 213,
      slug: "explain-not-looked-after",
      fault: "a Service that does not answer is misspelt, of another type or class, or being deleted",
      gets: "`explain` says so, and names the one that may be meant",
    },
    {
      number: 214,
      slug: "explain-no-address",
      fault: "a Service has no address, or one that it should not have",
      gets: "`explain` names the first thing in the way: the controller, the pool or address asked for, who has it, who may use the pool, a pool that is used up",
    },
    {
      number: 215,
      slug: "explain-nobody-announces",
      fault: "a Service has an address, and no node announces it",
      gets: "`explain` names what is missing: an announcement of the pool, a speaker, or why each node may not; what follows from that is no cause of its own",
    },
    {
      number: 216,
      slug: "explain-no-endpoint",
      fault: "a Service has no ready endpoint, or with the policy Local none on a node that may announce it",
      gets: "`explain` names selector and endpoints, or the nodes",
    },
    {
      number: 217,
      slug: "explain-stopped-on-the-way",
      fault: "a Service is announced, and does not answer",
      gets: "`explain` looks at the node that announces it: interfaces, kube-proxy, strictARP, where the Service's traffic goes, INPUT, endpoints that take no connection; and at whom the Service lets in",
      note: "over SSH, and from a host that is no node",
    },
    {
      number: 218,
      slug: "explain-two-announce",
      fault: "two nodes announce a Service by layer2, or a router has no session",
      gets: "`explain` names them, and the speakers that do not see each other, or the session that is down",
    },
    {
      number: 219,
      slug: "explain-less-rights",
      fault: "a token may not read all, or no node can be asked over SSH",
      gets: "`explain` says in its place what could not be looked at, and all else; exit code 1 where nothing wrong is known and no answer came",
    },
    {
      number: 220,
      slug: "explain-without",
      fault: "a node is to go away",
      gets: "`explain --without` says who would announce a Service then, by the order that the speakers of the version go by",
    },
    {
      number: 229,
      slug: "verify-of-many-nodes",
      fault: "one node of a hundred is not as it should be",
      gets: "`verify` says a line a node, and below that of the one what failed and what mends it; `--all` shows every check",
    },
    {
      number: 230,
      slug: "api-away-while-watched",
      fault: "the Kubernetes API goes away while `status --watch` shows it",
      gets: "it says so with the time, keeps what it knew last, and goes on when the API is back; without a terminal it appends what changed",
    },
    {
      number: 231,
      slug: "terraform-says-ssh",
      fault: "Terraform cannot log in to a node: no key file, another host key, a key that is refused, no sshd",
      gets: "a sentence that names the file or the host and the way out, above what Terraform says",
    },
    {
      number: 232,
      slug: "terraform-says-kubernetes",
      fault:
        "Terraform gets no answer of the Kubernetes API: no kubeconfig or context, no connection, its certificate, 401, 403",
      gets: "a sentence that names server, account or context and the way out, once for all resources, above what Terraform says",
    },
    {
      number: 233,
      slug: "terraform-says-init",
      fault:
        "Terraform cannot begin: no provider, no packages, the state's server, its credentials, a state that was elsewhere",
      gets: "a sentence that names what is missing and the way out, above what Terraform says",
    },
    {
      number: 234,
      slug: "long-silence",
      fault: "a command takes long, and nobody knows whether it still works",
      gets: "after two seconds each command says what it does, on a terminal with the seconds that have passed, elsewhere in a line a minute",
    },
    {
      number: 236,
      slug: "examples-that-are-refused",
      fault: "somebody copies an example out of a command's `--help`",
      gets: "a line that the program takes: each command has one at least, and a test gives each to the program's own parser",
    },
  ],
};
