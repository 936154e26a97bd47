import { fault } from "../faults";
import { ControlPlaneNode } from "./control-plane-node";
import { shells } from "./node-under-test";

const kubeconfig = { KUBECONFIG_FILE: "/etc/kubernetes/admin.conf" };
const loaded = 'echo \'{"event":"configStale"}\'; echo \'{"event":"configLoaded"}\'';

describe.each(shells)("the rollouts under $name", (shell) => {
  let node: ControlPlaneNode;
  const rollOutKubeProxy = () => node.run("roll-out-kube-proxy", { ...kubeconfig, WAIT_SECONDS: 180 });
  const rollOutMetallb = () => node.run("roll-out-metallb", { ...kubeconfig, WAIT_SECONDS: 300, SETTLE_SECONDS: 5 });

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
});
