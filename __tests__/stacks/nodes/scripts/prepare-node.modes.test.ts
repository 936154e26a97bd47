import { kubeProxyModes } from "../../../../stacks/kube-proxy/modes";
import { probeText } from "../../../../day-two/nodes/probe";
import { fault } from "../../../faults";
import { calls, installs, ipvsNode, type NodeToPrepareProps, mark, persistence, say, wrote } from "./node-to-prepare";
import { type NodeUnderTest, shells } from "../../shared/scripts/node-under-test";

const nftables = [...kubeProxyModes.nftables.modules];
const modules = ["ip_vs", "nf_conntrack", ...nftables];

describe.each(shells)("the nodes in another mode than ipvs, under $name", (shell) => {
  let node: NodeUnderTest;
  const given = (props: NodeToPrepareProps = {}) => (node = ipvsNode(shell, { modules, tools: [], ...props }));
  const install = (mode: string) => node.run("nodes/prepare-node", { MODE: mode, PACKAGE_TIMEOUT_SECONDS: 300 });
  const require = (mode: string) =>
    node.command("curl", "printf iptables").run("kube-proxy/require-prepared-node", { MODE: mode });
  const ready = (mode: string) => say(`this node is ready for mode ${mode}`);
  afterEach(() => node.dispose());

  test.each(["iptables", "unmanaged"])("%s needs conntrack and no package", (mode) => {
    given();
    const outcome = install(mode);
    expect(outcome).toMatchObject({
      status: 0,
      stdout: wrote + say("modules loaded: nf_conntrack"),
      stderr: "",
    });
    expect(calls(outcome, "modprobe")).toEqual(["modprobe -a nf_conntrack"]);
    expect(node.read(persistence)).toBe(`${mark}nf_conntrack\n`);
    expect(require(mode)).toMatchObject({ status: 0, stdout: ready(mode) });
  });

  test("nftables needs nft and nf_tables, and NetworkManager is not told of kube-ipvs0", () => {
    given()
      .write("/etc/NetworkManager/conf.d/mine.conf", "")
      .command("nft", "", { folder: "/packages" })
      .command("apt-get", `${installs}\n[ "$2" = update ] || cp "$root/packages/nft" "$root/usr/sbin/nft"`);
    const outcome = install("nftables");
    expect(outcome).toMatchObject({ status: 0, stderr: "" });
    expect(outcome.stdout).toBe(
      say("installing nftables with apt-get, each command within 300 s") +
        wrote +
        say(
          "nft present (installed now: nftables), modules loaded: nf_tables nft_chain_nat nft_ct nft_fib nft_masq nft_nat nft_numgen nft_reject nf_conntrack",
        ),
    );
    expect(calls(outcome, "nft list")).toEqual(["nft list tables"]);
    expect(node.files("/etc/NetworkManager")).toEqual(["/etc/NetworkManager/conf.d/mine.conf"]);
    expect(require("nftables")).toMatchObject({ status: 0, stdout: ready("nftables") });
    node.remove("/usr/sbin/nft");
    expect(require("nftables").stderr).toBe(
      say("nft is missing, kube-proxy was not touched: deploy the stack nodes first"),
    );
  });

  test.each(["5.12.19", "4.18.0-553.el8_10.x86_64", "3.10.0-1160.el7.x86_64"])(
    `${fault(51)}: nftables is refused on kernel %s, and nothing is changed`,
    (kernel) => {
      given({ kernel });
      const problem = `kernel ${kernel} is older than ${kubeProxyModes.nftables.kernel}, which kube-proxy's nftables mode needs`;
      const outcome = install("nftables");
      expect(outcome).toMatchObject({
        status: 1,
        stdout: "",
        stderr: say(`${problem}: boot a newer kernel, or set kubeProxy.mode to iptables, and apply again`),
      });
      expect(calls(outcome, "modprobe")).toEqual([]);
      expect(require("nftables").stderr).toBe(
        say(`${problem}, kube-proxy was not touched: deploy the stack nodes first`),
      );
      expect(install("iptables").status).toBe(0);
    },
  );

  test.each(nftables)(
    `${fault(130)}: nftables on a kernel without %s is an error, and nothing is changed`,
    (module) => {
      given({ modules: modules.filter((name) => name !== module) }).command("nft", "", { folder: "/usr/sbin" });
      const outcome = install("nftables");
      expect(outcome).toMatchObject({
        status: 1,
        stdout: "",
        stderr: say(
          `kernel 5.15.0-100-generic has no module ${module}: install this kernel's package that has them, or boot a ` +
            "kernel that has them, and apply again",
        ),
      });
      expect(calls(outcome, "modprobe")).toEqual([]);
    },
  );

  test.each(["5.13.0", "5.14.0-503.el9.x86_64", "6.1.0-18-amd64", "10.0.1"])("nftables runs on kernel %s", (kernel) => {
    given({ kernel }).command("nft", "", { folder: "/usr/sbin" });
    expect(install("nftables").status).toBe(0);
  });

  test.each([
    ["iptables", "iptables-save", "-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-SVC-X"],
    ["nftables", "nft", "10.96.0.1 . tcp . 443 : goto service-X"],
  ])("the probe of mode %s tells of its rules, and asks for nothing of IPVS", (mode, tool, rules) => {
    given()
      .command("nft", "", { folder: "/usr/sbin" })
      .write("/proc/sys/net/ipv4/conf/all/arp_ignore", "0\n")
      .write("/proc/sys/net/ipv4/conf/all/arp_announce", "0\n")
      .command("curl", `printf ${mode}`);
    install(mode);
    const probe = () =>
      node
        .runCommandLine(probeText(), { MODE: mode, API_SERVICE: "10.96.0.1:443" })
        .stdout.split("\n")
        .filter((line) => !/^(file|module)/.test(line));
    const rest = [
      ...(mode === "nftables" ? ["tool nft present"] : []),
      `proxy mode ${mode}`,
      "proxy config ",
      "sysctl net.ipv4.conf.all.arp_ignore 0",
      "sysctl net.ipv4.conf.all.arp_announce 0",
      "interface kube-ipvs0 missing",
    ];
    node.command(tool, `echo '${rules} '`, { folder: "/usr/sbin" });
    expect(probe()).toEqual([...rest, "rules 10.96.0.1:443 present", ""]);
    node.command(tool, "", { folder: "/usr/sbin" });
    expect(probe()).toEqual([...rest, "rules 10.96.0.1:443 missing", ""]);
  });
});
