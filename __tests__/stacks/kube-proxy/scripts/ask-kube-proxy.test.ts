import { parameters } from "../../nodes/scripts/node-to-prepare";
import { fault } from "../../../faults";
import { shells } from "../../shared/scripts/node-under-test";
import { KubeProxyNode } from "./kube-proxy-node";

/** Where kube-proxy may answer, and as the kernel has it. */
const places = [
  ["[::1]:10249", "00000000000000000000000001000000:2809"],
  ["[fd00:0001:0000:0000:0000:0000:0000:0010]:10249", "010000FD000000000000000010000000:2809"],
  ["192.0.2.10:10249", "0A0200C0:2809"],
  ["127.0.0.1:9249", "0100007F:2421"],
  ["127.0.0.1:9249", "00000000:2421"],
  ["[::1]:9249", "00000000000000000000000000000000:2421"],
] as const;

const log = "/var/log/pods/kube-system_kube-proxy-abc_1/kube-proxy/0.log";

describe.each(shells)("where kube-proxy is asked under $name", (shell) => {
  let node: KubeProxyNode;
  const note = () => node.run("kube-proxy/note-kernel-settings", {}).stdout;
  const clean = () => node.command("ip", "exit 1").run("kube-proxy/clean-other-modes", { MODE: "ipvs" });
  const inIpvsMode = "baremetal-lb: node1: kube-proxy runs in IPVS mode already, no kernel settings to note\n";

  beforeEach(() => {
    node = new KubeProxyNode(shell);
  });
  afterEach(() => node.dispose());

  test.each(places)(`${fault(62)}: it answers at %s (%s), and is found there`, (address, socket) => {
    node.kubeProxyListens(address, socket);
    expect(note()).toBe(inIpvsMode);
    expect(clean()).toMatchObject({ status: 0, stderr: "" });
  });

  test(`${fault(62)}: with metrics bound to nothing its log tells the mode, the newest start alone`, () => {
    node.kubeProxyListens("nowhere");
    expect(note()).not.toBe(inIpvsMode);
    node.remove("/var/lib/baremetal-lb").write(log, 'I1 "Using iptables Proxier"\nI1 "Using ipvs Proxier"\n');
    expect(note()).toBe(inIpvsMode);
    // Of a pod that is gone the log tells nothing.
    node.remove("/proc/4242/comm");
    expect(note()).not.toBe(inIpvsMode);
  });

  test(`${fault(62)}: somebody else who answers there is not taken for it`, () => {
    node.kubeProxyListens("192.0.2.10:10249", "0A0200C0:2809");
    node.command("curl", 'case "$*" in *192.0.2.10*) printf ipvs ;; *) printf "<html>ipvs" ;; esac');
    expect(note()).toBe(inIpvsMode);
  });

  test(`${fault(61)}: what it answers and what it logs is never the shell's to read`, () => {
    for (const evil of [`'; touch ${node.root}/ran; '`, `$(touch ${node.root}/ran)`, `\`touch ${node.root}/ran\``]) {
      node.kubeProxyRuns(`ipvs${evil}`).write(log, `${evil}\nUsing ${evil} Proxier\n`);
      const proof = { ...parameters, STRICT_ARP: true, API_SERVICE: "10.96.0.1:443", WAIT_SECONDS: 0 };
      expect(node.run("kube-proxy/prove-ipvs", { ...proof, MODE: "ipvs" }).status).toBe(1);
      clean();
      note();
      expect(node.files("/").filter((file) => file === "/ran")).toEqual([]);
      node.remove("/var/lib/baremetal-lb");
    }
  });
});
