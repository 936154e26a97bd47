import { fault } from "../../../faults";
import { edited, hostKey, problemsIn } from "../../../cluster/sample";

describe("Addresses that are taken", () => {
  it(`${fault(5)}: an overlap within a pool names both ranges`, () => {
    expect(
      problemsIn(
        edited([
          "        - 192.168.1.240-192.168.1.250",
          "        - 192.168.1.240-192.168.1.250\n        - 192.168.1.250/32",
        ]),
      ),
    ).toStrictEqual([
      'cluster.yaml:25:11: error: metallb.pools[0].addresses[1]: given "192.168.1.250/32" in the pool default; expected addresses that no other range has: it overlaps "192.168.1.240-192.168.1.250" in the pool default; remove the common addresses from one of the two',
    ]);
  });

  it(`${fault(5)}: an overlap between pools names both pools`, () => {
    expect(
      problemsIn(
        edited([
          "        - 192.168.1.240-192.168.1.250",
          "        - 192.168.1.240-192.168.1.250\n    - name: second\n      addresses: [192.168.1.245-192.168.1.254]",
        ]),
      ),
    ).toStrictEqual([
      'cluster.yaml:26:19: error: metallb.pools[1].addresses[0]: given "192.168.1.245-192.168.1.254" in the pool second; expected addresses that no other range has: it overlaps "192.168.1.240-192.168.1.250" in the pool default; remove the common addresses from one of the two',
    ]);
  });

  it(`${fault(5)}: of several ranges inside one, each is reported once, in the order of the file`, () => {
    expect(
      problemsIn(
        edited([
          "        - 192.168.1.240-192.168.1.250",
          "        - 192.168.1.242/32\n        - 192.168.1.240-192.168.1.250\n        - 192.168.1.244/32",
        ]),
      ),
    ).toStrictEqual([
      'cluster.yaml:25:11: error: metallb.pools[0].addresses[1]: given "192.168.1.240-192.168.1.250" in the pool default; expected addresses that no other range has: it overlaps "192.168.1.242/32" in the pool default; remove the common addresses from one of the two',
      'cluster.yaml:26:11: error: metallb.pools[0].addresses[2]: given "192.168.1.244/32" in the pool default; expected addresses that no other range has: it overlaps "192.168.1.240-192.168.1.250" in the pool default; remove the common addresses from one of the two',
    ]);
  });

  it(`${fault(5)}: a duplicate pool name is refused`, () => {
    expect(
      problemsIn(
        edited([
          "        - 192.168.1.240-192.168.1.250",
          "        - 192.168.1.240-192.168.1.250\n    - name: default\n      addresses: [192.168.1.200/32]",
        ]),
      ),
    ).toStrictEqual([
      'cluster.yaml:25:13: error: metallb.pools[1].name: given "default"; expected a name that no other pool has: metallb.pools[0] has it too; give one of the two another name, or merge their addresses',
    ]);
  });

  it(`${fault(6)}: a pool with nodes' addresses is refused, and says why`, () => {
    expect(
      problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - 192.168.1.10-192.168.1.30"])),
    ).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given "192.168.1.10-192.168.1.30" in the pool default; expected addresses that no host of the cluster has: it contains master1 (192.168.1.10), worker1 (192.168.1.21); kube-proxy in IPVS mode binds LoadBalancer addresses to kube-ipvs0 on every node, so that the nodes would not reach those hosts any more; choose a range without them',
    ]);
  });

  it(`${fault(6)}: a pool with the bastion's address is refused`, () => {
    expect(
      problemsIn(
        edited(["  agent: true", `  agent: true\n  bastion: { host: 192.168.1.245, hostKey: "${hostKey("Cc")}" }`]),
      ),
    ).toStrictEqual([
      'cluster.yaml:25:11: error: metallb.pools[0].addresses[0]: given "192.168.1.240-192.168.1.250" in the pool default; expected addresses that no host of the cluster has: it contains the bastion (192.168.1.245); kube-proxy in IPVS mode binds LoadBalancer addresses to kube-ipvs0 on every node, so that the nodes would not reach those hosts any more; choose a range without them',
    ]);
  });

  it(`${fault(6)}: a pool with a gateway or another reserved address is refused`, () => {
    expect(
      problemsIn(edited(["kubeProxy:", "reservedAddresses: [192.168.1.1, 192.168.1.246]\nkubeProxy:"])),
    ).toStrictEqual([
      'cluster.yaml:25:11: error: metallb.pools[0].addresses[0]: given "192.168.1.240-192.168.1.250" in the pool default; expected addresses that no host of the cluster has: it contains a reserved address (192.168.1.246); kube-proxy in IPVS mode binds LoadBalancer addresses to kube-ipvs0 on every node, so that the nodes would not reach those hosts any more; choose a range without them',
    ]);
  });

  it(`${fault(6)}: a pool with a BGP router's address is refused`, () => {
    expect(
      problemsIn(
        edited(
          ["      protocol: layer2\n", "      protocol: bgp\n"],
          [
            "        - 192.168.1.240-192.168.1.250",
            "        - 192.168.1.240-192.168.1.250\n  peers:\n    - { peerAddress: 192.168.1.247, peerASN: 64501, myASN: 64500 }",
          ],
        ),
      ),
    ).toStrictEqual([
      'cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given "192.168.1.240-192.168.1.250" in the pool default; expected addresses that no host of the cluster has: it contains a BGP peer (192.168.1.247); kube-proxy in IPVS mode binds LoadBalancer addresses to kube-ipvs0 on every node, so that the nodes would not reach those hosts any more; choose a range without them',
    ]);
  });

  it(`${fault(6)}: of many nodes in a pool three are named`, () => {
    expect(
      problemsIn(
        edited(
          ["    address: 192.168.1.21", "    address: 192.168.1.240"],
          ["    address: 192.168.1.10", "    address: 192.168.1.241"],
          ["kubeProxy:", "reservedAddresses: [192.168.1.242, 192.168.1.243, 192.168.1.244]\nkubeProxy:"],
        ),
      ),
    ).toStrictEqual([
      'cluster.yaml:25:11: error: metallb.pools[0].addresses[0]: given "192.168.1.240-192.168.1.250" in the pool default; expected addresses that no host of the cluster has: it contains master1 (192.168.1.241), worker1 (192.168.1.240), a reserved address (192.168.1.242) and 2 more; kube-proxy in IPVS mode binds LoadBalancer addresses to kube-ipvs0 on every node, so that the nodes would not reach those hosts any more; choose a range without them',
    ]);
  });

  it(`${fault(7)}: a pool in the pods' network is refused`, () => {
    expect(
      problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - 10.244.7.0-10.244.7.9"])),
    ).toStrictEqual([
      "cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given \"10.244.7.0-10.244.7.9\" in the pool default; expected addresses outside the cluster's own networks: it overlaps kubernetes.podCIDR 10.244.0.0/16; choose free addresses of the nodes' network, or correct the network if the cluster has another",
    ]);
  });

  it(`${fault(7)}: a pool in the Services' network is refused`, () => {
    expect(problemsIn(edited(["        - 192.168.1.240-192.168.1.250", "        - 10.100.0.10/32"]))).toStrictEqual([
      "cluster.yaml:24:11: error: metallb.pools[0].addresses[0]: given \"10.100.0.10/32\" in the pool default; expected addresses outside the cluster's own networks: it overlaps kubernetes.serviceCIDR 10.96.0.0/12; choose free addresses of the nodes' network, or correct the network if the cluster has another",
    ]);
  });

  it(`${fault(7)}: pods' and Services' networks that overlap are refused`, () => {
    expect(problemsIn(edited(["  context: admin", "  context: admin\n  podCIDR: 10.96.0.0/16"]))).toStrictEqual([
      'cluster.yaml:2:1: error: kubernetes.serviceCIDR: given the default "10.96.0.0/12"; expected a network apart from the pods\': it overlaps kubernetes.podCIDR "10.96.0.0/16"; write both as the cluster was set up: kubeadm\'s podSubnet and serviceSubnet',
    ]);
  });

  it(`${fault(7)}: two networks of one family are refused`, () => {
    expect(
      problemsIn(edited(["  context: admin", "  context: admin\n  podCIDR: 10.244.0.0/16,10.245.0.0/16"])),
    ).toStrictEqual([
      'cluster.yaml:5:12: error: kubernetes.podCIDR: given "10.244.0.0/16,10.245.0.0/16"; expected one network, or for dual stack one IPv4 and one IPv6 network; keep one network of each family',
    ]);
  });

  it(`${fault(7)}: a podCIDR that is no network is refused`, () => {
    expect(problemsIn(edited(["  context: admin", "  context: admin\n  podCIDR: pods"]))).toStrictEqual([
      'cluster.yaml:5:12: error: kubernetes.podCIDR: given "pods"; expected a network, such as 10.0.0.0/24; write an IP address, a / and the prefix length',
    ]);
  });
});
