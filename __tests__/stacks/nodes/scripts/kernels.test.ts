import { fault } from "../../../faults";
import { probeText } from "../../../../day-two/nodes/probe";
import { ipvsTable } from "../../kube-proxy/scripts/ipvs-table";
import {
  besideIpvs,
  expectNothingChanged,
  ipvsNode,
  mark,
  parameters,
  persistence,
  present,
  rrModules,
  say,
  wrote,
  type NodeToPrepareProps,
} from "./node-to-prepare";
import { shells, type NodeUnderTest, type Outcome } from "../../shared/scripts/node-under-test";

const kernel = "4.9.58-monolithic";

describe.each(shells)("kernels without a tree of modules, under $name", (shell) => {
  let node: NodeUnderTest;
  afterEach(() => node.dispose());

  const given = (props: NodeToPrepareProps = {}): NodeUnderTest =>
    (node = ipvsNode(shell, { kernel, modules: [], ...props }).remove(`/lib/modules/${props.kernel ?? kernel}`));
  const run = (changes: Record<string, string> = {}): Outcome =>
    node.run("nodes/prepare-node", { ...parameters, ...changes });
  const require = () =>
    node
      .command("curl", "printf iptables")
      .run("kube-proxy/require-prepared-node", { SCHEDULER: "rr", EXCLUDE_CIDRS: "" });
  const modulesInProbe = (): string[] =>
    node
      .runCommandLine(probeText(), { SCHEDULER: "rr", API_SERVICE: "10.96.0.1:443", NODE_ADDRESS: "192.168.1.10" })
      .stdout.split("\n")
      .filter((line) => line.startsWith("module "));
  const loaded = (...names: string[]) => names.map((name) => `${name} 16384 0 - Live 0x0\n`).join("");
  const config = (changes: Readonly<Record<string, string>> = {}): string =>
    Object.entries({
      CONFIG_IP_VS: "y",
      CONFIG_IP_VS_RR: "y",
      CONFIG_IP_VS_WRR: "y",
      CONFIG_IP_VS_SH: "y",
      CONFIG_DUMMY: "y",
      CONFIG_IP_SET: "y",
      CONFIG_IP_SET_HASH_IP: "y",
      CONFIG_IP_SET_HASH_IPPORT: "y",
      CONFIG_IP_SET_HASH_IPPORTIP: "y",
      CONFIG_IP_SET_HASH_IPPORTNET: "y",
      CONFIG_IP_SET_BITMAP_PORT: "y",
      CONFIG_NETFILTER_XT_SET: "y",
      CONFIG_NETFILTER_XT_MARK: "y",
      CONFIG_NETFILTER_XT_MATCH_COMMENT: "y",
      CONFIG_NETFILTER_XT_MATCH_ADDRTYPE: "y",
      CONFIG_NETFILTER_XT_MATCH_CONNTRACK: "y",
      CONFIG_NF_CONNTRACK: "y",
      ...changes,
    })
      .map(([name, value]) => (value === "n" ? `# ${name} is not set\n` : `${name}=${value}\n`))
      .join("");
  const allBuiltIn = {
    status: 0,
    stdout: wrote + say(`ipset and ipvsadm present, modules loaded: none, built in: ${rrModules.join(" ")}`),
    stderr: "",
  };

  test.each([
    ["that loads no modules", (): unknown => node.remove("/proc/modules")],
    ["that loads no modules, on a node without kmod", () => node.remove("/proc/modules").remove("/sbin")],
    ["that has loaded none", (): unknown => node.write("/proc/modules", "")],
    ["that has loaded others", (): unknown => node],
  ])(`${fault(131)}: one %s, and shows IPVS, has all built in`, (_what, change) => {
    given().write(ipvsTable.path, ipvsTable.text());
    change();
    expect(run()).toMatchObject(allBuiltIn);
    expect(node.read(persistence)).toBe(`${mark}`);
    expect(require()).toMatchObject({ status: 0, stdout: say("IPVS with scheduler rr is ready"), stderr: "" });
    expect(modulesInProbe()).toEqual(rrModules.map((name) => `module ${name} built-in`));
  });

  test(`${fault(131)}: its configuration says what is built in, where it is there`, () => {
    given().remove("/proc/modules").write(ipvsTable.path, ipvsTable.text()).write(`/boot/config-${kernel}`, config());
    expect(run()).toMatchObject(allBuiltIn);
  });

  test.each(["n", "m"])(`${fault(131)}: what its configuration has as %s is missing`, (value) => {
    given()
      .remove("/proc/modules")
      .write(ipvsTable.path, ipvsTable.text())
      .write(`/boot/config-${kernel}`, config({ CONFIG_DUMMY: value, CONFIG_NETFILTER_XT_MATCH_COMMENT: value }));
    const outcome = run();
    expect(outcome).toMatchObject({
      status: 1,
      stdout: "",
      stderr: say(
        `kernel ${kernel} has no module dummy xt_comment: it loads no modules, so boot a kernel that has them, and apply again`,
      ),
    });
    expect(node.files("/etc")).toEqual(["/etc/os-release"]);
  });

  test(`${fault(131)}: one that shows no IPVS is told to boot another, and not to reboot or to install something`, () => {
    given().remove("/proc/modules");
    const outcome = run();
    expect(outcome).toMatchObject({
      status: 1,
      stdout: "",
      stderr: say(
        `kernel ${kernel} has no module ${rrModules.join(" ")}: it loads no modules, so boot a kernel that has them, and apply again`,
      ),
    });
    expectNothingChanged(node, outcome);
  });

  test(`${fault(131)}: for another mode than ipvs it has to show conntrack`, () => {
    given().remove("/proc/modules").write("/proc/sys/net/netfilter/nf_conntrack_max", "65536\n");
    expect(run({ MODE: "iptables" })).toMatchObject({
      status: 0,
      stdout: wrote + say("modules loaded: none, built in: nf_conntrack"),
      stderr: "",
    });
    node.remove("/proc/sys");
    expect(run({ MODE: "iptables" }).stderr).toBe(
      say(
        `kernel ${kernel} has no module nf_conntrack: it loads no modules, so boot a kernel that has them, and apply again`,
      ),
    );
  });

  test("IPVS that was loaded before the tree went with an upgrade is no proof of what is not loaded", () => {
    given()
      .write("/proc/modules", loaded("ip_vs", "ip_vs_rr", "nf_conntrack"))
      .write(ipvsTable.path, ipvsTable.text())
      .write("/proc/sys/net/netfilter/nf_conntrack_max", "65536\n");
    expect(run().stderr).toBe(
      say(
        `kernel ${kernel} has no module ip_vs_wrr ip_vs_sh ${besideIpvs.join(" ")}: /lib/modules/${kernel} is not there; ` +
          "if the kernel was upgraded since the last boot, reboot the node, and apply again",
      ),
    );
    node.write("/proc/modules", loaded(...rrModules));
    expect(run()).toMatchObject({ status: 0, stdout: wrote + present });
  });
});
