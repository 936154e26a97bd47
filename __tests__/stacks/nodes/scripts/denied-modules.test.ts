import { fault } from "../../../faults";
import { probeText } from "../../../../day-two/nodes/probe";
import { expectNothingChanged, ipvsNode, parameters, present, rrModules, say, wrote } from "./node-to-prepare";
import { shells, type NodeUnderTest, type Outcome } from "../../shared/scripts/node-under-test";

const harden = "/etc/modprobe.d/harden.conf";

describe.each(shells)("modules that modprobe is told to leave out, under $name", (shell) => {
  let node: NodeUnderTest;
  beforeEach(() => {
    node = ipvsNode(shell, { kernel: "6.1.0-37-amd64", osRelease: 'ID=debian\nVERSION_ID="12"\n' });
  });
  afterEach(() => node.dispose());

  const run = (): Outcome => node.run("nodes/prepare-node", parameters);
  const denied = (reasons: string): string => `modules are denied, and the next boot would leave them out: ${reasons}`;
  const refusal = (reasons: string) => ({
    status: 1,
    stdout: "",
    stderr: say(`${denied(reasons)}: take that out there, and apply again`),
  });

  test(`${fault(132)}: a denylist is an error before anything is changed, with each module, file and line`, () => {
    node.write(harden, "blacklist ip_vs\nblacklist ip_vs_rr\n");
    const outcome = run();
    expect(outcome).toMatchObject(
      refusal(`ip_vs ('blacklist ip_vs' in ${harden}), ip_vs_rr ('blacklist ip_vs_rr' in ${harden})`),
    );
    node.remove("/etc/modprobe.d");
    expectNothingChanged(node, outcome);
  });

  test.each([
    ["blacklist ip-vs-rr", "ip_vs_rr", "blacklist ip-vs-rr"],
    ["  blacklist\tdummy   # by policy", "dummy", "blacklist dummy # by policy"],
    ["blacklist xt_set\r", "xt_set", "blacklist xt_set"],
    ["install ip_set /bin/false", "ip_set", "install ip_set /bin/false"],
    ["install nf_conntrack /bin/true", "nf_conntrack", "install nf_conntrack /bin/true"],
    ["install xt_mark \\\n  /bin/false", "xt_mark", "install xt_mark /bin/false"],
    ["install ip_vs_w* /usr/bin/false", "ip_vs_wrr", "install ip_vs_w* /usr/bin/false"],
    ["install dummy true; : modules are not wanted", "dummy", "install dummy true; : modules are not wanted"],
    ["alias xt_comment off", "xt_comment", "alias xt_comment off"],
  ])(`${fault(132)}: %j is noticed`, (line, module, statement) => {
    node.write(harden, `# hardening\noptions ip_vs conn_tab_bits=15\n${line}`);
    expect(run()).toMatchObject(refusal(`${module} ('${statement}' in ${harden})`));
  });

  test.each([
    "# blacklist ip_vs",
    "blacklist ip_vs_ftp",
    "options ip_vs conn_tab_bits=15",
    "install ip_vs /sbin/modprobe --ignore-install ip_vs && /sbin/sysctl -q net.ipv4.vs.conntrack=1",
    "install dummy /sbin/insmod /lib/modules/dummy.ko",
    "remove ip_vs /bin/false",
    "alias eth0 dummy",
    "softdep ip_vs pre: nf_conntrack",
    "blacklist",
    "install ip_vs",
    "",
  ])("%j denies none", (line) => {
    node.write(harden, `${line}\n`);
    expect(run()).toMatchObject({ status: 0, stdout: wrote + present, stderr: "" });
  });

  test.each(["/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib"])(`${fault(132)}: modprobe.d in %s`, (folder) => {
    node.write(`${folder}/modprobe.d/a.conf`, "blacklist dummy\n");
    expect(run()).toMatchObject(refusal(`dummy ('blacklist dummy' in ${folder}/modprobe.d/a.conf)`));
  });

  test("a file of the same name in /etc takes the place of the distribution's, an empty one too", () => {
    node.write("/usr/lib/modprobe.d/a.conf", "blacklist dummy\n").write("/etc/modprobe.d/a.conf", "");
    expect(run()).toMatchObject({ status: 0, stdout: wrote + present, stderr: "" });
  });

  test("a file of another ending is none", () => {
    node.write("/etc/modprobe.d/a.conf.rpmsave", "blacklist dummy\n");
    expect(run()).toMatchObject({ status: 0, stdout: wrote + present, stderr: "" });
  });

  test.each(["modprobe.blacklist", "module_blacklist"])(`${fault(132)}: %s on the kernel's command line`, (key) => {
    node.write("/proc/cmdline", `BOOT_IMAGE=/vmlinuz root=UUID=1 ${key}=floppy,ip_vs,ip_vs_sh quiet\n`);
    const statement = `'${key}=floppy,ip_vs,ip_vs_sh' in the kernel's command line`;
    expect(run()).toMatchObject(refusal(`ip_vs (${statement}), ip_vs_sh (${statement})`));
  });

  test("one that is built in needs nobody's leave", () => {
    node.dispose();
    node = ipvsNode(shell, { builtIn: rrModules }).write(harden, "blacklist ip_vs\ninstall dummy /bin/false\n");
    expect(run()).toMatchObject({ status: 0, stderr: "" });
  });

  test("one that the declared mode does not use is nobody's concern", () => {
    node.write(harden, "blacklist ip_vs\nblacklist dummy\n");
    expect(node.run("nodes/prepare-node", { MODE: "iptables", PACKAGE_TIMEOUT_SECONDS: 300 })).toMatchObject({
      status: 0,
      stderr: "",
    });
  });

  test(`${fault(132)}: what is denied after the install is refused by kube-proxy's gate, and told by the probe`, () => {
    expect(run().status).toBe(0);
    node
      .write(harden, "blacklist ip_vs\ninstall xt_set /bin/false\n")
      .write("/proc/sys/net/ipv4/conf/all/arp_ignore", "1\n")
      .write("/proc/sys/net/ipv4/conf/all/arp_announce", "2\n")
      .command("curl", "printf iptables");
    expect(node.run("kube-proxy/require-prepared-node", { SCHEDULER: "rr", EXCLUDE_CIDRS: "" })).toMatchObject({
      status: 1,
      stdout: "",
      stderr: say(
        `${denied(`ip_vs ('blacklist ip_vs' in ${harden}), xt_set ('install xt_set /bin/false' in ${harden})`)}, ` +
          "kube-proxy was not touched: take that out there, and apply again",
      ),
    });
    const { status, stdout, stderr } = node.runCommandLine(probeText(), {
      SCHEDULER: "rr",
      API_SERVICE: "10.96.0.1:443",
    });
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout.split("\n").filter((line) => line.startsWith("denied "))).toEqual([
      `denied ip_vs 'blacklist ip_vs' in ${harden}`,
      `denied xt_set 'install xt_set /bin/false' in ${harden}`,
    ]);
  });

  test(`${fault(61)}: a denylist that holds shell is text`, () => {
    const evil = `'; touch ${node.root}/ran; $(touch ${node.root}/ran)`;
    node.write(harden, `blacklist ip_vs ${evil}\nblacklist ${evil}\ninstall * ${evil}\n`);
    expect(run().status).toBe(1);
    expect(node.files("/").filter((file) => file === "/ran")).toEqual([]);
  });
});
