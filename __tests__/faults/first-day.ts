import type { Section } from "./row";

export const firstDay: Section = {
  title: "The first cluster.yaml",
  rows: [
    {
      number: 205,
      slug: "init-twice",
      fault: "`init` runs where a cluster.yaml is already",
      gets: "nobody is asked and nothing is written: the file is named, and how to name another one",
    },
    {
      number: 206,
      slug: "init-changes",
      fault: "a cluster with MetalLB and settings of its own gets its first cluster.yaml",
      gets: "what the file declares is what is there: version, pools, announcements, routers, class, images, settings of the pods, kube-proxy's mode; the first plan changes no resource of it",
    },
    {
      number: 207,
      slug: "init-cannot-say",
      fault: "a cluster has what cluster.yaml has no key for: a router's password, frr-k8s, an object of another name",
      gets: "a comment in the file and a line on the terminal for each, never with a secret's value; what the first plan changes is named",
    },
    {
      number: 256,
      slug: "init-experimental-frr",
      fault: "MetalLB 0.12 runs with the FRR that was an experiment there",
      gets: "cluster.yaml declares 0.13 with `bgpType: frr`, and says why: no plan takes FRR away unseen",
    },
    {
      number: 208,
      slug: "init-unmanaged",
      fault: "k3s, k0s, RKE2 or Cilium sets kube-proxy, or stands in its place",
      gets: "`kubeProxy: unmanaged` with the reason, and that distribution's kubeconfig for the nodes",
    },
    {
      number: 209,
      slug: "init-words",
      fault: "a node, pool or label is called `no`, `1.10`, `0123` or `1:30`, which YAML takes for something else",
      gets: "quotes, so that readers of YAML 1.1 and 1.2 find the name that it is",
    },
    {
      number: 210,
      slug: "init-no-pool",
      fault: "a cluster has no pool, and nothing tells which addresses are free",
      gets: "a range of the nodes' network that nothing in the cluster has, called a proposal that is to be looked at",
    },
    {
      number: 211,
      slug: "init-kubeconfig",
      fault: "the kubeconfig is not there, is several files, has no such context, or is none",
      gets: "the files that were looked at and what mends it, before anybody is asked; never a part of the file's text",
    },
    {
      number: 212,
      slug: "init-ignored",
      fault: "a repository would keep Terraform's state, which holds the memberlist secret",
      gets: "`.gitignore` gets the lines that it lacks, and the terminal says which",
    },
    {
      number: 270,
      slug: "init-from-nodes",
      fault: "the first cluster.yaml is to be written where no kubeconfig is, but SSH to nodes",
      gets: "`init --from-nodes` asks by kubectl on a control-plane node, and where none can be asked writes what the nodes say of themselves, with what is not known; no credential of the cluster leaves a node, and nobody logs in before the host keys were confirmed",
    },
    {
      number: 271,
      slug: "init-nodes-refuse",
      fault: "a node of `init --from-nodes` is down, refuses the key, has no sudo without a password, or is no node",
      gets: "every such node with what mends it, and no file",
    },
    {
      number: 263,
      slug: "init-quoted-values",
      fault:
        "a template wrote a node's kubeconfig or static pods, with values in quotes, or kubelet's name as the next word",
      gets: "`init --from-nodes` takes the values without the quotes, and the name that kubelet has",
    },
  ],
};
