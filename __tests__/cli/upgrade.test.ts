import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { Terraform } from "../../remote/terraform/terraform";
import { clusterInput } from "../cluster-fixture";
import { ApiServer, writeKubeconfig } from "../remote/kubernetes/api-server";
import { byChart, helmWorkload } from "../day-two/helm-cluster";
import { service } from "../day-two/status-cluster";
import { answersOf } from "../day-two/verify/healthy-cluster";
import { ProjectFixture } from "../remote/terraform/project-fixture";
import { runProgram } from "./run-program";
import { fault } from "../faults";

// The whole command, on stacks of Terraform's built-in resources in MetalLB's place.

describe("upgrade", () => {
  let fixture: ProjectFixture;
  let server: ApiServer | undefined;
  beforeEach(() => {
    fixture = new ProjectFixture();
  });
  afterEach(async () => {
    fixture.dispose();
    await server?.stop();
    server = undefined;
  });

  const controller = (version: string) => ({
    spec: {
      template: { spec: { containers: [{ name: "controller", image: `quay.io/metallb/controller:v${version}` }] } },
    },
  });

  /** Runs it where one version runs and another is declared. */
  async function upgrade(running: string | undefined, declared: string, services: object[], ...words: string[]) {
    server = await ApiServer.start({
      ...(running && {
        "/apis/apps/v1/namespaces/metallb-system/deployments/controller": { json: controller(running) },
      }),
      "/api/v1/services": { json: { items: services } },
    });
    return run(server.kubeconfig, declared, ...words);
  }
  const run = (kubeconfig: string, version: string, ...words: string[]) =>
    command(kubeconfig, version, "upgrade", ...words);
  function command(kubeconfig: string, version: string, ...words: string[]) {
    return declared(kubeconfig, { version }, ...words);
  }
  function declared(kubeconfig: string, metallb: object, ...words: string[]) {
    const kubernetes = { ...clusterInput.kubernetes, kubeconfig };
    const config = { ...clusterInput, kubernetes, metallb: { ...clusterInput.metallb, ...metallb } };
    writeFileSync(join(fixture.folder, "cluster.yaml"), stringify(config));
    return runProgram(fixture.folder, words, { CDKTF_OUTDIR: fixture.project.outdir });
  }

  const data = (input: string) => ({ input });
  const waits = {
    condition: '${self.input == "pools"}',
    error_message: "The cluster lacks address pools. Deploy the stack crds first.",
  };
  /** A project whose first stack can be planned and whose last one cannot, with objects of two versions in its state. */
  async function project() {
    const metallb = (resources: object, postcondition: object[]) => ({
      configuration: {
        resource: {
          terraform_data: Object.fromEntries(
            Object.entries(resources).map(([name, one]: [string, object]) => [
              name,
              { ...one, lifecycle: { postcondition } },
            ]),
          ),
        },
      },
    });
    const crds = { configuration: { resource: { terraform_data: { one: data("new"), two: data("new") } } } };
    const deployed = fixture.stacks({
      crds: { configuration: { resource: { terraform_data: { one: data("old"), gone: data("old") } } } },
      metallb: metallb({ speaker: data("0.9"), config: data("0.9") }, []),
    });
    const terraform = new Terraform(fixture.project.environment);
    for (const stack of deployed) {
      await terraform.run(stack, ["init"], 60);
      expect((await terraform.run(stack, ["apply", "-auto-approve"], 60)).code).toBe(0);
    }
    fixture.stacks({
      crds,
      metallb: { dependencies: ["crds"], ...metallb({ speaker: data("0.15"), webhook: data("0.15") }, [waits]) },
    });
  }

  it(`${fault(249)}: another bgpType of the same version is a change to make, with what it brings`, async () => {
    fixture.stacks({ crds: { configuration: {} } });
    const containers = [{ name: "speaker", env: [{ name: "METALLB_BGP_TYPE", value: "native" }] }];
    server = await ApiServer.start({
      "/apis/apps/v1/namespaces/metallb-system/deployments/controller": { json: controller("0.16.2") },
      "/apis/apps/v1/namespaces/metallb-system/daemonsets/speaker": {
        json: { spec: { template: { spec: { containers } } } },
      },
      "/api/v1/services": { json: { items: [] } },
    });
    const { status, stdout } = await declared(server.kubeconfig, { version: "0.16.2", bgpType: "frr-k8s" }, "upgrade");
    expect(stdout).toBe(`MetalLB 0.16.2 runs with bgpType native, 0.16.2 with bgpType frr-k8s is declared.

What another bgpType brings:
- bgpType native to frr-k8s: frr-k8s is deployed and waited for first; then a node's BGP sessions end when its speaker restarts, and frr-k8s opens them anew
- bgpType native to frr-k8s: BGP's metrics are frr-k8s' own, frrk8s_bgp_… in place of metallb_bgp_…, by HTTPS on port 9141 to who may read them
- bgpType native to frr-k8s: frr-k8s' webhook is on a node's own network: the API server has to reach port 19443/tcp of every node where it may run

How long an address is silent:
- each speaker restarts once, one node after the other: an address is silent while the speaker that announces it restarts, a second or less in the lab

What stays:
- Services keep their addresses
- the memberlist secret keeps its value

To make it: npx cdktf deploy '*'
`);
    expect(status).toBe(2);
    expect(await declared(server.kubeconfig, { version: "0.16.2" }, "upgrade")).toMatchObject({
      status: 0,
      stdout: "MetalLB 0.16.2 runs, as declared.\n",
    });
  });

  const services = () => {
    const older = service("web", "192.168.1.240", "shared");
    return [older, service("outside", "10.0.0.1")];
  };
  const key =
    "speakers of 0.9.6 and of 0.14.9 do not count each other as members while the pods are replaced, since they make their key of 16 bytes of the secret and of 32 bytes of the secret: for that time two nodes may announce the same address";

  it(`${fault(57)}: explains the move: stack by stack, planned where it can be, and what to know before`, async () => {
    await project();
    const { status, stdout, stderr } = await upgrade("0.9.6", "0.14.9", services().slice(0, 1));
    expect(stderr).toBe("");
    expect(stdout).toBe(`MetalLB 0.9.6 runs, 0.14.9 is declared.

Stack crds
  creates (1):
    terraform_data.two
  changes (1):
    terraform_data.one: input is old, declared new
  removes (1):
    terraform_data.gone

Stack metallb, which can be planned only when those before it are deployed; it
  creates (1):
    terraform_data.webhook
  brings to what is declared (1):
    terraform_data.speaker
  removes (1):
    terraform_data.config

What the versions between bring:
- 0.10.0: images come from quay.io/metallb, not from Docker Hub: nodes and mirrors have to reach it, or set metallb.imageRegistry (metallb#696)
- 0.11.0: a layer2 address may move to another node: the node is chosen by the address, not by the Service's name (metallb#976)
- 0.11.0: a Service with externalTrafficPolicy Cluster is announced from nodes without one of its pods, too (metallb#976)
- 0.11.0: logs have the level info: what was logged at level debug is not there any more (metallb#895)
- 0.12.0: a dual-stack Service gets an address of each family, where pools have both (metallb#1065)
- 0.12.0: Kubernetes has to be 1.20 or later: addresses are given by spec.clusterIPs of Services (metallb#1065)
- 0.13.2: the ConfigMap metallb-system/config is not read any more: custom resources take its place, which the stack address-pools makes of cluster.yaml (metallb#1237)
- 0.13.2: a webhook of the controller judges every change of a pool: the API server has to reach port 9443/tcp of the controller's pod (metallb#1245)
- 0.13.2: a Service with a loadBalancerClass is another program's: MetalLB gives it no address and announces none (metallb#1417)
- 0.13.9: a Service whose address is not right any more loses it; before it was left out and kept it (metallb#1778)
- 0.13.10: a Service that asks for an address by spec.loadBalancerIP and for a pool by annotation gets none if the pool does not hold the address (metallb#1920)
- 0.13.10: a node with the condition NetworkUnavailable announces nothing (metallb#1759)
- 0.13.10: layer2 is silent on interfaces that look virtual, such as docker0, cali…, veth…: the ConfigMap metallb-excludel2 names them (metallb#1767)
- 0.14.2: nodes with the label node.kubernetes.io/exclude-from-external-load-balancers announce nothing; kubeadm puts it on control-plane nodes: set metallb.ignoreExcludeLB: true where they are to announce (metallb#2073)
- 0.14.2: AddressPool objects, which 0.13 still reads, are not known any more: IPAddressPool takes their place, and cluster.yaml declares it (metallb#2252)
- 0.14.2: Kubernetes has to be 1.21 or later: Services' endpoints are read from EndpointSlices only (metallb#2254)
- 0.14.2: a pool that gives up an address in use is taken at once, and the Service loses the address; before it was refused, and logged (metallb#2097)
- ${key}

How long an address is silent:
- each speaker restarts once, one node after the other: an address is silent while the speaker that announces it restarts, a second or less in the lab

What stays:
- Services keep their addresses: the pools are in the cluster before the first pod of the new version starts
- the memberlist secret keeps its value

Services with annotations metallb.universe.tf/…, which are deprecated: metallb.io/… takes their place:
- default/web: metallb.universe.tf/allow-shared-ip

To make it: npx cdktf deploy '*'
`);
    expect(status).toBe(2);
  });

  it("names the Services that would lose an address; with --json all of it is one object", async () => {
    fixture.stacks({ crds: {} });
    const { status, stdout } = await upgrade("0.15.2", "0.15.3", services(), "--json");
    expect(JSON.parse(stdout)).toStrictEqual({
      cluster: "demo",
      from: "0.15.2",
      to: "0.15.3",
      status: "upgrade",
      how: "npx cdktf deploy '*'",
      stacks: [],
      warnings: [],
      silence: [
        "each speaker restarts once, one node after the other: an address is silent while the speaker that announces it restarts, a second or less in the lab",
      ],
      stays: ["Services keep their addresses", "the memberlist secret keeps its value"],
      olderAnnotations: [{ service: "default/web", annotations: ["metallb.universe.tf/allow-shared-ip"] }],
      losing: [{ service: "default/outside", address: "10.0.0.1", why: "no pool of cluster.yaml holds it" }],
    });
    expect(status).toBe(2);
  });

  const helmRelease = (version: string) => ({
    ...byChart("deployments", helmWorkload("controller")),
    ...byChart("daemonsets", helmWorkload("speaker")),
    "/apis/apps/v1/namespaces/lb/deployments/lb-metallb-controller": controller(version),
    "/api/v1/services": { items: services() },
  });

  it(`${fault(94)}: reports of a Helm release what the versions bring, with Helm's command, and plans nothing`, async () => {
    fixture.stacks({ broken: { configuration: { locals: { first: "${local.other}" } } } });
    server = await ApiServer.start(answersOf(helmRelease("0.14.9")));
    const { status, stdout } = await run(server.kubeconfig, "0.15.2", "--json");
    expect(JSON.parse(stdout)).toStrictEqual({
      cluster: "demo",
      from: "0.14.9",
      to: "0.15.2",
      status: "upgrade",
      how: "helm -n lb upgrade lb metallb/metallb --version 0.15.2 --reuse-values, for upstream's chart: MetalLB is the Helm release lb",
      stacks: [],
      warnings: [expect.stringMatching(/^0\.15\.0: /)],
      silence: [
        "each speaker restarts once, one node after the other: an address is silent while the speaker that announces it restarts, a second or less in the lab",
      ],
      stays: [],
      olderAnnotations: [{ service: "default/web", annotations: ["metallb.universe.tf/allow-shared-ip"] }],
      losing: [{ service: "default/outside", address: "10.0.0.1", why: "no pool of cluster.yaml holds it" }],
    });
    expect(status).toBe(2);
  });

  it(`${fault(94)}: of a Helm release is where adopt refuses, with the steps to these stacks`, async () => {
    fixture.stacks({ metallb: {} });
    server = await ApiServer.start(answersOf(helmRelease("0.15.2")));
    const { status, stdout, stderr } = await command(server.kubeconfig, "0.15.2", "adopt", "--plan");
    expect({ status, stdout }).toStrictEqual({ status: 1, stdout: "" });
    expect(stderr).toContain(
      "nothing was adopted: another MetalLB is in this cluster: Deployment lb/lb-metallb-controller (Helm release lb), DaemonSet lb/lb-metallb-speaker (Helm release lb). ",
    );
  });

  it(`${fault(122)}: names the Services of a Helm release that are not of the declared class`, async () => {
    fixture.stacks({ broken: { configuration: { locals: { first: "${local.other}" } } } });
    const workload = helmWorkload("controller");
    const [container] = workload.spec.template.spec.containers;
    const args = ["--lb-class=example.org/lb"];
    const classed = { ...workload, spec: { template: { spec: { containers: [{ ...container, args }] } } } };
    const web = service("web", "192.168.1.240");
    const items = [{ ...web, spec: { ...web.spec, loadBalancerClass: "example.org/lb" } }];
    const answers = {
      ...helmRelease("0.15.2"),
      ...byChart("deployments", classed),
      "/api/v1/services": { items },
    };
    server = await ApiServer.start(answersOf(answers));
    const { stdout } = await run(server.kubeconfig, "0.15.2", "--json");
    expect((JSON.parse(stdout) as { losing: unknown }).losing).toStrictEqual([
      {
        service: "default/web",
        address: "192.168.1.240",
        why: "it is a Service of the loadBalancerClass example.org/lb, declared are those without a loadBalancerClass: nobody would announce it",
      },
    ]);
  });

  it("has nothing to do where the declared version runs, and plans nothing", async () => {
    fixture.stacks({ broken: { configuration: { locals: { first: "${local.other}" } } } });
    const { status, stdout } = await upgrade("0.15.2", "0.15.2", []);
    expect({ status, stdout }).toStrictEqual({ status: 0, stdout: "MetalLB 0.15.2 runs, as declared.\n" });
  });

  it("a stack whose plan fails is an error, and the rest is told all the same", async () => {
    fixture.stacks({ broken: { configuration: { locals: { first: "${local.other}" } } } });
    const { status, stdout } = await upgrade("0.15.2", "0.15.3", []);
    expect(status).toBe(1);
    expect(stdout).toContain(
      'Stack broken could not be planned: Reference to undeclared local value: A local value with the name "other" has not been declared.\n',
    );
    expect(stdout).toContain("\nNot everything could be found out.\n");
  });

  it("warns of the way back to an older version of the same family", async () => {
    fixture.stacks({ crds: {} });
    const { stdout } = await upgrade("0.15.3", "0.15.2", []);
    expect(stdout).toContain(
      "- 0.15.2 is older than 0.15.3: upstream does not try this way, and what only 0.15.3 knows is lost\n",
    );
  });

  it.each([
    [
      "0.15.2",
      "0.9.6",
      'MetalLB 0.15.2 runs, cluster.yaml declares 0.9.6: 0.9.6 reads a ConfigMap and no custom resources, so there is no way down that keeps Services reachable. Stay with 0.15.2, or remove it first: docs/day-two.md, section "Back to MetalLB 0.9". Nothing was changed\n',
    ],
    [undefined, "0.15.2", "there is no MetalLB in the cluster to upgrade: npx cdktf deploy '*' installs it\n"],
  ])(`${fault(56)}: is refused from %s to %s`, async (running, declared, stderr) => {
    fixture.stacks({ crds: {} });
    expect(await upgrade(running, declared, [])).toStrictEqual({ status: 1, stdout: "", stderr });
  });

  it("is an error where the Kubernetes API does not answer", async () => {
    const kubeconfig = join(fixture.folder, "kubeconfig");
    writeKubeconfig(kubeconfig, "http://127.0.0.1:2");
    const { status, stdout, stderr } = await run(kubeconfig, "0.15.2");
    expect({ status, stdout }).toStrictEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("the Kubernetes API cannot be reached: ");
  });
});
