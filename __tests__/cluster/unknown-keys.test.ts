import { fault } from "../faults";
import { edited, problemsIn } from "./sample";

describe("Keys that are not known", () => {
  it(`${fault(2)}: an unknown key is refused at its own line`, () => {
    expect(problemsIn(edited(["  agent: true", "  agent: true\n  colour: red"]))).toStrictEqual([
      'cluster.yaml:8:3: error: ssh.colour: given the unknown key "colour"; expected one of user, privateKeyFile, agent, privateKeyVariable, port, sudo, timeout, scriptDirectory, bastion, insecureIgnoreHostKeys; remove the key',
    ]);
  });

  it(`${fault(2)}: a misspelt key is one error, although the key that was meant is required`, () => {
    expect(problemsIn(edited(["    address: 192.168.1.21", "    adress: 192.168.1.21"]))).toStrictEqual([
      'cluster.yaml:14:5: error: nodes[1].adress: given the unknown key "adress"; expected one of name, address, role, hostKey; write address',
    ]);
  });

  it(`${fault(2)}: what stands below a misspelt key is checked too`, () => {
    expect(
      problemsIn(
        edited(
          ["      addresses:", "      addreses:"],
          ["        - 192.168.1.240-192.168.1.250", "        - 192.168.1.240"],
        ),
      ),
    ).toStrictEqual([
      'cluster.yaml:23:7: error: metallb.pools[0].addreses: given the unknown key "addreses"; expected one of name, protocol, addresses, autoAssign, avoidBuggyIPs, serviceAllocation, l2Advertisements, bgpAdvertisements; write addresses',
      'cluster.yaml:24:11: error: metallb.pools[0].addreses[0]: given "192.168.1.240" in the pool default; expected a range "192.168.1.240-192.168.1.250" or a network "192.168.10.0/24"; write 192.168.1.240/32 for this one address',
    ]);
  });

  it(`${fault(2)}: a key in another case, or joined otherwise, is recognized`, () => {
    expect(problemsIn(edited(["  scheduler: rr", "  strict-arp: true\n  Scheduler: rr"]))).toStrictEqual([
      'cluster.yaml:17:3: error: kubeProxy.strict-arp: given the unknown key "strict-arp"; expected one of mode, strictARP, scheduler, excludeCIDRs, tcpTimeout, tcpFinTimeout, udpTimeout, maxUnavailable; write strictARP',
      'cluster.yaml:18:3: error: kubeProxy.Scheduler: given the unknown key "Scheduler"; expected one of mode, strictARP, scheduler, excludeCIDRs, tcpTimeout, tcpFinTimeout, udpTimeout, maxUnavailable; write scheduler',
    ]);
  });

  it(`${fault(2)}: a misspelt role does not also count as a missing control-plane node`, () => {
    expect(problemsIn(edited(["    role: control-plane", "    rolle: control-plane"]))).toStrictEqual([
      'cluster.yaml:11:5: error: nodes[0].rolle: given the unknown key "rolle"; expected one of name, address, role, hostKey; write role',
    ]);
  });

  it(`${fault(2)}: an unknown key's value is not shown`, () => {
    expect(problemsIn(edited(["  agent: true", "  agent: true\n  password: hunter2"]))).toStrictEqual([
      'cluster.yaml:8:3: error: ssh.password: given the unknown key "password"; expected one of user, privateKeyFile, agent, privateKeyVariable, port, sudo, timeout, scriptDirectory, bastion, insecureIgnoreHostKeys; remove the key',
    ]);
  });

  it(`${fault(2)}: a key beside the one that was meant is reported once`, () => {
    expect(problemsIn(edited(["    role: control-plane", "    role: control-plane\n    rol: worker"]))).toStrictEqual([
      'cluster.yaml:12:5: error: nodes[0].rol: given the unknown key "rol"; expected one of name, address, role, hostKey; write role',
    ]);
  });

  it(`${fault(2)}: a key of cloud state is unknown to local state`, () => {
    expect(problemsIn(edited(["  backend: local", "  backend: local\n  organization: example"]))).toStrictEqual([
      'cluster.yaml:27:3: error: state.organization: given the unknown key "organization"; expected backend and no other key; remove the key',
    ]);
  });

  it(`${fault(2)}: a missing key is reported at its parent`, () => {
    expect(problemsIn(edited(["    address: 192.168.1.21\n", ""]))).toStrictEqual([
      "cluster.yaml:13:5: error: nodes[1].address: given nothing; expected an IP address, such as 192.168.1.10; add the key address: the address that SSH connects to, and that kubelet reports",
    ]);
  });

  it(`${fault(2)}: a missing section is reported at the file's start`, () => {
    expect(
      problemsIn(edited(["state:\n  backend: local\n", ""], ["ssh:\n  user: ops\n  agent: true\n", ""])),
    ).toStrictEqual([
      "cluster.yaml:1:1: error: ssh: given nothing; expected a mapping of keys and values; add the key ssh: how the stacks reach the nodes",
    ]);
  });

  it(`${fault(2)}: in a mapping where a list belongs nothing is told of its keys`, () => {
    expect(
      problemsIn(
        edited(["  pools:\n", "  peers: { peer-address: 192.168.1.1, my_asn: 64500, rack: { a: b } }\n  pools:\n"]),
      ),
    ).toStrictEqual([
      "cluster.yaml:20:3: error: metallb.peers: given a mapping; expected a list; write one item a line, each after a hyphen",
    ]);
  });
});
