import { fault } from "../../../faults";
import { centos7, ipvsNode, parameters, say } from "./node-to-prepare";
import { shells, type NodeUnderTest } from "../../shared/scripts/node-under-test";

const ours = [
  "/etc/modules-load.d/baremetal-lb.conf",
  "/etc/sysconfig/modules/baremetal-lb.modules",
  "/etc/NetworkManager/conf.d/baremetal-lb.conf",
];
const theirs = ["/etc/NetworkManager/conf.d/calico.conf", "/etc/os-release", "/etc/sysconfig/modules/ipvs.modules"];
const stay = "packages and loaded modules stay";

describe.each(shells)("remove-preparation under $name", (shell) => {
  let node: NodeUnderTest;

  beforeEach(() => {
    node = ipvsNode(shell, { osRelease: centos7 })
      .write("/etc/sysconfig/modules/ipvs.modules", "by hand\n")
      .write("/etc/NetworkManager/conf.d/calico.conf", "[keyfile]\n")
      .command("systemctl");
    node.run("nodes/prepare-node", parameters);
    expect(node.files("/etc")).toEqual([...ours, ...theirs].sort());
  });
  afterEach(() => node.dispose());

  test("removes what prepare-node wrote and nothing else, and calls nothing", () => {
    const loaded = node.read("/proc/modules");
    expect(node.run("nodes/remove-preparation", {})).toEqual({
      status: 0,
      stdout: say(...ours.map((file) => `removed ${file}`), stay),
      stderr: "",
      calls: ["id -u"],
    });
    expect(node.files("/etc")).toEqual(theirs);
    expect(node.read("/etc/sysconfig/modules/ipvs.modules")).toBe("by hand\n");
    expect(node.read("/proc/modules")).toBe(loaded);
    expect(node.files("/usr/sbin")).toEqual(["/usr/sbin/ipset", "/usr/sbin/ipvsadm"]);
  });

  test("leaves a file of that name that somebody else wrote", () => {
    node.write("/etc/modules-load.d/baremetal-lb.conf", "ip_vs\n");
    expect(node.run("nodes/remove-preparation", {}).stdout).toBe(
      say(
        "left /etc/modules-load.d/baremetal-lb.conf, which does not say that baremetal-lb wrote it",
        ...ours.slice(1).map((file) => `removed ${file}`),
        stay,
      ),
    );
    expect(node.read("/etc/modules-load.d/baremetal-lb.conf")).toBe("ip_vs\n");
  });

  test("a second run finds nothing, and succeeds", () => {
    node.run("nodes/remove-preparation", {});
    expect(node.run("nodes/remove-preparation", {})).toMatchObject({
      status: 0,
      stdout: say("none of our files is here", stay),
      stderr: "",
    });
  });

  test(`${fault(23)}: a file that cannot be removed stops it`, () => {
    node.remove("/bin/rm").command("rm", 'echo "rm: cannot remove: Read-only file system" >&2; exit 1');
    expect(node.run("nodes/remove-preparation", {})).toMatchObject({
      status: 1,
      stdout: "",
      stderr: "rm: cannot remove: Read-only file system\n",
    });
    expect(node.files("/etc")).toEqual([...ours, ...theirs].sort());
  });

  test(`${fault(19)}: a user who is not root, and has no sudo set, is told both ways out`, () => {
    expect(node.user(1000).run("nodes/remove-preparation", {})).toMatchObject({
      status: 1,
      stdout: "",
      stderr: say("user ops is not root: set ssh.sudo to true, or ssh.user to root"),
    });
  });

  test("with sudo it does the same", () => {
    node.user(1000).sudo();
    expect(node.run("nodes/remove-preparation", { SUDO: true }).status).toBe(0);
    expect(node.files("/etc")).toEqual(theirs);
  });
});
