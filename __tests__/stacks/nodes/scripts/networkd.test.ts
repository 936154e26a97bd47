import { fault } from "../../../faults";
import { probeText } from "../../../../day-two/nodes/probe";
import { calls, ipvsNode, mark, parameters, persistence, present, say, wrote } from "./node-to-prepare";
import { shells, type NodeUnderTest, type Outcome } from "../../shared/scripts/node-under-test";

const file = "/etc/systemd/network/0-baremetal-lb.network";
const runs = "/run/systemd/netif/state";
const wroteBoth = wrote + say(`wrote ${file}`) + present;

describe.each(shells)("systemd-networkd under $name", (shell) => {
  let node: NodeUnderTest;
  beforeEach(() => {
    node = ipvsNode(shell, { kernel: "6.6.95-flatcar", osRelease: "ID=flatcar\nID_LIKE=coreos\n" }).command(
      "networkctl",
    );
  });
  afterEach(() => node.dispose());

  const run = (changes: Record<string, string> = {}): Outcome =>
    node.run("nodes/prepare-node", { ...parameters, ...changes });
  const ourFiles = (): string[] => node.files("/etc").filter((path) => path.includes("baremetal-lb"));
  const fileInProbe = (): string[] =>
    node
      .runCommandLine(probeText(), { SCHEDULER: "rr", API_SERVICE: "10.96.0.1:443", NODE_ADDRESS: "192.168.1.10" })
      .stdout.split("\n")
      .filter((line) => line.startsWith(`file ${file}`));

  test(`${fault(135)}: that runs is told to leave kube-ipvs0 alone, and reads it once`, () => {
    node.write(runs, "OPER_STATE=routable\n");
    const outcome = run();
    expect(outcome).toMatchObject({ status: 0, stdout: wroteBoth, stderr: "" });
    expect(node.read(file)).toBe(`${mark}[Match]\nName=kube-ipvs0\n[Link]\nUnmanaged=yes\n`);
    expect(node.stat(file).mode).toBe("644");
    expect(calls(outcome, "networkctl")).toEqual(["networkctl reload"]);
    const second = run();
    expect(second).toMatchObject({ status: 0, stdout: present, stderr: "" });
    expect(calls(second, "networkctl")).toEqual([]);
  });

  test.each([
    ["/usr/lib/systemd/network/zz-default.network", "[Match]\nName=*\n[Network]\nDHCP=yes\n"],
    ["/lib/systemd/network/99-default.network", "[Match]\nName=*\n\n[Network]\nDHCP=yes\n"],
    ["/etc/systemd/network/10-all.network", "[Match]\nName=en* kube-*\n"],
    ["/etc/systemd/network/10-all.network", "# all\n[Match]\nName = !lo !docker*\n"],
    ["/run/systemd/network/10-netplan-all.network", "[Match]\nName=*\nMACAddress=00:00:5e:00:53:01\n"],
    ["/usr/local/lib/systemd/network/a.network", "[Match]\nType=ether\n"],
    ["/etc/systemd/network/a.network", "[Network]\nDHCP=yes\n"],
  ])(`${fault(135)}: that may match kube-ipvs0 is told, though it does not run yet: %s %j`, (path, text) => {
    node.write(path, text);
    const outcome = run();
    expect(outcome).toMatchObject({ status: 0, stdout: wroteBoth, stderr: "" });
    expect(calls(outcome, "networkctl")).toEqual([]);
  });

  test.each([
    ["/etc/systemd/network/10-eth.network", "[Match]\nName=en* eth*\n[Network]\nDHCP=yes\n"],
    ["/usr/lib/systemd/network/80-container-ve.network", "[Match]\nKind=veth\nName=ve-*\n[Network]\nDHCP=no\n"],
    ["/usr/lib/systemd/network/80-wifi-adhoc.network", "[Match]\nType=wlan\nWLANInterfaceType=ad-hoc\n"],
    ["/etc/systemd/network/10-all.network", "[Match]\nName=!kube-*\n"],
    ["/etc/systemd/network/10-mac.network", "[Match]\nMACAddress=00:00:5e:00:53:01\n"],
    ["/etc/systemd/network/10-dummy.netdev", "[NetDev]\nName=*\n"],
    ["/usr/lib/systemd/network/80-ethernet.network.example", "[Match]\nName=*\n"],
  ])("that does not run, and cannot match it, is left alone: %s", (path, text) => {
    node.write(path, text);
    expect(run()).toMatchObject({ status: 0, stdout: wrote + present, stderr: "" });
    expect(ourFiles()).toEqual([persistence]);
    expect(fileInProbe()).toEqual([]);
  });

  test("has nothing to leave alone in another mode than ipvs", () => {
    node.write(runs, "OPER_STATE=routable\n");
    expect(run({ MODE: "iptables" }).status).toBe(0);
    expect(ourFiles()).toEqual([persistence]);
  });

  test(`${fault(135)}: that cannot reload (before systemd 244) is a note`, () => {
    node.write(runs, "OPER_STATE=routable\n").command("networkctl", 'echo "Unknown operation reload." >&2; exit 1');
    expect(run()).toMatchObject({
      status: 0,
      stdout: wroteBoth,
      stderr: say(
        "note: systemd-networkd did not reload, and may take addresses off kube-ipvs0 until it restarts: " +
          "systemctl restart systemd-networkd; its last lines:\n  Unknown operation reload.",
      ),
    });
  });

  test("gets its file looked at by the probe, and loses it at destroy, and no other", () => {
    const theirs = "/etc/systemd/network/10-kube-ipvs0.network";
    node.write(runs, "OPER_STATE=routable\n").write(theirs, "[Match]\nName=kube-ipvs0\n[Link]\nUnmanaged=yes\n");
    run();
    node
      .write("/proc/sys/net/ipv4/conf/all/arp_ignore", "1\n")
      .write("/proc/sys/net/ipv4/conf/all/arp_announce", "2\n");
    expect(fileInProbe()).toEqual([`file ${file} as-written`]);
    node.write(file, "[Match]\nName=*\n");
    expect(fileInProbe()).toEqual([`file ${file} changed`]);
    expect(run().stdout).toBe(say(`wrote ${file}`) + present);
    expect(node.run("nodes/remove-preparation", {}).stdout).toBe(
      say(`removed ${persistence}`, `removed ${file}`, "packages and loaded modules stay"),
    );
    expect(node.files("/etc/systemd")).toEqual([theirs]);
  });

  test("a file of that name that somebody else wrote stays at destroy", () => {
    node.write(file, "[Match]\nName=kube-ipvs0\n");
    expect(node.run("nodes/remove-preparation", {}).stdout).toContain(
      say(`left ${file}, which does not say that baremetal-lb wrote it`),
    );
    expect(node.read(file)).toBe("[Match]\nName=kube-ipvs0\n");
  });
});
