import { endedBecause, probeNodes } from "../../../day-two/nodes/probe";
import { cluster } from "../../cluster-fixture";
import { ed25519Key } from "../../remote/ssh/keys";
import { answering, SshHost, type SshHostProps } from "../../remote/ssh/ssh-host";
import { fault } from "../../faults";

const userKey = ed25519Key();

describe("Looking at nodes", () => {
  const hosts: SshHost[] = [];
  afterEach(async () => {
    await Promise.all(hosts.splice(0).map((host) => host.stop()));
  });

  const probe = async (props: SshHostProps, user = "ops") => {
    const host = await SshHost.start({ userKey, user, ...props });
    hosts.push(host);
    const config = cluster({
      ssh: { user, privateKeyVariable: true, port: host.port },
      nodes: [{ name: "node1", address: "127.0.0.1", role: "control-plane", hostKey: host.hostKey }],
    });
    const environment = { TF_VAR_ssh_private_key: userKey.private };
    const [answer] = await probeNodes(config, { home: "/", environment });
    return { host, answer };
  };

  it("runs the probe as root, and reads its facts", async () => {
    const { host, answer } = await probe({ exec: answering("proxy mode ipvs\nmodule ip_vs loaded\n") });
    expect(answer?.error).toBeUndefined();
    expect(answer?.answer).toMatchObject({ proxy: { mode: "ipvs" }, modules: { ip_vs: "loaded" } });
    expect(host.commands).toHaveLength(1);
    expect(host.commands[0]).toMatch(
      /^sudo -n sh -c 'NODE='\\''node1'\\''\nNODE_ADDRESS='\\''127\.0\.0\.1'\\''\nSCHEDULER='\\''rr'\\''\nAPI_SERVICE='\\''10\.96\.0\.1:443'\\''\nset -eu\n/,
    );
  });

  it("runs it without sudo for root", async () => {
    const { host } = await probe({ exec: answering("") }, "root");
    expect(host.commands[0]).toMatch(/^sh -c 'NODE=/);
  });

  it(`${fault(136)}: a sudo that wants a terminal is named with its remedy`, async () => {
    const stderr = "sudo: sorry, you must have a tty to run sudo\n";
    const { answer } = await probe({ exec: answering("", { stderr, code: 1 }) });
    expect(answer?.error?.message).toBe(
      "node1 could not be looked at: user ops cannot run sudo without a terminal: " +
        "write 'Defaults:ops !requiretty' to a file in /etc/sudoers.d, or set ssh.user to root",
    );
  });

  it.each([
    [
      "sudo: a password is required\n",
      "node1 could not be looked at: user ops cannot run sudo without a password: give it NOPASSWD in /etc/sudoers.d, or set ssh.user to root",
    ],
    ["Warning: a banner\nsh: 1: sudo: not found\n", "node1 could not be looked at: sh: 1: sudo: not found"],
    ["", "node1 could not be looked at: the probe ended with exit status 1"],
  ])(`${fault(19)}: what a node says on failure becomes the error: %j`, async (stderr, message) => {
    const { answer } = await probe({ exec: answering("tool ipset present\n", { stderr, code: 1 }) });
    expect(answer?.error?.message).toBe(message);
    expect(answer?.answer).toBeUndefined();
  });

  const noPassword = "give it NOPASSWD in /etc/sudoers.d, or set ssh.user to root";
  it.each([
    [
      "sudo-rs",
      "sudo: interactive authentication is required\n",
      "",
      `user ops cannot run sudo without a password: ${noPassword}`,
    ],
    [
      "sudo in another language",
      "sudo: Ein Passwort ist notwendig\n",
      "",
      `sudo: Ein Passwort ist notwendig: user ops has to run sudo without a password: ${noPassword}`,
    ],
    [
      "a user whom sudo does not know",
      "ops is not in the sudoers file.\nThis incident has been reported to the administrator.\n",
      "",
      `user ops may not use sudo: ${noPassword}`,
    ],
    [
      "sudo for some commands, which quotes the script",
      "Sorry, user ops is not allowed to execute '/usr/bin/sh -c NODE=a\nset -eu\necho x' as root on node1.\n",
      "",
      "user ops may run some commands by sudo, and not sh: give it NOPASSWD: ALL in /etc/sudoers.d, or set ssh.user to root",
    ],
    [
      "nologin",
      "",
      "This account is currently not available.\n",
      "user ops has no shell to log in with: name another user in ssh.user, or give this one a shell with chsh",
    ],
    [
      "what is none of sudo's business",
      "sudo: unable to resolve host node1: Name or service not known\nsh: 3: Syntax error\n",
      "",
      "sh: 3: Syntax error",
    ],
  ])(`${fault(262)}: the remedy is named for %s`, (_what, stderr, stdout, message) => {
    expect(endedBecause({ stderr, stdout, code: 1 }, "ops")).toBe(message);
  });
});
