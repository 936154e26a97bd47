import { fault } from "../../../faults";
import { edited, hostKey, problemsIn, sample } from "../../../cluster/sample";

describe("Nodes and host keys", () => {
  it(`${fault(10)}: no node is refused`, () => {
    expect(problemsIn(sample.replace(/nodes:[^]*kubeProxy/, "nodes: []\nkubeProxy"))).toStrictEqual([
      "cluster.yaml:8:1: error: nodes: given an empty list; expected at least one node; list every node of the cluster with its name and address",
    ]);
  });

  it(`${fault(10)}: no control-plane node is refused`, () => {
    expect(problemsIn(edited(["    role: control-plane\n", ""]))).toStrictEqual([
      "cluster.yaml:8:1: error: nodes: given 2 workers; expected at least one control-plane node, on which kubectl runs; set role: control-plane for each node that runs the API server",
    ]);
  });

  it(`${fault(10)}: a duplicate node name is refused`, () => {
    expect(problemsIn(edited(["name: worker1", "name: master1"]))).toStrictEqual([
      'cluster.yaml:13:11: error: nodes[1].name: given "master1"; expected a name that no other node has: nodes[0] has it too; write each node once, under the name that kubectl get nodes shows',
    ]);
  });

  it(`${fault(10)}: a duplicate node address is refused`, () => {
    expect(problemsIn(edited(["192.168.1.21", "192.168.1.10"]))).toStrictEqual([
      'cluster.yaml:14:14: error: nodes[1].address: given "192.168.1.10"; expected an address that no other node has: master1 has it too; correct one of the two',
    ]);
  });

  it(`${fault(10)}: a duplicate address in another form is refused`, () => {
    expect(problemsIn(edited(["192.168.1.21", '"2001:db8::0:1"'], ["192.168.1.10", '"2001:db8::1"']))).toStrictEqual([
      'cluster.yaml:14:14: error: nodes[1].address: given "2001:db8::0:1"; expected an address that no other node has: master1 has it too; correct one of the two',
    ]);
  });

  it(`${fault(10)}: a name that is no DNS label is refused`, () => {
    expect(problemsIn(edited(["name: worker1", "name: Worker_1"]))).toStrictEqual([
      'cluster.yaml:13:11: error: nodes[1].name: given "Worker_1"; expected a DNS name: labels of lower-case letters, digits and hyphens, joined by dots, at most 253 characters; write a name such as "worker-1" or "worker-1.example.org"',
    ]);
  });

  it(`${fault(10)}: a number as a name is to be quoted`, () => {
    expect(problemsIn(edited(["name: worker1", "name: 21"]))).toStrictEqual([
      'cluster.yaml:13:11: error: nodes[1].name: given 21; expected a DNS name: labels of lower-case letters, digits and hyphens, joined by dots, at most 253 characters; put it in quotes: name: "21" (without them YAML reads the number 21)',
    ]);
  });

  it(`${fault(10)}: an unknown role is one error`, () => {
    expect(problemsIn(edited(["role: control-plane", "role: master"]))).toStrictEqual([
      'cluster.yaml:11:11: error: nodes[0].role: given "master"; expected control-plane or worker; write control-plane for a node that runs the API server, else worker',
    ]);
  });

  it(`${fault(10)}: an address that is none is refused`, () => {
    expect(problemsIn(edited(["192.168.1.21", "worker1.example.org"]))).toStrictEqual([
      'cluster.yaml:14:14: error: nodes[1].address: given "worker1.example.org"; expected an IP address, such as 192.168.1.10; write the address alone, with no name, port, prefix length or zone',
    ]);
  });

  it(`${fault(13)}: a node without a host key is refused, with the command that prints it`, () => {
    expect(problemsIn(edited([`    hostKey: "${hostKey("Bb")}"\n`, ""]))).toStrictEqual([
      "cluster.yaml:13:5: error: nodes[1].hostKey: given nothing; expected the host key, by which Terraform knows this host from an impostor; run npx baremetal-lb trust worker1, which reads and records it, or add the type and key that ssh-keyscan -t ecdsa -p 22 192.168.1.21 prints; compare it with /etc/ssh/ssh_host_ecdsa_key.pub on the host",
    ]);
  });

  it(`${fault(13)}: a node without a name and a host key is refused with the command for all nodes`, () => {
    expect(problemsIn(edited([`    hostKey: "${hostKey("Bb")}"\n`, ""], ["name: worker1", "name: W"]))[0]).toBe(
      "cluster.yaml:13:5: error: nodes[1].hostKey: given nothing; expected the host key, by which Terraform knows this host from an impostor; run npx baremetal-lb trust, which reads and records it, or add the type and key that ssh-keyscan -t ecdsa -p 22 192.168.1.21 prints; compare it with /etc/ssh/ssh_host_ecdsa_key.pub on the host",
    );
  });

  it(`${fault(13)}: a bastion without a host key is refused`, () => {
    expect(
      problemsIn(edited(["  agent: true", "  agent: true\n  port: 2222\n  bastion: { host: jump.example.org }"])),
    ).toStrictEqual([
      "cluster.yaml:9:3: error: ssh.bastion.hostKey: given nothing; expected the host key, by which Terraform knows this host from an impostor; run npx baremetal-lb trust bastion, which reads and records it, or add the type and key that ssh-keyscan -t ecdsa -p 22 jump.example.org prints; compare it with /etc/ssh/ssh_host_ecdsa_key.pub on the host",
    ]);
  });

  it(`${fault(13)}: the insecure switch is a warning that names the nodes`, () => {
    expect(
      problemsIn(
        edited(
          [`    hostKey: "${hostKey("Bb")}"\n`, ""],
          ["  agent: true", "  agent: true\n  insecureIgnoreHostKeys: true"],
        ),
      ),
    ).toStrictEqual([
      "cluster.yaml:8:27: warning: ssh.insecureIgnoreHostKeys: given true; expected a host key for worker1: without it, whoever answers at that address is trusted and given the scripts; record the host keys, then remove insecureIgnoreHostKeys",
    ]);
  });

  it(`${fault(13)}: the insecure switch without any use is a warning`, () => {
    expect(problemsIn(edited(["  agent: true", "  agent: true\n  insecureIgnoreHostKeys: true"]))).toStrictEqual([
      "cluster.yaml:8:27: warning: ssh.insecureIgnoreHostKeys: given true; expected no such switch: every host key is given, so it has no effect; remove insecureIgnoreHostKeys",
    ]);
  });

  it(`${fault(13)}: a host key of another type than it says is refused`, () => {
    expect(
      problemsIn(edited([`hostKey: "${hostKey("Bb")}"`, `hostKey: "ssh-rsa ${hostKey("Bb").split(" ")[1]}"`])),
    ).toStrictEqual([
      'cluster.yaml:15:14: error: nodes[1].hostKey: given "ssh-rsa AAAAE2VjZHNh…"; expected a host key of type ecdsa-sha2-nistp256, -384 or -521, ssh-ed25519 or ssh-rsa: "ecdsa-sha2-nistp256 AAAA…"; write the type and the base64 text as ssh-keyscan prints them, without the host in front and without a comment',
    ]);
  });
});
