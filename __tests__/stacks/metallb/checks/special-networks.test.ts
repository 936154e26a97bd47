import { fault } from "../../../faults";
import { edited, problemsIn } from "../../../cluster/sample";

describe("Addresses that no Service should have", () => {
  it(`${fault(8)}: loopback is refused`, () => {
    expect(
      problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - 127.0.0.10-127.0.0.20"])),
    ).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given "127.0.0.10-127.0.0.20" in the pool default; expected addresses that a Service can have: not 127.0.0.0/8 (loopback); choose free addresses of the nodes\' network',
    ]);
  });

  it(`${fault(8)}: multicast is refused`, () => {
    expect(problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - 224.0.0.0/24"]))).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given "224.0.0.0/24" in the pool default; expected addresses that a Service can have: not 224.0.0.0/4 (multicast); choose free addresses of the nodes\' network',
    ]);
  });

  it(`${fault(8)}: link-local is refused`, () => {
    expect(problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - 169.254.1.0/24"]))).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given "169.254.1.0/24" in the pool default; expected addresses that a Service can have: not 169.254.0.0/16 (link-local); choose free addresses of the nodes\' network',
    ]);
  });

  it(`${fault(8)}: IPv6 link-local is refused`, () => {
    expect(problemsIn(edited(["        - 192.168.1.240-192.168.1.250", '        - "fe80::/64"']))).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given "fe80::/64" in the pool default; expected addresses that a Service can have: not fe80::/10 (link-local); choose free addresses of the nodes\' network',
    ]);
  });

  it(`${fault(8)}: the whole address space is refused, once`, () => {
    expect(problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - 0.0.0.0/0"]))).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given "0.0.0.0/0" in the pool default; expected addresses that a Service can have: not every address there is; choose free addresses of the nodes\' network',
    ]);
  });

  it(`${fault(8)}: the address of kube-proxy's own test is refused`, () => {
    expect(problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - 198.51.100.0/24"]))).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given "198.51.100.0/24" in the pool default; expected addresses that a Service can have: not 198.51.100.0/32 (the address that kube-proxy tests IPVS with when it starts); choose free addresses of the nodes\' network',
    ]);
  });

  it(`${fault(9)}: .0 and .255 in a layer2 pool are a warning`, () => {
    expect(
      problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - 192.168.1.250-192.168.2.10"])),
    ).toStrictEqual([
      'cluster.yaml:24:11: warning: metallb.pools[0].addresses[0]: given "192.168.1.250-192.168.2.10" in the pool default; expected no address that ends in .0 or .255, which some old devices drop; set avoidBuggyIPs: true in this pool, or leave those addresses out',
    ]);
  });

  it(`${fault(9)}: .255 alone is named alone`, () => {
    expect(
      problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - 192.168.1.250-192.168.1.255"])),
    ).toStrictEqual([
      'cluster.yaml:24:11: warning: metallb.pools[0].addresses[0]: given "192.168.1.250-192.168.1.255" in the pool default; expected no address that ends in .255, which some old devices drop; set avoidBuggyIPs: true in this pool, or leave those addresses out',
    ]);
  });

  it(`${fault(9)}: a layer2 pool outside every node's subnet is a warning`, () => {
    expect(
      problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - 192.168.7.240-192.168.7.250"])),
    ).toStrictEqual([
      'cluster.yaml:24:11: warning: metallb.pools[0].addresses[0]: given "192.168.7.240-192.168.7.250" in the pool default; expected addresses in the subnet of a node: no node is in the same /24, and layer2 announces by ARP, which no router forwards; choose addresses of the nodes\' subnet, unless that is wider than /24',
    ]);
  });

  it("an IPv6 pool where Services have no IPv6 addresses is a warning", () => {
    expect(
      problemsIn(edited(["        - 192.168.1.240-192.168.1.250", '        - "2001:db8::10-2001:db8::20"'])),
    ).toStrictEqual([
      'cluster.yaml:24:11: warning: metallb.pools[0].addresses[0]: given "2001:db8::10-2001:db8::20" in the pool default; expected addresses of a family that Services have: kubernetes.serviceCIDR has no IPv6 network, so no Service gets one of these; remove the range, or add the cluster\'s IPv6 network to kubernetes.serviceCIDR',
    ]);
  });
});
