import { fault } from "../faults";
import { edited, problemsIn } from "./sample";

describe("Values of another form", () => {
  it(`${fault(11)}: a bad duration is refused`, () => {
    expect(problemsIn(edited(["  agent: true", "  agent: true\n  timeout: 5 m"]))).toStrictEqual([
      'cluster.yaml:8:12: error: ssh.timeout: given "5 m"; expected a duration: whole numbers of hours, minutes and seconds, each of at most 5 digits, with no space between; write a duration such as 30s, 1m30s or 1h',
    ]);
  });

  it(`${fault(11)}: a bad port is refused`, () => {
    expect(problemsIn(edited(["  agent: true", "  agent: true\n  port: 65536"]))).toStrictEqual([
      "cluster.yaml:8:9: error: ssh.port: given 65536; expected a port: a whole number from 1 to 65535; write a number in that range, without quotes",
    ]);
  });

  it(`${fault(11)}: a port in quotes is refused`, () => {
    expect(problemsIn(edited(["  agent: true", '  agent: true\n  port: "22"']))).toStrictEqual([
      'cluster.yaml:8:9: error: ssh.port: given "22"; expected a port: a whole number from 1 to 65535; write a number in that range, without quotes',
    ]);
  });

  it(`${fault(11)}: a bad user name is refused`, () => {
    expect(problemsIn(edited(["user: ops", "user: Ops Team"]))).toStrictEqual([
      'cluster.yaml:6:9: error: ssh.user: given "Ops Team"; expected a user name: letters, digits and _ . @ \\ + -, the first a letter, a digit or _; write the name of a user who exists on the node, such as root or ops',
    ]);
  });

  it(`${fault(11)}: an unknown scheduler lists those that there are`, () => {
    expect(problemsIn(edited(["scheduler: rr", "scheduler: random"]))).toStrictEqual([
      'cluster.yaml:17:14: error: kubeProxy.scheduler: given "random"; expected one of rr, wrr, lc, wlc, fo, ovf, lblc, lblcr, sh, dh, mh, sed, nq; choose one of them',
    ]);
  });

  it(`${fault(11)}: a nearly right scheduler is suggested`, () => {
    expect(problemsIn(edited(["scheduler: rr", "scheduler: lblc2"]))).toStrictEqual([
      'cluster.yaml:17:14: error: kubeProxy.scheduler: given "lblc2"; expected one of rr, wrr, lc, wlc, fo, ovf, lblc, lblcr, sh, dh, mh, sed, nq; write lblc',
    ]);
  });

  it(`${fault(11)}: another kube-proxy mode is refused`, () => {
    expect(problemsIn(edited(["scheduler: rr", "mode: userspace"]))).toStrictEqual([
      'cluster.yaml:17:9: error: kubeProxy.mode: given "userspace"; expected one of ipvs, iptables, nftables; choose one of them',
    ]);
  });

  it(`${fault(11)}: yes is not true`, () => {
    expect(problemsIn(edited(["  agent: true", "  agent: yes"]))).toStrictEqual([
      'cluster.yaml:7:10: error: ssh.agent: given "yes"; expected true or false; write true or false, without quotes',
    ]);
  });

  it(`${fault(11)}: a section without content is refused`, () => {
    expect(problemsIn(edited(["kubeProxy:\n  scheduler: rr", "kubeProxy:"]))).toStrictEqual([
      "cluster.yaml:16:1: error: kubeProxy: given nothing; expected unmanaged, or a mapping of kube-proxy's settings; write unmanaged for a kube-proxy that this project is not to change, or the settings below the key, indented",
    ]);
  });

  it(`${fault(11)}: another word than unmanaged in the place of kube-proxy's settings is refused`, () => {
    expect(problemsIn(edited(["kubeProxy:\n  scheduler: rr", "kubeProxy: managed"]))).toStrictEqual([
      'cluster.yaml:16:12: error: kubeProxy: given "managed"; expected unmanaged, or a mapping of kube-proxy\'s settings; write unmanaged for a kube-proxy that this project is not to change, or the settings below the key, indented',
    ]);
    expect(problemsIn(edited(["kubeProxy:\n  scheduler: rr", "kubeProxy: unmanaged"]))).toStrictEqual([]);
  });

  it(`${fault(11)}: IPVS's networks and timeouts are read as kube-proxy reads them`, () => {
    const settings =
      "excludeCIDRs: [172.16.0.0/12, 10.0.0.0, 'fd00::/129']\n  tcpTimeout: 15m\n  tcpFinTimeout: 0s\n  udpTimeout: 0";
    expect(problemsIn(edited(["scheduler: rr", settings]))).toStrictEqual([
      'cluster.yaml:17:33: error: kubeProxy.excludeCIDRs[1]: given "10.0.0.0"; expected a network such as 192.168.1.0/24; write an IP address, a / and the prefix length; /32 for the one IPv4 address',
      'cluster.yaml:17:43: error: kubeProxy.excludeCIDRs[2]: given "fd00::/129"; expected a network such as 192.168.1.0/24; write an IP address, a / and the prefix length; /32 for the one IPv4 address',
      "cluster.yaml:20:15: error: kubeProxy.udpTimeout: given 0; expected a duration: whole numbers of hours, minutes and seconds, each of at most 5 digits, with no space between; write a duration such as 30s, 1m30s or 1h, or 0s",
    ]);
  });

  it.each(["iptables", "nftables"])(
    `${fault(54)}: IPVS's keys are refused in mode %s, their defaults are not`,
    (mode) => {
      const modern = (kubeProxy: string) =>
        problemsIn(edited(['version: "1.18"', 'version: "1.35.4"'], ["scheduler: rr", kubeProxy]));
      expect(modern(`mode: ${mode}`)).toStrictEqual([]);
      expect(
        modern(`mode: ${mode}\n  strictARP: true\n  scheduler: rr\n  excludeCIDRs: []\n  tcpFinTimeout: 2m`),
      ).toStrictEqual([
        `cluster.yaml:18:3: error: kubeProxy.strictARP: given strictARP with kubeProxy.mode ${mode}; expected no such key: it means something in mode ipvs only, and MetalLB needs no strictARP in mode ${mode}; remove the key, or write mode: ipvs`,
        `cluster.yaml:19:3: error: kubeProxy.scheduler: given scheduler with kubeProxy.mode ${mode}; expected no such key: it means something in mode ipvs only; remove the key, or write mode: ipvs`,
        `cluster.yaml:20:3: error: kubeProxy.excludeCIDRs: given excludeCIDRs with kubeProxy.mode ${mode}; expected no such key: it means something in mode ipvs only; remove the key, or write mode: ipvs`,
        `cluster.yaml:21:3: error: kubeProxy.tcpFinTimeout: given tcpFinTimeout with kubeProxy.mode ${mode}; expected no such key: it means something in mode ipvs only; remove the key, or write mode: ipvs`,
      ]);
    },
  );

  it.each(["0", "'1'", "0%", "1.5", "ten"])(
    `${fault(266)}: %s nodes at a time are refused with what may be written`,
    (nodes) => {
      expect(
        problemsIn(edited(["scheduler: rr", `maxUnavailable: ${nodes}`])).map((text) =>
          text.replace(/^.*; expected/, "expected"),
        ),
      ).toStrictEqual(["expected a number of nodes, from 1 on, or a percentage of them such as 10%; write 1, or 10%"]);
    },
  );

  it(`${fault(266)}: keys of kube-proxy's own configuration have their place named`, () => {
    const found = problemsIn(edited(["scheduler: rr", "ipvs: { strictARP: true }\n  syncPeriod: 30s"]));
    expect(found.map((text) => text.replace(/^.*; expected one of [^;]*; /, ""))).toStrictEqual([
      "write the keys below it directly below kubeProxy: strictARP, scheduler, excludeCIDRs, tcpTimeout, tcpFinTimeout, udpTimeout",
      "remove it: what has no key here stays as the cluster has it; it is set in config.conf, kubectl -n kube-system edit configmap kube-proxy",
    ]);
  });

  it(`${fault(266)}: a key that merges has a remedy`, () => {
    const found = problemsIn(edited(["  - name: worker1\n", "  - <<: { role: worker }\n    name: worker1\n"]));
    expect(found.map((text) => text.replace(/expected one of [^;]*; /, ""))).toStrictEqual([
      'cluster.yaml:13:5: error: nodes[1].<<: given the unknown key "<<"; write the keys themselves: a whole value may be an alias (*…), and nothing is merged (<<)',
    ]);
  });

  it(`${fault(11)}: a mapping where a list belongs is refused`, () => {
    expect(
      problemsIn(
        edited([
          "      addresses:\n        - 192.168.1.240-192.168.1.250",
          "      addresses: { first: 192.168.1.240 }",
        ]),
      ),
    ).toStrictEqual([
      "cluster.yaml:23:7: error: metallb.pools[0].addresses: given a mapping; expected a list; write one item a line, each after a hyphen",
    ]);
  });

  it(`${fault(11)}: an unknown state backend is refused`, () => {
    expect(problemsIn(edited(["backend: local", "backend: gcs"]))).toStrictEqual([
      'cluster.yaml:26:12: error: state.backend: given "gcs"; expected local, cloud, s3, pg, kubernetes or http; write one of them; docs/state.md has what each of them needs',
    ]);
  });

  it.each([
    ["s3", ["bucket: the bucket", "region: the bucket's region; for a server that has none, such as MinIO, us-east-1"]],
    ["kubernetes", ["context: the kubeconfig's context, so that no other cluster keeps them by mistake"]],
  ])(`${fault(11)}: the state's backend %s lacks a key`, (backend, keys) => {
    const found = problemsIn(edited(["backend: local", `backend: ${backend}`]));
    expect(found.map((line) => line.replace(/^.*; add the key /, ""))).toStrictEqual(keys);
  });

  it(`${fault(181)}: a state server's address with credentials is refused, and not shown`, () => {
    const at = (address: string) => problemsIn(edited(["backend: local", `backend: http\n  address: ${address}`]));
    const expected =
      "expected an https:// URL (http:// to this machine alone), without credentials, query and slash at the end; write it as https://state.example.org/terraform; user and password come from the environment";
    expect(at("https://me:geheim@state.example.org/a")).toStrictEqual([
      `cluster.yaml:27:12: error: state.address: given a URL with credentials (not shown); ${expected}`,
    ]);
    expect(
      [
        "https://a.example.org",
        "https://a:8443/b/c",
        "http://127.0.0.1:1/a",
        "http://localhost/a",
        "http://[::1]:80",
      ].flatMap(at),
    ).toStrictEqual([]);
    const wrong = ["http://a.example.org", "https://a/?b=c", "https://a/", "a.example.org"];
    expect(wrong.flatMap(at)).toStrictEqual(
      wrong.map((address) => `cluster.yaml:27:12: error: state.address: given "${address}"; ${expected}`),
    );
  });

  it(`${fault(180)}: a name that leaves no room for the stacks' names`, () => {
    const named = (length: number, state: string) =>
      problemsIn(edited(["name: search", `name: ${"a".repeat(length)}`], ["backend: local", state]));
    const kubernetes = "backend: kubernetes\n  context: a";
    expect([...named(49, "backend: pg"), ...named(49, kubernetes), ...named(63, "backend: local")]).toStrictEqual([]);
    expect([...named(50, "backend: pg"), ...named(50, kubernetes)]).toStrictEqual(
      ["pg", "kubernetes"].map(
        (backend) =>
          `cluster.yaml:1:7: error: name: given a name of 50 characters; expected at most 49 with backend: ${backend}, whose states are named <name>-address-pools and so on, at most 63 characters long; choose a shorter name, or another backend`,
      ),
    );
  });

  it(`${fault(11)}: a server is named with its port, and without scheme and path`, () => {
    const named = (hostname: string) =>
      problemsIn(
        edited(["backend: local", `backend: cloud\n  organization: acme\n  execution: local\n  hostname: ${hostname}`]),
      );
    expect(["tfe.example.org", "tfe.example.org:8443", "localhost:1"].flatMap(named)).toStrictEqual([]);
    expect(["https://tfe.example.org", "tfe.example.org:0", "tfe.example.org:65536"].flatMap(named)).toStrictEqual(
      ["https://tfe.example.org", "tfe.example.org:0", "tfe.example.org:65536"].map(
        (hostname) =>
          `cluster.yaml:29:13: error: state.hostname: given "${hostname}"; expected a server's DNS name, with :PORT where it has another one than 443; write it as tfe.example.org or tfe.example.org:8443`,
      ),
    );
  });

  it(`${fault(11)}: a way of execution that workspaces do not have is refused`, () => {
    expect(
      problemsIn(edited(["backend: local", "backend: cloud\n  organization: acme\n  execution: here"])),
    ).toStrictEqual([
      'cluster.yaml:28:14: error: state.execution: given "here"; expected remote, agent or local; write what the settings of the workspaces say under Execution Mode',
    ]);
  });

  it(`${fault(11)}: no way to authenticate is refused`, () => {
    expect(problemsIn(edited(["  agent: true\n", ""]))).toStrictEqual([
      "cluster.yaml:5:1: error: ssh: given none of its ways to authenticate; expected exactly one of privateKeyFile, agent: true, privateKeyVariable: true; add the one that applies",
    ]);
  });

  it(`${fault(11)}: two ways to authenticate are refused`, () => {
    expect(problemsIn(edited(["  agent: true", "  agent: true\n  privateKeyFile: ~/.ssh/id_ed25519"]))).toStrictEqual([
      "cluster.yaml:5:1: error: ssh: given privateKeyFile and agent: true; expected exactly one of privateKeyFile, agent: true, privateKeyVariable: true; keep one of them",
    ]);
  });

  it(`${fault(11)}: a relative key path is refused`, () => {
    expect(problemsIn(edited(["  agent: true", "  privateKeyFile: keys/id_ed25519"]))).toStrictEqual([
      'cluster.yaml:7:19: error: ssh.privateKeyFile: given "keys/id_ed25519"; expected the path of a file: absolute, or starting with ~/; write the whole path; a relative one would depend on the directory that Terraform runs in',
    ]);
  });

  it(`${fault(11)}: a key in place of its path is refused, and not shown`, () => {
    expect(
      problemsIn(
        edited([
          "  agent: true",
          "  privateKeyFile: |\n    -----BEGIN OPENSSH PRIVATE KEY-----\n    b3BlbnNzaC1rZXktdjEA\n    -----END OPENSSH PRIVATE KEY-----",
        ]),
      ),
    ).toStrictEqual([
      "cluster.yaml:7:19: error: ssh.privateKeyFile: given a text of several lines (not shown); expected the path of a file: absolute, or starting with ~/; write the whole path; a relative one would depend on the directory that Terraform runs in",
    ]);
  });

  it(`${fault(11)}: a kubeconfig without a context is refused`, () => {
    expect(problemsIn(edited(["  context: admin\n", ""]))).toStrictEqual([
      "cluster.yaml:2:1: error: kubernetes.context: given nothing; expected the name of a context in the kubeconfig, so that no other cluster is changed by mistake; add the key context with a name that kubectl config get-contexts shows",
    ]);
  });

  it(`${fault(11)}: a kubeconfig beside variables is refused`, () => {
    expect(
      problemsIn(
        edited(["  context: admin", "  credentials: variables\n  context: admin\n  kubeconfig: ~/.kube/config"]),
      ),
    ).toStrictEqual([
      "cluster.yaml:5:3: error: kubernetes.context: given context with credentials: variables; expected a kubeconfig or variables, never both; remove context, or remove credentials: variables",
      "cluster.yaml:6:3: error: kubernetes.kubeconfig: given kubeconfig with credentials: variables; expected a kubeconfig or variables, never both; remove kubeconfig, or remove credentials: variables",
    ]);
  });
});
