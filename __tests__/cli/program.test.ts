import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundled, program } from "../programs";

const tenMistakes = `name: search
kubernetes:
  version: 1.20
  contxt: admin
ssh:
  user: ops
  agent: true
  timeout: 5 m
nodes:
  - { name: master1, address: 192.168.1.10, role: control-plane, hostKey: "" }
  - { name: worker1, address: 192.168.1.21 }
kubeProxy:
  scheduler: random
metallb:
  version: 0.9.5
  pools:
    - name: default
      addresses:
        - 10.0.0.10/24
        - 192.168.1.10-192.168.1.12
        - 192.168.1.250-192.168.1.240
    - name: second
      protocol: bgp
      addresses: [192.168.1.200/32]
`;

describe("The program baremetal-lb", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** Runs the program as a shell would, in a directory of its own. */
  const run = (...words: string[]) => runFile(bundled("cli"), ...words);
  function runFile(file: string, ...words: string[]) {
    const environment = { PATH: process.env["PATH"], HOME: directory };
    const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...words], {
      cwd: directory,
      env: environment,
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  }

  /** Of processor time, which does not count what other programs of a busy machine take: user and system, in hundredths. */
  const childrensSeconds = () => {
    const [, numbers = ""] = readFileSync("/proc/self/stat", "utf8").split(") ");
    const [user, system] = numbers.split(" ").slice(13).map(Number);
    return ((user ?? NaN) + (system ?? NaN)) / 100;
  };

  it("a configuration with ten mistakes gives ten messages and exit code 1 within 2 s of the processor, and nothing is written", () => {
    // The kubeconfig is looked at too, and has no mistake.
    writeFileSync(join(directory, "kubeconfig"), "contexts: [{ name: admin }]\n");
    const text = tenMistakes.replace("contxt: admin", `contxt: admin\n  kubeconfig: ${directory}/kubeconfig`);
    writeFileSync(join(directory, "cluster.yaml"), text);
    const before = childrensSeconds();
    const { status, stdout, stderr } = runFile(program, "check");
    const seconds = childrensSeconds() - before;
    const lines = stderr.trimEnd().split("\n");
    expect(lines.map((line) => line.split(": given ")[0])).toStrictEqual([
      "cluster.yaml:3:12: error: kubernetes.version",
      "cluster.yaml:4:3: error: kubernetes.contxt",
      "cluster.yaml:9:12: error: ssh.timeout",
      "cluster.yaml:11:75: error: nodes[0].hostKey",
      "cluster.yaml:12:5: error: nodes[1].hostKey",
      "cluster.yaml:14:14: error: kubeProxy.scheduler",
      "cluster.yaml:15:1: error: metallb.peers",
      "cluster.yaml:20:11: error: metallb.pools[0].addresses[0]",
      "cluster.yaml:21:11: error: metallb.pools[0].addresses[1]",
      "cluster.yaml:22:11: error: metallb.pools[0].addresses[2]",
      "cluster.yaml: 10 errors, 0 warnings",
    ]);
    expect({ status, stdout }).toStrictEqual({ status: 1, stdout: "" });
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(2);
    expect(readdirSync(directory).sort()).toStrictEqual(["cluster.yaml", "kubeconfig"]);
  });

  it("reads cluster.yaml in the current directory, and suggests the example where there is none", () => {
    expect(run("check")).toStrictEqual({
      status: 1,
      stdout: "",
      stderr: `cluster.yaml: error: given no such file; expected the cluster's configuration; run npx baremetal-lb init --output cluster.yaml, which writes it for a cluster as it is, or copy this project's cluster.example.yaml to it; or name another file with CLUSTER_CONFIG
cluster.yaml: 1 error, 0 warnings
`,
    });
  });

  it("check --help says what it does and how it exits", () => {
    const { status, stdout } = run("check", "--help");
    expect(status).toBe(0);
    expect(stdout.replace(/\s+/g, " ")).toBe(
      "Usage: baremetal-lb check [options] Report every problem of the configuration in one go; show what would be built if " +
        "there is none. Writes nothing and contacts nothing. Exit code: 0 without an error, 1 with one. Options: " +
        "-c, --config <file> the configuration (default: $CLUSTER_CONFIG, or cluster.yaml) " +
        "--json print one JSON object: file, valid, problems, cluster -h, --help display help for command " +
        "Examples: npx baremetal-lb check # cluster.yaml, or what CLUSTER_CONFIG names " +
        "npx baremetal-lb check --config other.yaml --json # another file, for a program ",
    );
  });

  it("an unknown option is refused without a stack trace", () => {
    expect(run("check", "--josn")).toStrictEqual({
      status: 1,
      stdout: "",
      stderr: "error: unknown option '--josn'\n(Did you mean --json?)\n(run it with --help to see what it takes)\n",
    });
  });

  it("an unknown command is refused", () => {
    expect(run("chek")).toStrictEqual({
      status: 1,
      stdout: "",
      stderr: "error: unknown command 'chek'\n(Did you mean check?)\n(run it with --help to see what it takes)\n",
    });
  });
});
