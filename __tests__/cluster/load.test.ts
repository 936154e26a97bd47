import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspectCluster, loadCluster } from "../../cluster/load";
import { ConfigurationError, problemText } from "../../values/problem";
import { readCluster } from "../../cluster/read";
import { fault } from "../faults";
import { edited, hostKey, sample } from "./sample";

describe("loadCluster", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const write = (text: string) => {
    const file = join(directory, "cluster.yaml");
    writeFileSync(file, text);
    return file;
  };

  it("returns the whole configuration with every default", () => {
    expect(loadCluster(write(sample))).toStrictEqual({
      name: "search",
      kubernetes: {
        version: "1.18",
        credentials: { source: "kubeconfig", path: "~/.kube/config", context: "admin" },
        nodeKubeconfig: "/etc/kubernetes/admin.conf",
        podCIDR: "10.244.0.0/16",
        serviceCIDR: "10.96.0.0/12",
      },
      ssh: {
        user: "ops",
        authentication: { method: "agent" },
        port: 22,
        sudo: true,
        timeout: "60s",
        insecureIgnoreHostKeys: false,
      },
      nodes: [
        { name: "master1", address: "192.168.1.10", role: "control-plane", hostKey: hostKey("Aa") },
        { name: "worker1", address: "192.168.1.21", role: "worker", hostKey: hostKey("Bb") },
      ],
      kubeProxy: { mode: "ipvs", maxUnavailable: 1, strictARP: true, scheduler: "rr" },
      metallb: {
        version: "0.9.5",
        bgpType: "native",
        rolloutTimeout: "5m",
        ignoreExcludeLB: false,
        controller: { tolerations: [], nodeSelector: {}, podLabels: {}, podAnnotations: {} },
        speaker: {
          tolerations: [],
          nodeSelector: {},
          podLabels: {},
          podAnnotations: {},
          memberlist: { enabled: true, bindPort: 7946 },
          tolerateControlPlane: true,
        },
        imagePullSecrets: [],
        memberlistKey: "state",
        pools: [
          {
            name: "default",
            protocol: "layer2",
            addresses: [
              { text: "192.168.1.240-192.168.1.250", family: 4, first: 3_232_236_016n, last: 3_232_236_026n },
            ],
            autoAssign: true,
            avoidBuggyIPs: false,
            l2Advertisements: [],
            bgpAdvertisements: [],
          },
        ],
        allowAddressLoss: false,
        peers: [],
        bfdProfiles: [],
        bgpCommunities: {},
        resources: [],
      },
      state: { backend: "local" },
    });
  });

  it.each([
    ["a key file", "privateKeyFile: /keys/id", { method: "keyFile", path: "/keys/id" }],
    ["a Terraform variable", "privateKeyVariable: true", { method: "variable" }],
    ["an agent, with the others switched off", "agent: true\n  privateKeyVariable: false", { method: "agent" }],
  ])("SSH may authenticate with %s", (_name, line, authentication) => {
    expect(loadCluster(write(edited(["agent: true", line]))).ssh.authentication).toStrictEqual(authentication);
  });

  it("root needs no sudo", () => {
    expect(loadCluster(write(edited(["user: ops", "user: root"]))).ssh.sudo).toBe(false);
  });

  it("credentials may be Terraform variables", () => {
    const text = edited(["context: admin", "credentials: variables"]);
    expect(loadCluster(write(text)).kubernetes.credentials).toStrictEqual({ source: "variables" });
  });

  it("takes the space from between two networks", () => {
    const text = edited(["context: admin", "context: admin\n  podCIDR: 10.244.0.0/16, fd00:10::/56"]);
    expect(loadCluster(write(text)).kubernetes.podCIDR).toBe("10.244.0.0/16,fd00:10::/56");
  });

  it("accepts a BGP pool with all that belongs to it", () => {
    const text = edited(
      ["      protocol: layer2", "      protocol: bgp"],
      [
        "        - 192.168.1.240-192.168.1.250\n",
        `        - 10.7.0.0/24
      bgpAdvertisements:
        - aggregationLength: 24
          communities: [no-export, "65535:65282"]
  bgpCommunities: { no-export: "65535:65281" }
  peers:
    - { peerAddress: 192.168.1.1, peerASN: 64501, myASN: 64500, holdTime: 3s }
`,
      ],
    );
    expect(readCluster(text, "cluster.yaml").problems).toStrictEqual([]);
    expect(loadCluster(write(text)).metallb.peers).toStrictEqual([
      {
        peerAddress: "192.168.1.1",
        peerASN: 64501,
        myASN: 64500,
        peerPort: 179,
        holdTime: "3s",
        nodeSelectors: [],
        ebgpMultiHop: false,
        enableGracefulRestart: false,
        dualStackAddressFamily: false,
      },
    ]);
  });

  it("accepts an IPv6 pool in a dual-stack cluster, for layer2", () => {
    const text = edited(
      [
        "  context: admin",
        "  context: admin\n  podCIDR: 10.244.0.0/16,fd00:10::/56\n  serviceCIDR: 10.96.0.0/12,fd00:20::/112",
      ],
      ["        - 192.168.1.240-192.168.1.250", '        - "2001:db8::240-2001:db8::250"'],
    );
    expect(readCluster(text, "cluster.yaml").problems).toStrictEqual([]);
  });

  it("accepts .0 and .255 where MetalLB leaves them out", () => {
    const text = edited(["192.168.1.240-192.168.1.250", "192.168.1.240-192.168.1.255\n      avoidBuggyIPs: true"]);
    expect(readCluster(text, "cluster.yaml").problems).toStrictEqual([]);
  });

  it("throws every problem at once, one a line, warnings too", () => {
    const text = edited(["name: search", "name: Search"], ["192.168.1.250", "192.168.1.255"], ["rr", "xx"]);
    const file = write(text);
    const error = thrown(() => loadCluster(file, { environment: { KUBE_HOST: "https://10.0.0.1" } }));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error instanceof ConfigurationError && error.problems.map(({ path }) => path)).toStrictEqual([
      "name",
      "kubeProxy.scheduler",
      "metallb.pools[0].addresses[0]",
      "KUBE_HOST",
    ]);
    expect(error instanceof ConfigurationError && error.message).toBe(
      `${file}:1:7: error: name: given "Search"; expected a DNS label: at most 63 lower-case letters, digits and hyphens, the first and the last no hyphen; write a name such as "search-1"
${file}:17:14: error: kubeProxy.scheduler: given "xx"; expected one of rr, wrr, lc, wlc, fo, ovf, lblc, lblcr, sh, dh, mh, sed, nq; choose one of them
${file}:24:11: warning: metallb.pools[0].addresses[0]: given "192.168.1.240-192.168.1.255" in the pool default; expected no address that ends in .255, which some old devices drop; set avoidBuggyIPs: true in this pool, or leave those addresses out
environment: error: KUBE_HOST: given a value (not shown); expected this variable unset: in version 2.38 of the Kubernetes provider it overrides the cluster that the file names; run unset KUBE_HOST`,
    );
  });

  it("hands warnings on, and returns the configuration", () => {
    const warnings: string[] = [];
    const file = write(edited(['"1.18"', '"1.36"']));
    const config = loadCluster(file, { warn: (problem) => warnings.push(`${problem.line} ${problem.path}`) });
    expect(config.kubernetes.version).toBe("1.36");
    expect(warnings).toStrictEqual(["3 kubernetes.version"]);
  });

  it(`${fault(1)}: a missing file suggests to copy the example`, () => {
    expect(inspectCluster("no/cluster.yaml").problems.map(problemText)).toStrictEqual([
      "no/cluster.yaml: error: given no such file; expected the cluster's configuration; run npx baremetal-lb init --output no/cluster.yaml, which writes it for a cluster as it is, or copy this project's cluster.example.yaml to it; or name another file with CLUSTER_CONFIG",
    ]);
  });

  it(`${fault(1)}: a directory in place of the file is refused`, () => {
    expect(inspectCluster(directory).problems.map(problemText)).toStrictEqual([
      `${directory}: error: given a file that cannot be read (EISDIR); expected the cluster's configuration; name a file that this user may read`,
    ]);
  });
});

describe("cluster.example.yaml", () => {
  it("has neither an error nor a warning", () => {
    expect(inspectCluster("cluster.example.yaml").problems).toStrictEqual([]);
  });

  it("is the cluster of the walkthrough", () => {
    const { name, kubernetes, nodes, metallb } = loadCluster("cluster.example.yaml");
    const { version, pools } = metallb;
    expect({
      name,
      kubernetes: kubernetes.version,
      nodes: nodes.map((node) => node.role),
      version,
      pools,
    }).toStrictEqual({
      name: "search",
      kubernetes: "1.18",
      nodes: ["control-plane", "worker", "worker"],
      version: "0.9.5",
      pools: [
        {
          name: "default",
          protocol: "layer2",
          addresses: [{ text: "192.168.1.240-192.168.1.250", family: 4, first: 3_232_236_016n, last: 3_232_236_026n }],
          autoAssign: true,
          avoidBuggyIPs: false,
          l2Advertisements: [],
          bgpAdvertisements: [],
        },
      ],
    });
  });
});

function thrown(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
