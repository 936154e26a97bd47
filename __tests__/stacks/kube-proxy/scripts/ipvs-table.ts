/** The kernel's table of virtual servers, as it stands in /proc: addresses and ports in hexadecimal digits. */
export const ipvsTable = {
  path: "/proc/net/ip_vs",
  /** `servers`: "0A600001:01BB" for 10.96.0.1:443. */
  text: (...servers: string[]): string =>
    "IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n" +
    "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n" +
    servers
      .map((server) => `TCP  ${server} rr \n  -> C0A8010A:192B      Masq    1      0          0         \n`)
      .join(""),
};
