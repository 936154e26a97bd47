import type { Section } from "./row";

export const metallb: Section = {
  title: "MetalLB",
  rows: [
    {
      number: 34,
      slug: "metallb-not-ready",
      fault: "the controller or a speaker never gets ready, such as for a missing image",
      gets: "a bounded failure that names pod and reason; the next apply works with no `state rm`",
    },
    {
      number: 35,
      slug: "stranded-address",
      fault: "a change of a pool would strand a Service's address",
      gets: "an error in the plan that lists the Services",
    },
    {
      number: 36,
      slug: "deleted-by-hand",
      fault: "pods, the secret or the ConfigMap are deleted by hand",
      gets: "`diff` shows it, `deploy` restores; the memberlist secret keeps its value",
    },
    {
      number: 37,
      slug: "node-dies",
      fault: "a node dies",
      gets: "its addresses answer from another node within 10 s",
    },
    {
      number: 38,
      slug: "installed-by-hand",
      fault: "MetalLB was installed by hand before",
      gets: "it is adopted in place: no object destroyed, no address lost",
    },
    {
      number: 39,
      slug: "started-too-early",
      fault: "the speakers or the controller would start before what they need",
      gets: "namespace, then accounts, RBAC, policies, secret and configuration, then the workloads, then the proof that each pod took the configuration",
      note: "MetalLB before 0.13 has neither CRDs nor a webhook to wait for; those came with 0.13",
    },
    {
      number: 40,
      slug: "nothing-changed",
      fault: "a second apply with no change",
      gets: "an empty plan, no pod restarted",
    },
    {
      number: 55,
      slug: "undeclared-resource",
      fault: "somebody makes a pool or another custom resource of MetalLB that cluster.yaml does not declare",
      gets: "`verify` and `status` name it, with the command that removes it; Terraform's plans cannot show it",
    },
    {
      number: 56,
      slug: "back-to-configmap",
      fault: "cluster.yaml names MetalLB before 0.13 where 0.13 or later runs",
      gets: "`upgrade` refuses it, and leads to the way that there is",
      note: "`cdktf deploy` does not refuse it",
    },
    {
      number: 57,
      slug: "plan-needs-another-stack",
      fault: "a stack cannot be planned before another one is deployed, such as the address pools before their CRDs",
      gets: "`drift` calls both not deployed and says which comes first; `heal` repairs them in order; `upgrade` lists what is declared",
    },
    {
      number: 110,
      slug: "namespace-owner-lost",
      fault:
        "the annotation that names the namespace's stack is lost or edited, or the namespace metallb-system is deleted",
      gets: "no plan deletes the namespace: each stack remembers in its state whether it is its own, the missing one is made once",
    },
    {
      number: 111,
      slug: "configuration-not-taken",
      fault:
        "a pod of MetalLB keeps an older configuration, its log was rotated, or kubectl fails while the rollout is proven",
      gets: "the deploy asks what `verify` asks, metrics up to 0.15 and `ConfigurationState` from 0.16 on; what cannot be read is an error",
    },
    {
      number: 112,
      slug: "proof-not-repeated",
      fault: "the namespace, a workload or a pool is deleted by hand, and a deploy makes it anew",
      gets: "the deploy ends only after the rollout was proven again, as after any change",
    },
    {
      number: 113,
      slug: "filled-in-by-older-api-servers",
      fault:
        "an older Kubernetes fills in or drops fields: the host's ports below 1.28, validation rules of CRDs below 1.25",
      gets: "what its API server keeps is what is declared, so that the second plan is empty; nothing restarts on newer ones",
    },
    {
      number: 114,
      slug: "pod-security-level",
      fault: "a cluster with Pod Security admission, 1.23 and later, has another default level than privileged",
      gets: "the namespace lets the speakers in: from MetalLB 0.13 on on every Kubernetes, as upstream has it; older ones from 1.23 on",
    },
    {
      number: 115,
      slug: "services-of-others",
      fault: "Services of another program: of its loadBalancerClass, or with nodes' own addresses (k3s' ServiceLB)",
      gets: "those of a class are left out from MetalLB 0.13 on; where nodes' own addresses would be lost, the plan names the cause and no range that `check` refuses",
    },
    {
      number: 120,
      slug: "orphaned-webhook",
      fault:
        "the namespace metallb-system is deleted, and the configuration of its webhook, which is in none, refuses every pool",
      gets: "the deploy takes that configuration away before it writes the pools, and makes it again with MetalLB",
    },
    {
      number: 163,
      slug: "crds-made-anew",
      fault:
        "MetalLB's CRDs were deleted and made anew while it ran: its pods watch those that are gone, for up to a minute, and their metrics say that all is well",
      gets: "the deploy restarts the pods that are older than the CRDs, and ends when they have taken the pools",
    },
    {
      number: 121,
      slug: "another-class",
      fault: "the loadBalancerClass in cluster.yaml is another one than that of the MetalLB which runs",
      gets: "the plan refuses it while Services have addresses that nobody would announce, or that another program gave: by their names, with the safe way",
    },
    {
      number: 140,
      slug: "two-metallbs",
      fault: "another MetalLB is in the cluster, such as a Helm release, in whatever namespace",
      gets: "the plans of `metallb-crds` and `metallb` refuse it by its names, with the steps to these stacks; a destroy goes on",
    },
    {
      number: 145,
      slug: "kinds-deleted",
      fault: "MetalLB's CRDs are deleted by hand while it runs, or a plan would remove them",
      gets: "the plan of `metallb-crds` warns, and `drift` and `heal` say, that the pools go and Services' addresses with them, before anything is applied",
    },
    {
      number: 195,
      slug: "excluded-interface",
      fault: "a pool is to be announced from an interface that MetalLB's own list, or that of cluster.yaml, leaves out",
      gets: "`check` warns and names the expression of the list; a list of one's own is written whole, and replaces the speakers, which read it at their start",
    },
    {
      number: 196,
      slug: "another-memberlist-port",
      fault: "the speakers find each other at another port than 7946, or not at all",
      gets: "`nodes` opens that port where firewalld runs, `drift` and `verify` look at that one; without the memberlist none is opened, nothing is asked of it, and settings by which a node would have no speaker are errors",
    },
    {
      number: 248,
      slug: "frr-k8s-not-told",
      fault:
        "a router's key is set that MetalLB takes with frr-k8s and does not hand on to it, or one of FRR's with another bgpType",
      gets: "`check` refuses it with the bgpType that can do it; what is handed on is compared with MetalLB's source",
    },
    {
      number: 249,
      slug: "speakers-before-frr-k8s",
      fault: "the speakers would hand their BGP sessions over to frr-k8s before it runs",
      gets: "frr-k8s is deployed and waited for first; a pod that does not get ready ends the deploy with its name and reason, and the speakers go on as before",
    },
    {
      number: 250,
      slug: "frr-k8s-not-taken",
      fault:
        "frr-k8s runs, and FRR does not take what the speakers made of the pools, or its webhook refuses every change",
      gets: "the deploy fails with node and reason, and `verify` says the same, by `FRRNodeState`; where firewalld runs the stack `nodes` opens the webhook's port",
    },
    {
      number: 251,
      slug: "node-without-frr-k8s",
      fault: "a node has a speaker, and frr-k8s does not run there: it announces nothing by BGP",
      gets: "its pods run where the speakers are said to; `verify` and `status` name the node where none is ready",
    },
    {
      number: 252,
      slug: "image-not-served",
      fault:
        "upstream's manifest of MetalLB 0.14 and 0.15 takes an image of frr-k8s' pods from where it is not served any more",
      gets: "`check` warns, with the key that names another place, before a deploy waits for the pods in vain",
    },
    {
      number: 253,
      slug: "operator-not-there",
      fault: "ServiceMonitors or rules are declared, and the cluster does not know Prometheus' operator's kinds",
      gets: "they are left out, and each plan warns of it; MetalLB is deployed all the same, and a deploy after the operator's brings them",
    },
    {
      number: 254,
      slug: "alerts-that-say-nothing",
      fault: "an alert that is never sounded, or sounded while all is well",
      gets: "each one is tried with Prometheus' own promtool on series of both kinds; its metrics, and the dashboard's, are those of MetalLB's sources",
    },
    {
      number: 255,
      slug: "back-from-frr-k8s",
      fault: "bgpType goes back from frr-k8s, whose kinds a deploy takes away before the speakers do BGP otherwise",
      gets: "`upgrade`, `diff` and `drift` say that all BGP sessions end meanwhile, and that FRRConfigurations of others are lost",
    },
    {
      number: 272,
      slug: "metallb-own-yaml",
      fault: "cluster.yaml has no key for an object of MetalLB's, or it is there as upstream's own YAML",
      gets: "`metallb.resources` names files of it, which are checked like the rest and deployed, drift-checked and destroyed as pools are: another kind or version, a Secret, a password, status, a taken name or address, and a name of nothing are refused, with file and line",
    },
    {
      number: 257,
      slug: "foreign-yaml-files",
      fault:
        "a file of `metallb.resources` has an alias of nothing, a key twice, a template, `spec:` or a list of nothing, or labels that Kubernetes refuses",
      gets: "an error with file, line and what to write; JSON, lines of Windows and a byte order mark are taken as kubectl takes them",
    },
    {
      number: 258,
      slug: "pods-that-kubernetes-refuses",
      fault:
        "settings of pods that the API server refuses: a key of a label, an annotation or a taint that is none, a resource without its whole name, a request beyond its limit",
      gets: "`check` says so, with the place, before a deploy fails at it",
    },
    {
      number: 259,
      slug: "config-map-of-others",
      fault:
        "the ConfigMap of MetalLB 0.9 to 0.12, as somebody wrote it, has anchors and merges, a `---` behind it, names such as `0123` or `on`, `64512:10` without quotes, defaults that are written",
      gets: "the same pools and routers as in MetalLB's own reader: `init` writes them, and `verify` and `status` call none of it a difference",
    },
    {
      number: 260,
      slug: "values-of-other-charts",
      fault:
        'a value of Bitnami\'s chart, or one by which a chart says nothing (`priorityClassName: ""`), is written into cluster.yaml',
      gets: "`check` says which key it has here, why it has none, or that no key is to be there",
    },
    {
      number: 261,
      slug: "nearly-right-values",
      fault:
        "a value is right but for its form: `10.0.0.1–10.0.0.9` with a dash of a word processor, `v0.15.2`, an AS number as `1.10`, `~`, a mapping where a list belongs, a registry with the image's name, `eth0:1`",
      gets: "an error, or of the registry a warning, that has the value to write, and no advice that would be refused next",
    },
    {
      number: 264,
      slug: "as-number-format",
      fault:
        "MetalLB 0.13 to 0.15 with a BGP router, on Kubernetes 1.36 or later, which refuses every BGPPeer of theirs",
      gets: "`check` refuses it, and names the version of MetalLB that has them",
    },
    {
      number: 275,
      slug: "next-speaker-too-early",
      fault:
        "a rollout of the speakers ends the BGP sessions of the next node before those of the one before are back, since a speaker is ready sooner",
      gets: "`metallb.speaker.minReadySeconds` lets Kubernetes wait for them; `check` warns where a deploy would fail before the last speaker is replaced",
    },
    {
      number: 267,
      slug: "authority-of-nobody",
      fault:
        "upstream's manifests of MetalLB 0.13 and 0.14 have a CA certificate in their CRDs, in whose place MetalLB's controller puts its own",
      gets: "the certificate is left out: no plan changes it, and no apply takes the controller's away, by which the API server trusts the conversion of BGPPeers and AddressPools",
    },
  ],
};
