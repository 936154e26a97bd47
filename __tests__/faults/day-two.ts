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
  ],
};
