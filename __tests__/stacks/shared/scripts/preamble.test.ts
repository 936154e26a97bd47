import { spawnSync } from "node:child_process";
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { assignments, inlined } from "../../../../stacks/shared/script";
import { fault } from "../../../faults";
import { NodeUnderTest, shells } from "./node-under-test";

const preamble = inlined(join(__dirname, "../../../../stacks/shared/scripts/lib/preamble.sh"));

describe.each(shells)("preamble under $name", (shell) => {
  let node: NodeUnderTest;
  const run = (script: string, parameters: Record<string, string | boolean> = {}) =>
    node.runText(`${preamble}\n${script}\n`, parameters);

  beforeEach(() => {
    node = new NodeUnderTest(shell).user(1000).command("work").command("more-work");
  });
  afterEach(() => node.dispose());

  test(`${fault(23)}: a command that fails stops the script with its exit status; nothing after it runs`, () => {
    node.command("work", "exit 3");
    expect(run("work\nmore-work")).toEqual({ status: 3, stdout: "", stderr: "", calls: ["work"] });
  });

  test(`${fault(23)}: a variable that nobody assigned stops the script`, () => {
    const outcome = run('work "$NOT_ASSIGNED"\nmore-work');
    expect(outcome.status).not.toBe(0);
    expect(outcome.stderr).toContain("NOT_ASSIGNED");
    expect(outcome.calls).toEqual([]);
  });

  test(`${fault(19)}: sudo that asks for a password is an error at once`, () => {
    node.command("sudo", `echo "sudo: a password is required" >&2; [ "$1" = -n ] || read -r password; exit 1`);
    expect(run("work", { SUDO: true })).toEqual({
      status: 1,
      stdout: "",
      stderr:
        "sudo: a password is required\n" +
        "baremetal-lb: node1: user ops cannot run sudo without a password: give it NOPASSWD in /etc/sudoers.d, or set ssh.user to root\n",
      calls: ["id -u", "sudo -n true"],
    });
  });

  test(`${fault(136)}: sudo that wants a terminal is an error at once, which names requiretty and not the password`, () => {
    const words = "sudo: sorry, you must have a tty to run sudo";
    node.command("sudo", `echo "${words}" >&2; exit 1`);
    expect(run("work", { SUDO: true })).toEqual({
      status: 1,
      stdout: "",
      stderr:
        `${words}\nbaremetal-lb: node1: user ops cannot run sudo without a terminal: ` +
        "write 'Defaults:ops !requiretty' to a file in /etc/sudoers.d, or set ssh.user to root\n",
      calls: ["id -u", "sudo -n true"],
    });
  });

  test(`${fault(19)}: a node without sudo says so`, () => {
    expect(run("work", { SUDO: true })).toEqual({
      status: 1,
      stdout: "",
      stderr: "baremetal-lb: node1: sudo is not installed: install it, or set ssh.user to root\n",
      calls: ["id -u"],
    });
  });

  test("with sudo the script starts again as root, once", () => {
    node.sudo();
    const script = `${node.root}/tmp/terraform.sh`;
    expect(run('work "$(id -u)"', { SUDO: true })).toEqual({
      status: 0,
      stdout: "",
      stderr: "",
      calls: ["id -u", "sudo -n true", `sudo -n sh ${script}`, "id -u", "id -u", "work 0"],
    });
  });

  test("root needs no sudo", () => {
    node.user(0);
    expect(run("work", { SUDO: true })).toEqual({ status: 0, stdout: "", stderr: "", calls: ["id -u", "work"] });
  });

  test(`${fault(20)}: a command that asks gets the end of its input instead of a hang`, () => {
    node.command("work", "read -r answer || exit 5");
    expect(run("work")).toEqual({ status: 5, stdout: "", stderr: "", calls: ["work"] });
  });

  test("commands in /sbin are found, and none outside the node", () => {
    node.command("modprobe", "", { folder: "/sbin" });
    const outcome = run('modprobe ip_vs\necho "$PATH"');
    expect(outcome).toMatchObject({ status: 0, stderr: "", calls: ["modprobe ip_vs"] });
    const folders = outcome.stdout.trim().split(":");
    expect(folders).toContain(`${node.root}/sbin`);
    expect(folders.filter((folder) => !folder.startsWith(`${node.root}/`))).toEqual([]);
  });

  test("on a node, where BAREMETAL_LB_ROOT is not assigned, paths have no prefix", () => {
    const paths = preamble.split("\n").filter((line) => /^(ROOT|PATH)=/.test(line));
    const outcome = run(`unset BAREMETAL_LB_ROOT; PATH=/node; ${paths.join("; ")}; echo "[$ROOT] $PATH"`);
    expect(outcome.stdout).toBe("[] /node:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n");
  });

  test("a file that is named without its folder, as Terraform's are, is found again by sudo, and removed", () => {
    node.command("sudo", 'cd /\nshift\nFAKE_USER=0 exec "$@"');
    const name = ":&&exec sh *baremetal-lb-prepare-node-1*;true";
    const values = assignments({ NODE: "node1", SSH_USER: "ops", SUDO: true, BAREMETAL_LB_ROOT: node.root });
    node.write(`/tmp/${name}`, `${values}\n${preamble}\nwork\n`);
    const { status, stderr } = spawnSync(join(node.root, "bin/sh"), ["-c", `(chmod 0777 ${name}) 2>&-; ${name}`], {
      cwd: join(node.root, "tmp"),
      env: node.environment,
      encoding: "utf8",
    });
    expect({ status, stderr, work: node.read("/calls").split("\n").slice(-2) }).toEqual({
      status: 0,
      stderr: "",
      work: ["work ", ""],
    });
    expect(node.files("/tmp")).toEqual([]);
  });

  test("empty files of earlier runs are removed, and no others", () => {
    const long = new Date(Date.now() - 3600_000);
    for (const name of ["baremetal-lb-install-ipvs-1.sh", ":&&exec sh *baremetal-lb-prepare-node-1*;true", "other"]) {
      utimesSync(join(node.write(`/tmp/${name}`, "").root, "tmp", name), long, long);
    }
    utimesSync(join(node.write("/tmp/baremetal-lb-full", "text").root, "tmp/baremetal-lb-full"), long, long);
    node.write("/tmp/baremetal-lb-new", "");
    run("work");
    expect(node.files("/tmp")).toEqual(["/tmp/baremetal-lb-full", "/tmp/baremetal-lb-new", "/tmp/other"]);
  });

  test("the file is gone where sudo may not be used", () => {
    node.command("sudo", "exit 1");
    run("work", { SUDO: true });
    expect(node.files("/tmp")).toEqual([]);
  });

  test.each(["work", "exit 3"])("the file, and what the script made for itself, is gone after %s", (end) => {
    run(`scratch="$(mktemp) $(mktemp -d)"\n${end}`);
    expect(node.files("/tmp")).toEqual([]);
  });

  test("messages keep backslashes and values that look like shell", () => {
    const value = 'it\'s $(work) `work` \\n \\c "quoted"';
    expect(run('say "$VALUE"\nfail "$VALUE"', { VALUE: value })).toEqual({
      status: 1,
      stdout: `baremetal-lb: node1: ${value}\n`,
      stderr: `baremetal-lb: node1: ${value}\n`,
      calls: [],
    });
  });
});

test("the scripts are tested under dash and at least one other shell", () => {
  expect(shells.map(({ name }) => name)).toEqual(expect.arrayContaining(["dash", "bash"]));
});

test("assignments quote every value", () => {
  expect(assignments({ A: "it's", B: 5, C: true })).toBe("A='it'\\''s'\nB='5'\nC='true'");
});
