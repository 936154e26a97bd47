import { fault } from "../../../faults";
import { ControlPlaneNode } from "../../shared/scripts/control-plane-node";
import { shells } from "../../shared/scripts/node-under-test";

const kubeconfig = { KUBECONFIG_FILE: "/etc/kubernetes/admin.conf" };
const loaded = 'echo \'{"event":"configStale"}\'; echo \'{"event":"configLoaded"}\'';

describe.each(shells)("the rollouts under $name", (shell) => {
  let node: ControlPlaneNode;
  const rollOutKubeProxy = () => node.run("kube-proxy/await-rollout", { ...kubeconfig, WAIT_SECONDS: 180 });
  const rollOutMetallb = () =>
    node.run("metallb/prove-config-map", { ...kubeconfig, WAIT_SECONDS: 300, SETTLE_SECONDS: 5 });

  beforeEach(() => {
    node = new ControlPlaneNode(shell);
  });
  afterEach(() => node.dispose());

  test("kube-proxy: waits for the DaemonSet, bounded", () => {
    const { status, calls } = rollOutKubeProxy();
    expect(status).toBe(0);
    expect(calls.filter((call) => call.includes("kubectl"))).toEqual([
      `KUBECONFIG=${node.root}/etc/kubernetes/admin.conf kubectl -n kube-system rollout status daemonset/kube-proxy --timeout=180s`,
    ]);
  });

  test(`${fault(29)}: kube-proxy that does not get ready fails with each pod's reason, last lines and the way back`, () => {
    node
      .answer("rollout status", "exit 1")
      .answer("-o wide", "echo the pods")
      .answer("-o jsonpath", 'printf "kube-proxy-a true  \\nkube-proxy-b false CrashLoopBackOff back-off 40s\\n"')
      .answer("logs --tail=20 kube-proxy-b", "echo cannot load ip_vs");
    const { status, stderr } = rollOutKubeProxy();
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        "the pods\npod kube-proxy-b is not ready: CrashLoopBackOff back-off 40s\n  kube-proxy-b: cannot load ip_vs\n" +
        "baremetal-lb: node1: kube-proxy did not get ready within 180 s. To go back to the settings before: cdktf destroy kube-proxy\n",
    });
  });

  test("MetalLB: passes when every pod's last word on its configuration is that it was loaded", () => {
    node.answer("get pods", "echo controller-a speaker-b").answer("logs", loaded);
    const { status, stdout, stderr } = rollOutMetallb();
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: "baremetal-lb: node1: MetalLB's controller and speakers run, and have taken the configuration\n",
      stderr: "",
    });
  });

  test(`${fault(34)}: MetalLB that does not get ready fails with pod and reason`, () => {
    node
      .answer("daemonset/speaker", "exit 1")
      .answer("-o wide", "echo the pods")
      .answer("-o jsonpath", 'printf "speaker-b false ImagePullBackOff no such image\\n"');
    const { status, stderr } = rollOutMetallb();
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        "the pods\npod speaker-b is not ready: ImagePullBackOff no such image\n" +
        "baremetal-lb: node1: MetalLB did not get ready within 300 s: mend the cause named above, then deploy metallb again\n",
    });
  });

  test("a configuration that a pod refused fails with what the pod said", () => {
    node
      .answer("get pods", "echo controller-a speaker-b")
      .answer("logs controller-a", loaded)
      .answer("logs speaker-b", 'echo \'{"event":"configStale","error":"no such pool"}\'');
    const { status, stderr } = rollOutMetallb();
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        '  speaker-b: {"event":"configStale","error":"no such pool"}\n' +
        "baremetal-lb: node1: pod speaker-b did not take the configuration in ConfigMap metallb-system/config, it says why above: the addresses stay as they were\n",
    });
  });

  describe("MetalLB 0.13 and later", () => {
    const line = (rest: string) => `echo '{"caller":"a.go:1","controller":"PoolReconciler",${rest},"ts":"2026-01-01"}'`;
    const reloaded = line('"event":"config reloaded","level":"info"');
    const refused = line('"error":"CIDR overlaps","level":"error"');
    const settings = { ...kubeconfig, WAIT_SECONDS: 4, SETTLE_SECONDS: 5 };
    const rollOut = () => node.run("metallb/prove-custom-resources", settings);
    const prove = () => node.run("metallb/prove-address-pools", settings);
    const pods = () => node.answer("get pods", "echo controller-a speaker-b");

    test("passes when every pod took the pools after it refused them, and the webhook accepts a pool", () => {
      pods().answer("logs", `${refused}; ${reloaded}; ${line('"start reconcile":"/x","level":"info"')}`);
      const { status, stdout, stderr, calls } = rollOut();
      expect({ status, stdout, stderr }).toEqual({
        status: 0,
        stdout:
          "baremetal-lb: node1: MetalLB's controller and speakers run and have taken the address pools, its webhook answers\n",
        stderr: "",
      });
      expect(calls.filter((call) => call.includes("create"))).toEqual([
        `KUBECONFIG=${node.root}/etc/kubernetes/admin.conf kubectl create --dry-run=server -f -`,
      ]);
    });

    test("a report that the API server did not take says nothing of the pools", () => {
      const unreported = line(
        '"error":"\\"controller\\" not found","level":"error","message":"failed to report condition"',
      );
      pods().answer("logs", `${reloaded}; ${unreported}`);
      expect(rollOut()).toMatchObject({ status: 0, stderr: "" });
    });

    test("a webhook that has something against the pools that are there answers, too", () => {
      pods()
        .answer("logs", reloaded)
        .answer("create", 'echo "admission webhook x denied the request: overlaps" >&2; exit 1');
      expect(rollOut()).toMatchObject({ status: 0, stderr: "" });
    });

    test(`${fault(34)}: a webhook that does not answer fails, bounded, with what Kubernetes says`, () => {
      pods()
        .answer("logs", reloaded)
        .answer("create", 'echo "failed calling webhook x: connection refused" >&2; exit 1');
      const { status, stderr } = rollOut();
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr:
          "  failed calling webhook x: connection refused\n" +
          "baremetal-lb: node1: MetalLB's webhook does not answer after 4 s: mend the cause named above, then deploy metallb again\n",
      });
    });

    test("pools that a pod refused fail with what the pod said", () => {
      pods().answer("logs controller-a", reloaded).answer("logs speaker-b", `${reloaded}; ${refused}`);
      const { status, stderr } = rollOut();
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr:
          '  speaker-b: {"caller":"a.go:1","controller":"PoolReconciler","error":"CIDR overlaps","level":"error","ts":"2026-01-01"}\n' +
          "baremetal-lb: node1: pod speaker-b did not take the address pools, it says why above: the addresses stay as they were\n",
      });
    });

    test("a new pod that says nothing of the pools has not taken them; an old one need not say it again", () => {
      pods().answer("logs", "echo '{}'").answer("get deployment", "echo quay.io/metallb/controller:v0.15.2");
      expect(rollOut()).toMatchObject({
        status: 1,
        stderr:
          "  controller-a: \nbaremetal-lb: node1: pod controller-a did not take the address pools, it says why above: the addresses stay as they were\n",
      });
      expect(prove()).toMatchObject({
        status: 0,
        stdout: "baremetal-lb: node1: MetalLB's controller and speakers have taken the address pools\n",
      });
    });

    test.each([
      ["no MetalLB", "true"],
      ["MetalLB 0.9", "echo docker.io/metallb/controller:v0.9.6"],
    ])("pools beside %s are proven later, when the stack metallb is deployed", (_, answer) => {
      node.answer("get deployment", answer);
      const { status, stdout, calls } = prove();
      expect({ status, stdout }).toEqual({
        status: 0,
        stdout:
          "baremetal-lb: node1: the address pools are written; MetalLB takes them when the stack metallb is deployed\n",
      });
      expect(calls.filter((call) => / logs | rollout /.test(call))).toEqual([]);
    });
  });
});
