import { sshCommand } from "../../lab/cluster/ssh";
import { openLab } from "../../lab/lab-settings";
import { planNode } from "../../lab/network-plan";

const lab = openLab({}, { LAB_DIR: "/somewhere" });

test("ssh checks the host key against this run's alone", () => {
  const command = sshCommand(lab, planNode(1), ["ipvsadm", "-Ln"]);
  expect(command.slice(0, 7)).toStrictEqual(["ip", "netns", "exec", "baremetal-lb", "ssh", "-F", "none"]);
  expect(command).toContain("StrictHostKeyChecking=yes");
  expect(command).toContain("UserKnownHostsFile=/somewhere/run/ssh/known_hosts");
  expect(command.slice(-3)).toStrictEqual(["root@10.89.0.11", "ipvsadm", "-Ln"]);
});
