import { fault } from "../../../faults";
import { ipvsNode, parameters, persistence, rrModules } from "../../nodes/scripts/node-to-prepare";
import { type NodeUnderTest, shells } from "../../shared/scripts/node-under-test";

describe.each(shells)("require-prepared-node under $name", (shell) => {
  let node: NodeUnderTest;
  const run = (scheduler = "rr") => {
    const { status, stdout, stderr } = node.run("kube-proxy/require-prepared-node", { SCHEDULER: scheduler });
    return { status, stdout, stderr };
  };
  const ready = (scheduler = "rr") => ({
    status: 0,
    stdout: `baremetal-lb: node1: IPVS with scheduler ${scheduler} is ready\n`,
    stderr: "",
  });
  const refusal = (what: string) => ({
    status: 1,
    stdout: "",
    stderr: `baremetal-lb: node1: ${what}, kube-proxy was not touched: deploy the stack nodes first\n`,
  });
  /** Takes a line out of a file. */
  const without = (path: string, line: RegExp) => node.write(path, node.read(path).replace(line, ""));

  beforeEach(() => {
    node = ipvsNode(shell);
  });
  afterEach(() => node.dispose());

  describe("after prepare-node", () => {
    beforeEach(() => {
      expect(node.run("nodes/prepare-node", parameters).status).toBe(0);
    });

    test(`${fault(44)}: a node that the stack nodes made ready passes, and is not changed`, () => {
      const files = node.files("/etc");
      const outcome = node.run("kube-proxy/require-prepared-node", { SCHEDULER: "rr" });
      expect(outcome).toMatchObject(ready());
      expect(outcome.calls.filter((call) => !/^(uname|modinfo) /.test(call))).toEqual([]);
      expect(node.files("/etc")).toEqual(files);
    });

    test.each(rrModules)(`${fault(21)}, ${fault(44)}: refuses where %s is not loaded`, (module) => {
      without("/proc/modules", new RegExp(`^${module} .*\\n`, "m"));
      expect(run()).toEqual(refusal(`kernel module ${module} is not loaded`));
    });

    test.each(rrModules)(`${fault(44)}: refuses where a reboot would leave %s out`, (module) => {
      without(persistence, new RegExp(`^${module}\\n`, "m"));
      expect(run()).toEqual(refusal(`${persistence} does not name ${module}, which a reboot would leave out`));
    });

    test(`${fault(44)}: refuses another scheduler than the stack nodes was deployed for`, () => {
      expect(run("lc")).toEqual(refusal("kernel module ip_vs_lc is not loaded"));
      node.write("/proc/modules", `${node.read("/proc/modules")}ip_vs_lc 16384 0 - Live 0x0\n`);
      expect(run("lc")).toEqual(refusal(`${persistence} does not name ip_vs_lc, which a reboot would leave out`));
      expect(node.run("nodes/prepare-node", { ...parameters, SCHEDULER: "lc" }).status).toBe(0);
      expect(run("lc")).toEqual(ready("lc"));
    });

    test(`${fault(44)}: refuses modules that somebody loaded by hand, since a reboot leaves them out`, () => {
      node.remove(persistence);
      expect(run()).toEqual(refusal(`${persistence} is missing, which loads the kernel modules after a reboot`));
    });

    test.each(["ipset", "ipvsadm"])(`${fault(44)}: refuses where %s is missing`, (tool) => {
      node.remove(`/usr/sbin/${tool}`);
      expect(run()).toEqual(refusal(`${tool} is missing`));
    });
  });

  test(`${fault(44)}: refuses a node on which the stack nodes never ran`, () => {
    expect(run()).toEqual(refusal("kernel module ip_vs is not loaded"));
  });

  test("a module that is built in needs no loading", () => {
    node.dispose();
    node = ipvsNode(shell, { builtIn: rrModules });
    expect(node.run("nodes/prepare-node", parameters).status).toBe(0);
    expect(run()).toEqual(ready());
    expect(run("lc")).toEqual(refusal("kernel module ip_vs_lc is not loaded"));
  });

  test("a kernel that has nf_conntrack_ipv4 needs that, as kube-proxy does", () => {
    node.dispose();
    node = ipvsNode(shell, { kernel: "3.10.0-1160.el7.x86_64", modules: [...rrModules, "nf_conntrack_ipv4"] });
    expect(node.run("nodes/prepare-node", parameters).status).toBe(0);
    expect(run()).toEqual(ready());
    without("/proc/modules", /^nf_conntrack_ipv4 .*\n/m);
    expect(run()).toEqual(refusal("kernel module nf_conntrack_ipv4 is not loaded"));
  });
});
