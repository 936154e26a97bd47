import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { check } from "../../cli/check";
import { edited, hostKey, sample } from "../cluster/sample";
import { fault } from "../faults";
import { upstreamManifestFile } from "../stacks/metallb/upstream-manifest";

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
  file = join(directory, "cluster.yaml");
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A configuration that names no other file. */
const standalone = edited(["context: admin", "credentials: variables"]);

function checkText(text: string, json = false) {
  writeFileSync(file, text);
  return check({ config: file, json }, {}, directory);
}

describe("check", () => {
  it("shows what would be built", () => {
    expect(checkText(standalone)).toStrictEqual({
      exitCode: 0,
      stderr: "",
      stdout: `Cluster     search, Kubernetes 1.18, Terraform variables
kube-proxy  mode ipvs, strictARP true, scheduler rr
Its roll    2 nodes, 1 at a time: 1 to 2 min (kubeProxy.maxUnavailable)
MetalLB     0.9.5
State       local
SSH         user ops, the SSH agent, which Terraform forwards to every node: root there can use its keys meanwhile

NODE     ADDRESS       ROLE
master1  192.168.1.10  control-plane
worker1  192.168.1.21  worker

POOL     PROTOCOL  SIZE  ADDRESSES
default  layer2    11    192.168.1.240-192.168.1.250
`,
    });
  });

  it.each([
    ["privateKeyVariable: true", "user ops, the key in Terraform's variable ssh_private_key"],
    [
      "agent: true",
      "user ops, the SSH agent, which Terraform forwards to every node: root there can use its keys meanwhile",
    ],
  ])(`${fault(144)}: says how nodes are reached, with %s`, (written, shown) => {
    const { stdout } = checkText(standalone.replace("agent: true", written));
    expect(stdout.split("\n")[5]).toBe(`SSH         ${shown}`);
  });

  it.each([
    ["kubeProxy: unmanaged", "unmanaged"],
    ["kubeProxy: { mode: iptables }", "mode iptables"],
    [
      "kubeProxy: { excludeCIDRs: [10.0.0.0/8], udpTimeout: 5m }",
      "mode ipvs, strictARP true, scheduler rr, excludeCIDRs 10.0.0.0/8, udpTimeout 5m0s",
    ],
  ])("shows %s as %s", (written, shown) => {
    const { stdout } = checkText(standalone.replace("kubeProxy:\n  scheduler: rr", written));
    expect(stdout.split("\n")[1]).toBe(`kube-proxy  ${shown}`);
  });

  it("shows warnings beside it, and exits with 0", () => {
    const { stdout, stderr, exitCode } = checkText(standalone.replace("192.168.1.250", "192.168.1.255"));
    expect(exitCode).toBe(0);
    expect(stdout).toContain("default  layer2    16    192.168.1.240-192.168.1.255\n");
    expect(stderr)
      .toBe(`${file}:24:11: warning: metallb.pools[0].addresses[0]: given "192.168.1.240-192.168.1.255" in the pool default; expected no address that ends in .255, which some old devices drop; set avoidBuggyIPs: true in this pool, or leave those addresses out
${file}: 0 errors, 1 warning
`);
  });

  it(`${fault(49)}: MetalLB's manifest that is missing is an error`, () => {
    const text = standalone.replace('"1.18"', '"1.30"').replace("version: 0.9.5", "version: 0.15.3");
    const { exitCode, stderr } = checkText(text);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /error: metallb\.manifest: given \S+\/metallb-v0\.15\.3-native\.yaml, which does not exist;/,
    );
  });

  it("shows the BGP routers, and how they are spoken to", () => {
    const text = standalone
      .replace('"1.18"', '"1.30"')
      .replace(
        "version: 0.9.5",
        `version: 0.15.3\n  bgpType: frr\n  manifest: ${upstreamManifestFile("0.15.3", "frr")}`,
      )
      .replace("state:", "  peers:\n    - { peerAddress: 192.168.1.1, peerASN: 64501, myASN: 64500 }\nstate:");
    expect(checkText(text).stdout).toBe(`Cluster     search, Kubernetes 1.30, Terraform variables
kube-proxy  mode ipvs, strictARP true, scheduler rr
Its roll    2 nodes, 1 at a time: 1 to 2 min (kubeProxy.maxUnavailable)
MetalLB     0.15.3, BGP frr
State       local
SSH         user ops, the SSH agent, which Terraform forwards to every node: root there can use its keys meanwhile

NODE     ADDRESS       ROLE
master1  192.168.1.10  control-plane
worker1  192.168.1.21  worker

POOL     PROTOCOL  SIZE  ADDRESSES
default  layer2    11    192.168.1.240-192.168.1.250

ROUTER       ADDRESS      AS
192-168-1-1  192.168.1.1  64501
`);
    expect(JSON.parse(checkText(text, true).stdout).cluster.bgp).toStrictEqual({
      type: "frr",
      peers: [{ name: "192-168-1-1", peerAddress: "192.168.1.1", peerASN: 64501 }],
    });
  });

  it("reports an error and the other files' problems in the order of the file, and exits with 1", () => {
    expect(checkText(edited(["rr", "xx"]))).toStrictEqual({
      exitCode: 1,
      stdout: "",
      stderr: `${file}:2:1: error: kubernetes.kubeconfig: given "~/.kube/config", which does not exist; expected a kubeconfig file; correct the path, or put the file there
${file}:17:14: error: kubeProxy.scheduler: given "xx"; expected one of rr, wrr, lc, wlc, fo, ovf, lblc, lblcr, sh, dh, mh, sed, nq; choose one of them
${file}: 2 errors, 0 warnings
`,
    });
  });

  it(`${fault(12)}: a problem with another file alone is an error too`, () => {
    expect(checkText(sample)).toStrictEqual({
      exitCode: 1,
      stdout: "",
      stderr: `${file}:2:1: error: kubernetes.kubeconfig: given "~/.kube/config", which does not exist; expected a kubeconfig file; correct the path, or put the file there
${file}: 1 error, 0 warnings
`,
    });
  });

  it(`${fault(12)}: with cloud state it is a warning`, () => {
    const text = sample.replace("backend: local", "backend: cloud\n  organization: example");
    const { stdout, stderr, exitCode } = checkText(text);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      `State       cloud: example on app.terraform.io, remote execution
Terraform   runs on machines of the server, which have no file of yours; everything works but adopt with a memberlist secret
`,
    );
    expect(stderr).toContain(`${file}:2:1: warning: kubernetes.kubeconfig: `);
  });

  it("with --json prints one object, and nothing on stderr", () => {
    const { stdout, stderr, exitCode } = checkText(standalone, true);
    expect({ stderr, exitCode }).toStrictEqual({ stderr: "", exitCode: 0 });
    expect(JSON.parse(stdout)).toStrictEqual({
      file,
      valid: true,
      problems: [],
      cluster: {
        name: "search",
        kubernetesVersion: "1.18",
        credentials: "Terraform variables",
        nodes: [
          { name: "master1", address: "192.168.1.10", role: "control-plane" },
          { name: "worker1", address: "192.168.1.21", role: "worker" },
        ],
        kubeProxy: { mode: "ipvs", maxUnavailable: 1, strictARP: true, scheduler: "rr" },
        metallbVersion: "0.9.5",
        pools: [
          {
            name: "default",
            protocol: "layer2",
            addresses: ["192.168.1.240-192.168.1.250"],
            autoAssign: true,
            size: "11",
          },
        ],
        ssh: "user ops, the SSH agent, which Terraform forwards to every node: root there can use its keys meanwhile",
        state: "local",
      },
    });
  });

  it("with --json lists the problems of an invalid configuration", () => {
    const { stdout, stderr, exitCode } = checkText(standalone.replace("rr", "xx"), true);
    expect({ stderr, exitCode }).toStrictEqual({ stderr: "", exitCode: 1 });
    expect(JSON.parse(stdout)).toStrictEqual({
      file,
      valid: false,
      problems: [
        {
          severity: "error",
          file,
          line: 17,
          column: 14,
          path: "kubeProxy.scheduler",
          given: '"xx"',
          expected: "one of rr, wrr, lc, wlc, fo, ovf, lblc, lblcr, sh, dh, mh, sed, nq",
          remedy: "choose one of them",
        },
      ],
    });
  });

  it("reads the file that CLUSTER_CONFIG names, unless an option names another", () => {
    writeFileSync(file, standalone);
    expect(check({}, { CLUSTER_CONFIG: file }, directory).exitCode).toBe(0);
    expect(check({ config: "no.yaml" }, { CLUSTER_CONFIG: file }, directory).stderr).toContain("no.yaml: error: ");
  });

  it(`${fault(33)}: refuses KUBE_* variables`, () => {
    writeFileSync(file, standalone);
    expect(check({ config: file }, { KUBE_CTX: "other" }, directory)).toStrictEqual({
      exitCode: 1,
      stdout: "",
      stderr: `environment: error: KUBE_CTX: given a value (not shown); expected this variable unset: in version 2.38 of the Kubernetes provider it overrides the cluster that the file names; run unset KUBE_CTX
${file}: 1 error, 0 warnings
`,
    });
  });

  it("of many nodes and pools shows the first 20", () => {
    const nodes = Array.from({ length: 25 }, (_, index) => ({
      name: `node-${index}`,
      address: `192.168.1.${index + 1}`,
      role: "control-plane",
      hostKey: hostKey("Aa"),
    }));
    const pools = Array.from({ length: 21 }, (_, index) => ({
      name: `pool-${index}`,
      addresses: [`192.168.1.${index + 100}/32`],
    }));
    const { stdout } = checkText(
      stringify({
        name: "many",
        kubernetes: { version: "1.18", credentials: "variables" },
        ssh: { user: "root", agent: true },
        nodes,
        metallb: { version: "0.9.6", pools },
      }),
    );
    const lines = stdout.split("\n");
    expect(lines.filter((line) => line.startsWith("node-"))).toHaveLength(20);
    expect(lines.filter((line) => line.startsWith("pool-"))).toHaveLength(20);
    expect(lines.filter((line) => line.startsWith("…"))).toStrictEqual(["… and 5 more nodes", "… and 1 more pools"]);
  });

  it.each([
    ["192.168.1.0/24", 254],
    ["192.168.1.0-192.168.3.0", 513 - 5],
    ["192.168.1.255/32", 0],
    ["192.168.1.1-192.168.1.9", 9],
  ])("does not count .0 and .255 of %s where MetalLB leaves them out", (range, size) => {
    const text = standalone
      .replace("192.168.1.240-192.168.1.250", `${range}\n      avoidBuggyIPs: true`)
      .replace("192.168.1.10", "192.168.9.10")
      .replace("192.168.1.21", "192.168.9.21");
    expect(JSON.parse(checkText(text, true).stdout).cluster.pools[0].size).toBe(String(size));
  });

  it("counts an IPv6 pool to the last address", () => {
    const text = standalone.replace("192.168.1.240-192.168.1.250", '"2001:db8::/64"');
    expect(JSON.parse(checkText(text, true).stdout).cluster.pools[0].size).toBe("18446744073709551616");
  });
});
