import type { Section } from "./row";

export const kubeProxy: Section = {
  title: "kube-proxy",
  rows: [
    {
      number: 27,
      slug: "no-kube-proxy-config",
      fault: "the ConfigMap is absent, has no `config.conf`, or that is not kube-proxy's YAML",
      gets: "an error in the plan that names what the cluster is (k3s, RKE2, Cilium in kube-proxy's place) and the setting to make there; nothing is written",
    },
    {
      number: 28,
      slug: "kube-proxy-edited",
      fault: "somebody edits mode, strictARP or another key",
      gets: "the keys that cluster.yaml declares are put back, with a restart; every other key stays as the person left it",
    },
    {
      number: 29,
      slug: "another-mode-runs",
      fault: "kube-proxy runs in another mode than declared, or crashes",
      gets: "the apply fails, prints the pod's last lines and the way back",
    },
    {
      number: 30,
      slug: "field-manager",
      fault: "another field manager owns `config.conf`",
      gets: "the plan shows what will change; the apply takes the key over, as docs/undo.md says, and the manager `baremetal-lb` then owns it",
      note: "the provider does not print the former manager; the command in docs/undo.md does, before and after",
    },
    {
      number: 31,
      slug: "destroy-restores",
      fault: "`destroy`",
      gets: "our keys have their original values again, every other key as people left it; pods rolled, then the rules, sets, interface and sysctls of the other modes gone; at no moment a ConfigMap without `config.conf`",
    },
    {
      number: 32,
      slug: "killed-before-restart",
      fault: "the apply is killed between the ConfigMap and the restart",
      gets: "the next apply restarts",
    },
    {
      number: 33,
      slug: "wrong-cluster",
      fault: "`KUBE_*` is in the environment, or the context is not in the kubeconfig",
      gets: "refused before any cluster is asked: `check` names the variable, or the context and those that there are; a plan names the context",
      note: "the value of a variable may be a secret and is not shown",
    },
    {
      number: 50,
      slug: "mode-changed",
      fault: "`kubeProxy.mode` is changed in cluster.yaml",
      gets: "a rolling restart, a proof on every node, and only then what the mode before left is taken away; what cannot be taken away fails the apply and is printed",
    },
    {
      number: 51,
      slug: "old-kernel-for-nftables",
      fault: "mode nftables with a kernel older than 5.13 on a node",
      gets: "`nodes` fails and names kernel and mode; kube-proxy is not touched",
    },
    {
      number: 52,
      slug: "unmanaged-without-strictarp",
      fault: "`kubeProxy: unmanaged`, and kube-proxy runs in IPVS mode without strictARP",
      gets: "the proof fails, and names the setting of k3s and RKE2; metallb is refused",
    },
    {
      number: 53,
      slug: "managed-to-unmanaged",
      fault: "`kubeProxy: unmanaged` while this project's changes are in the cluster",
      gets: "refused by plan and by destroy, with the order to go in; `config.conf` stays",
    },
    {
      number: 54,
      slug: "ipvs-key-in-another-mode",
      fault: "a key of IPVS (strictARP, scheduler, …) with mode iptables or nftables",
      gets: "an error for each that says so",
    },
    {
      number: 61,
      slug: "shell-in-cluster-data",
      fault: "a value of the cluster or of a node holds shell: `'; id; '`, `$(id)`",
      gets: "it stays a value wherever it goes: nothing of it is run, at deploy and at destroy; a mode before this project that kube-proxy never had is refused in the plan, and by the script",
    },
    {
      number: 62,
      slug: "metrics-elsewhere",
      fault: "kube-proxy's metrics are at another address or port, at `[::1]` (IPv6 clusters), or at none",
      gets: "it is found where it listens, by deploy, proof, destroy, `drift` and `verify`; with metrics bound to nothing its log tells the mode",
    },
    {
      number: 63,
      slug: "foreign-virtual-servers",
      fault: "IPVS has virtual servers of kube-vip or keepalived, which kube-proxy in IPVS mode deletes when it starts",
      gets: "refused before kube-proxy is touched, with their addresses and the key `kubeProxy.excludeCIDRs`",
    },
    {
      number: 64,
      slug: "tools-needed-later",
      fault:
        "what is needed later is missing: kubectl or its kubeconfig on the control-plane node, curl and wget on a node",
      gets: "refused before kube-proxy is touched; kubectl is found in /opt/bin, /usr/local/bin, and where k3s and RKE2 have it",
    },
    {
      number: 65,
      slug: "input-policy-drop",
      fault: "a firewall drops what comes to the node (INPUT), which in IPVS mode is the Services' traffic, too",
      gets: "a note before the change; the proof asks the Kubernetes API's Service itself, and fails where nobody answers",
    },
    {
      number: 66,
      slug: "first-node-fails",
      fault: "kube-proxy does not work on a node with the declared settings",
      gets: "the roll, which goes step by step and first to one node alone, stops at that node: each node is proven before the next is changed; the message has the way back",
    },
    {
      number: 67,
      slug: "roll-that-ended-halfway",
      fault: "the apply ends in the middle of a roll, killed or at a node that fails",
      gets: "no further node is changed; the next apply goes on where it was, `cdktf destroy kube-proxy --ignore-missing-stack-dependencies` goes back, and both put the DaemonSet's own update strategy back",
    },
    {
      number: 68,
      slug: "one-yaml-many-readers",
      fault:
        "`config.conf` holds what Terraform reads otherwise than kube-proxy: `0100000`, `131_072`, a date, a tag, `---` at the end, a tab; or a value that was never valid",
      gets: "the same value as kube-proxy's own reader, or refused in the plan with the line, before anything is written; what was never valid is not put back by destroy",
    },
    {
      number: 69,
      slug: "strictarp-taken-back",
      fault: "strictARP is declared false, or `destroy` where IPVS mode was there before without it",
      gets: "the kernel's settings that strictARP changed are as they were before it; without a note of that as the kernel has them by default, unless a sysctl file of the node sets them",
    },
    {
      number: 142,
      slug: "quoted-boolean",
      fault: '`config.conf` has a text where kube-proxy takes true or false only: `strictARP: "true"`',
      gets: "`drift` and `verify` call it a difference, in quotes; a deploy writes true",
    },
    {
      number: 143,
      slug: "metrics-bound-to-nothing",
      fault: "kube-proxy's metrics are bound to nothing or to another address",
      gets: "what it cannot be asked for is no drift: its log tells the mode, the kernel strictARP; a message names the addresses that were asked",
    },
    {
      number: 221,
      slug: "ipv6",
      fault: "nodes, pods and Services have addresses of both families, or of IPv6 alone",
      gets: "the same: to an answer at each address of a Service, no drift, and nothing left after destroy",
    },
  ],
};
