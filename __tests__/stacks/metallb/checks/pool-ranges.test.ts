import { fault } from "../../../faults";
import { edited, problemsIn } from "../../../cluster/sample";

describe("Ranges of a pool that cannot be read", () => {
  it(`${fault(3)}: a bad IP address is refused`, () => {
    expect(
      problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - 192.168.1.240-192.168.1.256"])),
    ).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given "192.168.1.240-192.168.1.256" in the pool default; expected an IP address on both sides of the hyphen; correct "192.168.1.256", which is no IP address',
    ]);
  });

  it(`${fault(3)}: a name is refused`, () => {
    expect(problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - gateway"]))).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given "gateway" in the pool default; expected a range "192.168.1.240-192.168.1.250" or a network "192.168.10.0/24"; write addresses in numbers, not names',
    ]);
  });

  it(`${fault(3)}: a prefix length of 33 is refused`, () => {
    expect(problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - 192.168.1.240/33"]))).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given "192.168.1.240/33" in the pool default; expected a prefix length from 0 to 32 behind the address; write such a length after a /; /32 is the one address',
    ]);
  });

  it(`${fault(3)}: a bare IPv4 address suggests /32`, () => {
    expect(problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - 192.168.1.240"]))).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given "192.168.1.240" in the pool default; expected a range "192.168.1.240-192.168.1.250" or a network "192.168.10.0/24"; write 192.168.1.240/32 for this one address',
    ]);
  });

  it(`${fault(3)}: a bare IPv6 address suggests /128`, () => {
    expect(problemsIn(edited(["        - 192.168.1.240-192.168.1.250", '        - "2001:db8::1"']))).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given "2001:db8::1" in the pool default; expected a range "192.168.1.240-192.168.1.250" or a network "192.168.10.0/24"; write 2001:db8::1/128 for this one address',
    ]);
  });

  it(`${fault(3)}: a reversed range is refused`, () => {
    expect(
      problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - 192.168.1.250-192.168.1.240"])),
    ).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given "192.168.1.250-192.168.1.240" in the pool default; expected the lower address first; write 192.168.1.240-192.168.1.250',
    ]);
  });

  it(`${fault(3)}: a range of mixed families is refused`, () => {
    expect(
      problemsIn(edited(["        - 192.168.1.240-192.168.1.250", '        - "192.168.1.240-2001:db8::1"'])),
    ).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given "192.168.1.240-2001:db8::1" in the pool default; expected two addresses of one family; write an IPv4 range and an IPv6 range as two entries of the list',
    ]);
  });

  it(`${fault(3)}: the short form of a range is spelt out`, () => {
    expect(problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - 192.168.1.240-250"]))).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given "192.168.1.240-250" in the pool default; expected a whole address on both sides of the hyphen; write 192.168.1.240-192.168.1.250',
    ]);
  });

  it(`${fault(3)}: a network without an address is refused`, () => {
    expect(problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - 192.168.1/24"]))).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given "192.168.1/24" in the pool default; expected a network, such as 10.0.0.0/24; write an IP address, a / and the prefix length',
    ]);
  });

  it(`${fault(3)}: a number is refused`, () => {
    expect(problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - 240"]))).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given 240; expected a range "192.168.1.240-192.168.1.250" or a network "192.168.10.0/24"; write one of these forms',
    ]);
  });

  it(`${fault(4)}: host bits in a network suggest the network or the one address`, () => {
    expect(problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - 10.0.0.10/24"]))).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given "10.0.0.10/24" in the pool default; expected a network, whose address has no bits set behind the prefix length; write 10.0.0.0/24 for the whole network, or 10.0.0.10/32 for the one address',
    ]);
  });

  it(`${fault(4)}: host bits in an IPv6 network are found too`, () => {
    expect(problemsIn(edited(["        - 192.168.1.240-192.168.1.250", '        - "2001:db8::10/64"']))).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given "2001:db8::10/64" in the pool default; expected a network, whose address has no bits set behind the prefix length; write 2001:db8::/64 for the whole network, or 2001:db8::10/128 for the one address',
    ]);
  });

  it(`${fault(4)}: host bits in podCIDR are refused`, () => {
    expect(problemsIn(edited(["  context: admin", "  context: admin\n  podCIDR: 10.244.1.0/16"]))).toStrictEqual([
      'cluster.yaml:5:12: error: kubernetes.podCIDR: given "10.244.1.0/16"; expected a network, whose address has no bits set behind the prefix length; write 10.244.0.0/16 for the whole network, or 10.244.1.0/32 for the one address',
    ]);
  });
});
