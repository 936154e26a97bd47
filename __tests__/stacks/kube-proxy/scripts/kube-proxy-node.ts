import { NodeUnderTest, type Shell } from "../../shared/scripts/node-under-test";

/** What the kernel's settings are on a node whose kube-proxy runs in IPVS mode with strictARP. */
const ipvsSettings = {
  "net/ipv4/conf/all/arp_ignore": "1",
  "net/ipv4/conf/all/arp_announce": "2",
  "net/ipv4/vs/conntrack": "1",
};

/** A fake node on which IPVS works and kube-proxy answers with a mode. */
export class KubeProxyNode extends NodeUnderTest {
  constructor(shell: Shell) {
    super(shell);
    this.user(0).clock().command("uname", "echo 6.1.0").command("ipset").command("ipvsadm").kubeProxyRuns("ipvs");
    this.write("/proc/modules", "ip_vs_rr 12288 0 - Live 0x0\nip_vs 237568 2 ip_vs_rr, Live 0x0\n");
    this.settings(ipvsSettings);
  }

  /** kube-proxy answers with these modes, one an answer; the last for ever. */
  kubeProxyRuns(...modes: string[]): this {
    this.write("/modes", modes.map((mode) => `mode=${mode}\n`).join(""));
    const drop = 'if sed -n 2p "$root/modes" | grep -q mode=; then sed -i 1d "$root/modes"; fi';
    return this.command("curl", `head -n 1 "$root/modes" | cut -d = -f 2 | tr -d "\\n"; ${drop}`);
  }

  /** Kernel settings, as files of /proc/sys. */
  settings(values: Readonly<Record<string, string>>): this {
    for (const [key, value] of Object.entries(values)) this.write(`/proc/sys/${key}`, `${value}\n`);
    return this;
  }

  setting(key: string): string {
    return this.read(`/proc/sys/${key}`).trim();
  }
}
