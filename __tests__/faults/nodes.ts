import type { Section } from "./row";

export const nodes: Section = {
  title: "Nodes",
  rows: [
    {
      number: 17,
      slug: "node-unreachable",
      fault: "a node is unreachable, its port is closed or silent, the user is wrong, the key is refused",
      gets: "within `ssh.timeout` an error that names the node and the cause; the other nodes finish; kube-proxy is not touched",
      note: "of a silent port Terraform says only `timeout`",
    },
    {
      number: 18,
      slug: "host-key-mismatch",
      fault: "the host key is not the configured one",
      gets: "the node is refused within `ssh.timeout`, by name, and nothing runs on it",
      note: "Terraform says `knownhosts: key mismatch`, and not which type of key was offered; `drift`, `verify` and `trust` say type and fingerprint of both",
    },
    {
      number: 19,
      slug: "sudo-asks",
      fault: "sudo asks for a password, is missing, or the user is not root",
      gets: "an error at once with both ways out, no hang",
    },
    {
      number: 20,
      slug: "package-manager",
      fault: "the package manager is locked, asks, is broken, unknown, or without network",
      gets: "a bounded wait, then an error with node, command and last lines; what is installed needs no network",
    },
    {
      number: 21,
      slug: "no-ipvs-module",
      fault: "the kernel has no IPVS",
      gets: "`nodes` fails before it changes anything, and names module and package; kube-proxy is not touched",
    },
    {
      number: 22,
      slug: "no-exec-no-scp",
      fault: "the folder of the scripts is mounted noexec, or the node has no `scp`",
      gets: "noexec makes no difference. Without `scp`: an error that says so",
    },
    {
      number: 23,
      slug: "command-fails",
      fault: "a command in the middle of a script fails",
      gets: "the apply fails; nothing after that command ran",
    },
    {
      number: 24,
      slug: "node-rebooted",
      fault: "a node reboots",
      gets: "the modules are loaded again, with no apply",
    },
    {
      number: 25,
      slug: "node-drifted",
      fault: "a node is re-imaged, a module unloaded, a file of ours edited",
      gets: "`drift` says so with exit code 2, `heal` repairs that node only",
    },
    {
      number: 26,
      slug: "connection-lost",
      fault: "the connection is lost in the middle",
      gets: "the apply fails and names the node; the next one does what is left",
    },
    {
      number: 46,
      slug: "no-package-of-modules",
      fault: "the kernel's modules are in a package of their own, and that cannot be had",
      gets: "an error that names modules and package, what to do where the repositories no longer have it, and the package manager's last lines; nothing after it ran",
    },
    {
      number: 47,
      slug: "kernel-without-ipvs",
      fault: "a kernel that is built without IPVS: Ubuntu's -kvm, openSUSE's and SLES's kernel-default-base",
      gets: "an error that names the kernel that has it; nothing is installed",
    },
    {
      number: 48,
      slug: "firewalld-refuses",
      fault: "firewalld runs and refuses to open 7946, over which MetalLB's speakers find each other",
      gets: "`nodes` fails with firewalld's own words; what is closed later, `drift` tells and `heal` opens",
    },
    {
      number: 58,
      slug: "api-server-hangs",
      fault: "the API server, or kube-proxy, takes a question and never answers",
      gets: "every wait ends at its bound by the clock, and names what did not answer; no call of kubectl is without a bound",
    },
    {
      number: 59,
      slug: "other-users",
      fault: "another user of a node writes over the scripts that Terraform copies there",
      gets: "nobody but `ssh.user` can: 100 of 100 runs are as they were sent, and no file stays behind. An `ssh.scriptDirectory` that everybody may write to, such as /tmp, is warned of",
    },
    {
      number: 60,
      slug: "odd-node-name",
      fault: "a node is called `backend`, `null`, `constructor` or `10-0-0-5`",
      gets: "it works, as every name that Kubernetes allows; the addresses of all others stay",
    },
    {
      number: 125,
      slug: "prepared-again",
      fault: "a node is prepared again, since its script, address or host key is another, and that fails",
      gets: "it keeps what it has: files and ports are taken back when the stack is destroyed, and never before",
    },
    {
      number: 126,
      slug: "os-release-is-no-shell",
      fault: "/etc/os-release holds what no shell reads, or what one would run",
      gets: "it is read and never run; the distribution is known all the same",
    },
    {
      number: 130,
      slug: "no-ip-set-no-dummy",
      fault:
        "the kernel has IPVS, and not what kube-proxy's IPVS mode needs beside it: dummy, IP sets, iptables' xt_set; or nftables, and not all of it",
      gets: "`nodes` fails before it changes anything, and names each module; one that is built in counts as there; kube-proxy is not touched, which would run and sync nothing",
    },
    {
      number: 131,
      slug: "kernel-in-one-piece",
      fault: "a kernel with IPVS built in and no /lib/modules, or no loadable modules at all",
      gets: "it is taken where it shows IPVS, and its configuration, if that is there, says nothing else; one without IPVS is told to boot another kernel, and not to reboot",
    },
    {
      number: 132,
      slug: "denied-modules",
      fault:
        "modprobe.d (`blacklist`, `install … /bin/false`) or the kernel's command line denies a module that kube-proxy needs: loaded now is not loaded at boot",
      gets: "`nodes` fails before it changes anything, with each module, the line and its file; so does kube-proxy's gate, and `drift` and `verify` tell it",
    },
    {
      number: 133,
      slug: "apt-for-rpm",
      fault: "apt-get is not Debian's, but the one for rpm (ALT Linux, PCLinuxOS), which refuses Debian's options",
      gets: "it is called with the options that it knows",
    },
    {
      number: 134,
      slug: "vendor-kernel",
      fault:
        "modules are missing, and the kernel is not the distribution's own: UEK, ELRepo, mainline builds, boards, Proxmox",
      gets: "an error that names the modules, and no package that does not exist; for UEK those that do",
    },
    {
      number: 135,
      slug: "networkd-takes-all",
      fault:
        "systemd-networkd runs, or has a .network file that matches kube-ipvs0 (`Name=*`), and takes its addresses off",
      gets: "in IPVS mode a file of ours makes it leave kube-ipvs0 alone, at once where it can reload; destroy takes back ours and no other",
    },
    {
      number: 136,
      slug: "sudo-wants-a-terminal",
      fault:
        "sudo wants a terminal (`Defaults requiretty`), which Terraform's connection has, and day two's commands have not",
      gets: "`nodes` works, and notes it before anything is changed; `drift`, `verify` and `status` name the line that mends it",
    },
    {
      number: 137,
      slug: "node-is-a-container",
      fault: "a node is a container (kind, LXC), whose kernel and modules are its host's",
      gets: "it is taken where the host has them, with a note that the host loads them at boot; else an error that says to load them there, and nothing is installed",
    },
    {
      number: 147,
      slug: "many-nodes",
      fault: "a cluster has a hundred nodes and more",
      gets: "what Terraform reads grows by less than 10 KB with each: a script is in a stack once, also those that run at destroy",
      note: "with the scripts at destroy in the configuration of each node, a plan of the kube-proxy stack took 7.9 s for 100 nodes, and drift of 1,000 nodes over 5 min",
    },
    {
      number: 148,
      slug: "module-loaded-meanwhile",
      fault: "kube-proxy loads a kernel module while the stack nodes looks which ones there are",
      gets: "the module is kept for the next boot like the others, and the stack kube-proxy goes on",
    },
    {
      number: 262,
      slug: "words-of-the-node",
      fault:
        "a node answers in words of its own: sudo-rs, sudo in another language or for some commands only, nologin, a greeting of the shell before the answer",
      gets: "the remedy for the user or the shell, with what the node said where it is not known; a greeting is no part of an answer",
    },
  ],
};
