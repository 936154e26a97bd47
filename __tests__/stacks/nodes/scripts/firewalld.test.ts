import { fault } from "../../../faults";
import { probeText } from "../../../../day-two/nodes/probe";
import { firewalld, letsThrough, letThrough, stop } from "./firewalld";
import { calls, ipvsNode, parameters, present, say, wrote } from "./node-to-prepare";
import { shells, type NodeUnderTest, type Outcome } from "../../shared/scripts/node-under-test";

const record = "/var/lib/baremetal-lb/firewalld";
const both = ["public 7946/tcp", "public 7946/udp"];
const opened = say("opened 7946/tcp in firewalld's zone public", "opened 7946/udp in firewalld's zone public");
const stay = say("packages and loaded modules stay");

describe.each(shells)("firewalld under $name", (shell) => {
  let node: NodeUnderTest;
  afterEach(() => node.dispose());

  const given = (props?: { running: boolean }): NodeUnderTest => (node = firewalld(ipvsNode(shell), props));
  const install = (address = "192.168.1.10"): Outcome =>
    node.run("nodes/prepare-node", { ...parameters, NODE_ADDRESS: address });
  const remove = (): Outcome => node.run("nodes/remove-preparation", {});
  const changes = (outcome: Outcome) =>
    calls(outcome, "firewall-").filter((call) => /-port=/.test(call) && !/query/.test(call));
  const records = (): string[] => node.files("/").filter((path) => path.startsWith("/var/"));
  /** The probe's lines about ports. */
  const ports = (given: { memberlist_ports?: string } = {}): string[] =>
    node
      .runCommandLine(probeText(Object.keys(given)), {
        SCHEDULER: "rr",
        API_SERVICE: "10.96.0.1:443",
        NODE_ADDRESS: "192.168.1.10",
        ...given,
      })
      .stdout.split("\n")
      .filter((line) => line.startsWith("port "));

  test("gets the speakers' ports opened, at once and for good, without a reload", () => {
    given();
    const outcome = install();
    expect(outcome).toMatchObject({ status: 0, stdout: wrote + opened + present, stderr: "" });
    expect(changes(outcome)).toEqual([
      "firewall-cmd --permanent --zone=public --add-port=7946/tcp",
      "firewall-cmd --zone=public --add-port=7946/tcp",
      "firewall-cmd --permanent --zone=public --add-port=7946/udp",
      "firewall-cmd --zone=public --add-port=7946/udp",
    ]);
    expect(calls(outcome, "--reload")).toEqual([]);
    expect(letsThrough(node)).toEqual([both, both]);
    expect(node.read(record)).toBe("public 7946/tcp\npublic 7946/udp\n");
  });

  test(`${fault(196)}: gets another port opened where the speakers have one, which the probe then looks at`, () => {
    given();
    const another = { memberlist_ports: "7947/tcp 7947/udp" };
    const outcome = node.run("nodes/prepare-node", { ...parameters, NODE_ADDRESS: "192.168.1.10", ...another });
    expect(outcome).toMatchObject({
      status: 0,
      stdout:
        wrote +
        say("opened 7947/tcp in firewalld's zone public", "opened 7947/udp in firewalld's zone public") +
        present,
      stderr: "",
    });
    expect(letsThrough(node)[0]).toEqual(["public 7947/tcp", "public 7947/udp"]);
    expect(node.read(record)).toBe("public 7947/tcp\npublic 7947/udp\n");
    expect(ports(another)).toEqual(["port 7947/tcp open", "port 7947/udp open"]);
    remove();
    expect(letsThrough(node)).toEqual([[], []]);
  });

  test("is not told anything where the speakers do without each other", () => {
    given();
    const none = { memberlist_ports: "" };
    expect(node.run("nodes/prepare-node", { ...parameters, NODE_ADDRESS: "192.168.1.10", ...none }).stdout).toBe(
      wrote + present,
    );
    expect(letsThrough(node)).toEqual([[], []]);
    expect(ports(none)).toEqual([]);
  });

  test("is not told a second time", () => {
    given();
    install();
    const before = node.stat(record);
    const outcome = install();
    expect(outcome).toMatchObject({ status: 0, stdout: present, stderr: "" });
    expect(changes(outcome)).toEqual([]);
    expect(node.stat(record)).toEqual(before);
  });

  test(`${fault(48)}: is told again what was closed by hand, and the ports are closed once at destroy`, () => {
    given();
    install();
    letThrough(letThrough(node, "runtime"), "permanent");
    expect(install().stdout).toBe(opened + present);
    expect(letsThrough(node)).toEqual([both, both]);
    expect(node.read(record)).toBe("public 7946/tcp\npublic 7946/udp\n");
  });

  test("that does not run is asked for its state and nothing else", () => {
    given({ running: false });
    const outcome = install();
    expect(outcome).toMatchObject({ status: 0, stdout: wrote + present, stderr: "" });
    expect(calls(outcome, "firewall-cmd")).toEqual(["firewall-cmd --state"]);
    expect(records()).toEqual([]);
    expect(ports()).toEqual([]);
  });

  test("opens them in the zone of the interface with the node's address, else in the default zone", () => {
    given().command(
      "ip",
      `[ "$*" != "-o addr show to 10.0.0.5" ] || echo "3: eth1    inet 10.0.0.5/24 scope global eth1"`,
    );
    install("10.0.0.5");
    expect(letsThrough(node)[0]).toEqual(["internal 7946/tcp", "internal 7946/udp"]);
    install("203.0.113.7");
    expect(letsThrough(node)[0]).toEqual(["internal 7946/tcp", "internal 7946/udp", ...both]);
    expect(node.read(record)).toBe("internal 7946/tcp\ninternal 7946/udp\npublic 7946/tcp\npublic 7946/udp\n");
  });

  test("keeps what others opened, at destroy too", () => {
    letThrough(letThrough(given(), "runtime", ...both), "permanent", ...both);
    expect(install().stdout).toBe(wrote + present);
    expect(remove().stdout).toBe(say("removed /etc/modules-load.d/baremetal-lb.conf") + stay);
    expect(letsThrough(node)).toEqual([both, both]);
  });

  test("that others told for after a reload is told for now", () => {
    letThrough(given(), "permanent", ...both);
    const outcome = install();
    expect(outcome.stdout).toBe(wrote + opened + present);
    expect(changes(outcome)).toEqual([
      "firewall-cmd --zone=public --add-port=7946/tcp",
      "firewall-cmd --zone=public --add-port=7946/udp",
    ]);
    expect(records()).toEqual([]);
  });

  test(`${fault(48)}: that refuses is an error with its words, and nothing after it runs`, () => {
    given();
    node.command(
      "firewall-cmd",
      `case $* in *--add-port*) echo "Error: COMMAND_FAILED" >&2; exit 13 ;; *--query*) exit 1 ;; *zone*) echo public ;; esac`,
    );
    const outcome = install();
    expect(outcome).toMatchObject({
      status: 1,
      stdout: wrote,
      stderr: say(
        "firewalld did not open 7946/tcp in zone public, over which MetalLB's speakers find each other; " +
          "its last lines:\n  Error: COMMAND_FAILED",
      ),
    });
    expect(calls(outcome, "ipvsadm")).toEqual([]);
  });

  test("a record that cannot be written is an error before anything is opened", () => {
    given().write("/var/lib", "a file in the folder's place\n");
    const outcome = install();
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain(say(`cannot write ${record}`));
    expect(letsThrough(node)).toEqual([[], []]);
  });

  const removed = say("removed /etc/modules-load.d/baremetal-lb.conf");
  const closed = say("closed 7946/tcp in firewalld's zone public", "closed 7946/udp in firewalld's zone public");

  test("gets what was opened closed at destroy, and no more", () => {
    letThrough(letThrough(given(), "runtime", "public 80/tcp"), "permanent", "public 80/tcp");
    install();
    expect(remove()).toMatchObject({ status: 0, stdout: removed + closed + stay, stderr: "" });
    expect(letsThrough(node)).toEqual([["public 80/tcp"], ["public 80/tcp"]]);
    expect(records()).toEqual([]);
    expect(remove().stdout).toBe(say("none of our files is here") + stay);
  });

  test("that was stopped since is told by its offline command", () => {
    given().command("firewall-offline-cmd");
    install();
    stop(node);
    const outcome = remove();
    expect(outcome).toMatchObject({ status: 0, stdout: removed + closed + stay });
    expect(calls(outcome, "offline")).toEqual([
      "firewall-offline-cmd --zone=public --remove-port=7946/tcp",
      "firewall-offline-cmd --zone=public --remove-port=7946/udp",
    ]);
  });

  test("that is gone needs no telling", () => {
    given();
    install();
    node.remove("/usr/bin/firewall-cmd");
    expect(remove()).toMatchObject({ status: 0, stdout: removed + closed + stay, stderr: "" });
    expect(records()).toEqual([]);
  });

  test("a zone that is gone is a note, and does not hold up the destroy", () => {
    given();
    install();
    node.write(record, "gone 7946/tcp\npublic 7946/udp\n");
    expect(remove()).toMatchObject({
      status: 0,
      stdout: removed + say("closed 7946/udp in firewalld's zone public") + stay,
      stderr: say("note: 7946/tcp in firewalld's zone gone was not closed: Error: INVALID_ZONE: gone"),
    });
  });

  test("keeps the folder that another record of ours is in", () => {
    given().write("/var/lib/baremetal-lb/sysctl-before-ipvs", "net/ipv4/conf/all/arp_ignore 0\n");
    install();
    remove();
    expect(records()).toEqual(["/var/lib/baremetal-lb/sysctl-before-ipvs"]);
  });

  test.each([
    [both, both, "open"],
    [both, [], "open-until-reload"],
    [[], both, "open-after-reload"],
    [["internal 7946/tcp", "internal 7946/udp"], [], "closed"],
  ])(`${fault(48)}: is looked at by the probe, which changes nothing: %j now, %j for good: %s`, (now, later, state) => {
    letThrough(letThrough(given(), "runtime", ...now), "permanent", ...later);
    expect(ports()).toEqual([`port 7946/tcp ${state}`, `port 7946/udp ${state}`]);
    expect(letsThrough(node)).toEqual([now, later]);
  });
});
