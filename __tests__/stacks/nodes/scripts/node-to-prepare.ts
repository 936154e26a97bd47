import { NodeUnderTest, type Outcome, type Shell } from "../../shared/scripts/node-under-test";

/** What is particular about a node; the rest is a node of Ubuntu 22.04 where nothing was done yet. */
export interface NodeToPrepareProps {
  /** @default "5.15.0-100-generic" */
  readonly kernel?: string;
  /** /etc/os-release. @default Ubuntu 22.04 */
  readonly osRelease?: string;
  /** Modules that modinfo and modprobe know. @default those of a kernel from 4.19 on */
  readonly modules?: readonly string[];
  /** Modules in modules.builtin. @default none */
  readonly builtIn?: readonly string[];
  /** Tools that are there from the start. @default both */
  readonly tools?: readonly ("ipset" | "ipvsadm")[];
}

export const ubuntu = `ID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\n`;
export const centos7 = `ID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="7"\n`;

/** What kube-proxy's IPVS mode needs beside IPVS and conntrack. */
export const besideIpvs = [
  "dummy",
  "ip_set",
  "ip_set_hash_ip",
  "ip_set_hash_ipport",
  "ip_set_hash_ipportip",
  "ip_set_hash_ipportnet",
  "ip_set_bitmap_port",
  "xt_set",
  "xt_comment",
  "xt_mark",
  "xt_addrtype",
  "xt_conntrack",
];
const schedulers = ["ip_vs_rr", "ip_vs_wrr", "ip_vs_sh"];
export const modernModules = ["ip_vs", ...schedulers, "ip_vs_lc", "ip_vs_wlc", ...besideIpvs, "nf_conntrack"];

/** A fake node with a kernel whose modules can be loaded, for the scripts of the nodes layer. */
export const ipvsNode = (shell: Shell, props: NodeToPrepareProps = {}): NodeUnderTest => {
  const { kernel = "5.15.0-100-generic", modules = modernModules, builtIn = [], tools = ["ipset", "ipvsadm"] } = props;
  // Like kmod's, they do what they can of several, and fail where one of them is not there.
  const each = (found: string, otherwise: string): string =>
    `more=\n[ ! -r "$root/packages/modules" ] || read -r more <"$root/packages/modules"
[ "$1" != -a ] || shift\nstatus=0
for name; do case " ${modules.join(" ")} $more " in *" $name "*) ${found} ;; *) status=1; ${otherwise} ;; esac; done
exit $status`;
  const load = `echo "$name 16384 0 - Live 0x0" >>"$root/proc/modules"`;
  const notFound = `echo "modprobe: FATAL: Module $name not found." >&2`;
  const node = new NodeUnderTest(shell)
    .user(0)
    .command("uname", `echo '${kernel}'`)
    // In /sbin, as on some distributions, so that only the preamble's PATH finds them.
    .command("modinfo", each(":", ":"), { folder: "/sbin" })
    .command("modprobe", each(load, notFound), { folder: "/sbin" })
    .write("/etc/os-release", props.osRelease ?? ubuntu)
    .write("/proc/modules", "xfs 2000000 1 - Live 0x0\n")
    .write(`/lib/modules/${kernel}/modules.builtin`, builtIn.map((name) => `kernel/net/${name}.ko\n`).join(""));
  for (const tool of ["ipset", "ipvsadm"] as const) {
    node.command(tool, "", { folder: tools.includes(tool) ? "/usr/sbin" : "/packages" });
  }
  return node;
};

/** What a fake package manager does when it is asked to install: puts the named tools in place. */
export const installs = `for word; do [ ! -e "$root/packages/$word" ] || cp "$root/packages/$word" "$root/usr/sbin/$word"; done`;

/** The same for a package of kernel modules: modinfo and modprobe know them from then on. */
export const installsModules = (name: string, modules: readonly string[] = modernModules): string =>
  `case "$*" in *" install ${name}") echo "${modules.join(" ")}" >"$root/packages/modules" ;; esac`;

export const parameters = { SCHEDULER: "rr", PACKAGE_TIMEOUT_SECONDS: 300 };

/** What the scripts print. */
export const say = (...texts: string[]): string => texts.map((text) => `baremetal-lb: node1: ${text}\n`).join("");

export const persistence = "/etc/modules-load.d/baremetal-lb.conf";
export const mark = "# Written by baremetal-lb, which removes the file when its stack nodes is destroyed.\n";

/** The modules of the scheduler rr, and what prepare-node prints when all is well. */
export const rrModules = ["ip_vs", ...schedulers, ...besideIpvs, "nf_conntrack"];
export const wrote = say(`wrote ${persistence}`);
export const present = say(`ipset and ipvsadm present, modules loaded: ${rrModules.join(" ")}`);

export const calls = (outcome: Outcome, command: string): string[] =>
  outcome.calls.filter((call) => call.includes(command));

/** What "nothing after it ran" means for prepare-node: no module loaded, no file written. */
export const expectNothingChanged = (node: NodeUnderTest, outcome: Outcome): void => {
  expect(calls(outcome, "modprobe")).toEqual([]);
  expect(node.files("/etc")).toEqual(["/etc/os-release"]);
};
