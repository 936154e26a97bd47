import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { NodeUnderTest, type Shell } from "../../shared/scripts/node-under-test";

/** What the kernel's settings are on a node whose kube-proxy runs in IPVS mode with strictARP. */
const ipvsSettings = {
  "net/ipv4/conf/all/arp_ignore": "1",
  "net/ipv4/conf/all/arp_announce": "2",
  "net/ipv4/vs/conntrack": "1",
};

/** What the rest of a fake curl does where it is asked at kube-proxy's address. No cat: it would be a process more a call. */
const unlessAsked = `service=0 address=127.0.0.1:10249
[ ! -e "$root/service" ] || read -r service <"$root/service"
[ ! -e "$root/answers-at" ] || read -r address <"$root/answers-at"
case "$*" in *" https://"*) exit "$service" ;; *"http://$address/"*) ;; *) exit 7 ;; esac
`;

/** The kernel's table of sockets, each listening; the last of them is connected. */
const table = (...sockets: (readonly [address: string, inode: number] | false)[]): string =>
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n" +
  sockets
    .filter((socket) => socket !== false)
    .map(
      ([address, inode]) =>
        `   0: ${address} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0\n`,
    )
    .join("");

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
    const answer = 'mode=; next=\n{ read -r mode; read -r next; } <"$root/modes"\nprintf %s "${mode#mode=}"\n';
    return this.command("curl", `${unlessAsked}${answer}case $next in mode=*) sed -i 1d "$root/modes" ;; esac`);
  }

  /**
   * kube-proxy answers at `address` ("192.0.2.10:10249") and nowhere else. `socket`: the same as /proc/net/tcp or tcp6 has
   * it ("0A0200C0:2809"); absent: it listens nowhere.
   */
  kubeProxyListens(address: string, socket?: string): this {
    this.write("/answers-at", address)
      .write("/proc/4242/comm", "kube-proxy\n")
      .write("/proc/77/comm", "kube-proxy-not\n")
      .write("/proc/net/tcp", table(["0100007F:2810", 7], ["0100007F:2801", 1], socket?.length === 13 && [socket, 9]))
      .write("/proc/net/tcp6", table(socket?.length === 37 && [socket, 9]));
    for (const [pid, inode] of [
      [4242, 7],
      [4242, 9],
      [77, 1],
    ]) {
      mkdirSync(join(this.root, `proc/${pid}/fd`), { recursive: true });
      symlinkSync(`socket:[${inode}]`, join(this.root, `proc/${pid}/fd/${inode}`));
    }
    return this;
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
