import { fault } from "../../../faults";
import { shells } from "../../shared/scripts/node-under-test";
import { KubeProxyNode } from "./kube-proxy-node";

const [ignore, announce] = ["net/ipv4/conf/all/arp_ignore", "net/ipv4/conf/all/arp_announce"];

describe.each(shells)("strictARP taken back under $name", (shell) => {
  let node: KubeProxyNode;
  /** kube-proxy runs in IPVS mode, with strictARP or without. */
  const runs = (strictARP: boolean) =>
    node.command(
      "curl",
      `case "$*" in *127.0.0.1:10249*) ;; *) exit 7 ;; esac\nprintf ipvs\ncase "$*" in *configz*) echo '{"kubeproxy.config.k8s.io":{"IPVS":{"StrictARP":${strictARP}}}}' ;; esac`,
    );
  const note = () => node.run("kube-proxy/note-kernel-settings", {}).status;
  const ways: [way: string, () => number | null][] = [
    ["strictARP: false in cluster.yaml", () => node.run("kube-proxy/clean-other-modes", { MODE: "ipvs" }).status],
    [
      "destroy",
      () => node.run("kube-proxy/restore-node", { ORIGINAL_MODE: "ipvs", MODE: "ipvs", WAIT_SECONDS: 0 }).status,
    ],
  ];
  const settings = () => [node.setting(ignore), node.setting(announce)];

  beforeEach(() => {
    node = new KubeProxyNode(shell).command("ip", "exit 1");
  });
  afterEach(() => node.dispose());

  describe.each(["strictARP: false in cluster.yaml", "destroy"])("by %s", (way) => {
    const back = () => expect(ways.find(([name]) => name === way)?.[1]()).toBe(0);

    test(`${fault(69)}: the kernel's settings are as noted, with IPVS there before without it`, () => {
      node.settings({ [ignore]: "0", [announce]: "1" });
      runs(false);
      expect(note()).toBe(0);
      node.settings({ [ignore]: "1", [announce]: "2" });
      back();
      expect(settings()).toEqual(["0", "1"]);
    });

    test(`${fault(69)}: without a note they are the kernel's own, unless a file of the node sets them`, () => {
      runs(false);
      node.write("/etc/sysctl.d/90-lvs.conf", "net.ipv4.conf.all.arp_ignore = 1\n");
      back();
      expect(settings()).toEqual(["1", "2"]);
      node.remove("/etc/sysctl.d");
      back();
      expect(settings()).toEqual(["0", "0"]);
    });

    test("they stay where kube-proxy runs with strictARP, and where they are not strictARP's", () => {
      runs(true);
      back();
      expect(settings()).toEqual(["1", "2"]);
      runs(false);
      node.settings({ [ignore]: "1", [announce]: "1" });
      back();
      expect(settings()).toEqual(["1", "1"]);
    });
  });

  test("nothing is noted of a node that joined with strictARP", () => {
    runs(true);
    expect(note()).toBe(0);
    expect(node.files("/").filter((file) => file.startsWith("/var"))).toEqual([]);
  });
});
