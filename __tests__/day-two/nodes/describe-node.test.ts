import { parseNodeDescription } from "../../../day-two/nodes/node-description";
import { lookText } from "../../../day-two/nodes/probe";
import { fault } from "../../faults";
import { NodeUnderTest, shells } from "../../stacks/shared/scripts/node-under-test";

const kubeconfig = (name: string, server: string) => `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: QUJD
    server: ${server}
  name: ${name}
contexts:
- context:
    cluster: ${name}
    user: admin
  name: admin@${name}
current-context: admin@${name}
kind: Config
users:
- name: admin
  user:
    client-key-data: c2VjcmV0
`;

const staticPod = (program: string, ...words: string[]) => `apiVersion: v1
kind: Pod
spec:
  containers:
  - command:
    - ${program}
${words.map((word) => `    - ${word}\n`).join("")}    image: registry.k8s.io/${program}:v1.35.4
    name: ${program}
`;

const configz = '{"kubeproxy.config.k8s.io":{"Mode":"ipvs","ClusterCIDR":"10.244.0.0/16","IPVS":{"StrictARP":true}}}';

describe.each(shells)("describe-node under $name", (shell) => {
  let node: NodeUnderTest;
  beforeEach(() => {
    node = new NodeUnderTest(shell)
      .write("/proc/sys/kernel/hostname", "Node1.example.org\n")
      .write("/proc/1/comm", "systemd\n");
  });
  afterEach(() => node.dispose());

  const describeNode = () => {
    const { status, stdout, stderr } = node.runCommandLine(lookText("describe-node"), {});
    expect({ status, stderr }).toStrictEqual({ status: 0, stderr: "" });
    return stdout;
  };

  const controlPlane = () =>
    node
      .command("kubelet", `[ "$*" != --version ] || echo "Kubernetes v1.35.4"`)
      .command("kubectl")
      .write("/etc/kubernetes/admin.conf", kubeconfig("search", "https://192.168.1.10:6443"))
      .write("/etc/kubernetes/kubelet.conf", kubeconfig("search", "https://192.168.1.100:6443"))
      .write(
        "/etc/kubernetes/manifests/kube-apiserver.yaml",
        staticPod("kube-apiserver", "--service-cluster-ip-range=10.96.0.0/12"),
      )
      .write(
        "/etc/kubernetes/manifests/kube-controller-manager.yaml",
        staticPod("kube-controller-manager", "--cluster-cidr=10.244.0.0/16"),
      );

  const proxy = () =>
    node
      .write("/proc/9/comm", "kube-proxy\n")
      .write("/configz", configz)
      .command("curl", `case $* in *:10249/proxyMode*:10249/configz) printf ipvs; cat "$root/configz" ;; esac`);

  test(`${fault(270)}: a node of kubeadm's control plane tells what kubectl and the control plane's pods say`, () => {
    controlPlane();
    proxy();
    node.write("/proc/8/comm", "speaker\n");
    const found = describeNode();
    expect(parseNodeDescription(found)).toStrictEqual({
      name: "node1.example.org",
      isControlPlane: true,
      kubelet: { version: "v1.35.4", server: "https://192.168.1.100:6443" },
      kubeconfig: {
        file: "/etc/kubernetes/admin.conf",
        context: "admin@search",
        server: "https://192.168.1.10:6443",
        cluster: "search",
      },
      kubectl: expect.stringMatching(/\/usr\/bin\/kubectl$/) as string,
      apiServer: { version: "v1.35.4", "service-cluster-ip-range": "10.96.0.0/12" },
      controllerManager: { "cluster-cidr": "10.244.0.0/16" },
      proxy: {
        runs: true,
        mode: "ipvs",
        settings: { mode: "ipvs", clustercidr: "10.244.0.0/16", ipvs: { strictarp: true } },
      },
      hasSpeaker: true,
    });
    expect(found).not.toMatch(/c2VjcmV0|QUJD/);
  });

  test("a worker has its name from kubelet's argument", () => {
    node
      .command("kubelet", `echo "Kubernetes v1.34.1"`)
      .write("/proc/7/comm", "kubelet\n")
      .write("/proc/7/cmdline", ["/usr/bin/kubelet", "--hostname-override=worker-1", "--v=2", ""].join("\0"));
    expect(parseNodeDescription(describeNode())).toStrictEqual({
      name: "worker-1",
      isControlPlane: false,
      kubelet: { version: "v1.34.1" },
      apiServer: {},
      controllerManager: {},
      proxy: { runs: false },
      hasSpeaker: false,
    });
  });

  test(`${fault(263)}: values in quotes, and an argument whose value is the next word, as templates write them`, () => {
    const inQuotes = (text: string) => text.replace(/(server|name|current-context): (.*)/g, '$1: "$2"');
    controlPlane()
      .write("/etc/kubernetes/admin.conf", inQuotes(kubeconfig("search", "https://192.168.1.10:6443")))
      .write("/etc/kubernetes/kubelet.conf", inQuotes(kubeconfig("search", "https://192.168.1.100:6443")))
      .write(
        "/etc/kubernetes/manifests/kube-apiserver.yaml",
        staticPod("kube-apiserver", '"--service-cluster-ip-range=10.96.0.0/12,fd00::/112"'),
      )
      .write(
        "/etc/kubernetes/manifests/kube-controller-manager.yaml",
        staticPod("kube-controller-manager", "'--cluster-cidr=10.244.0.0/16'"),
      )
      .write("/proc/7/comm", "kubelet\n")
      .write(
        "/proc/7/cmdline",
        ["/usr/bin/kubelet", "--v=2", "--hostname-override", "master-1", "--v=2", ""].join("\0"),
      );
    expect(parseNodeDescription(describeNode())).toMatchObject({
      name: "master-1",
      kubelet: { server: "https://192.168.1.100:6443" },
      kubeconfig: { context: "admin@search", server: "https://192.168.1.10:6443", cluster: "search" },
      apiServer: { "service-cluster-ip-range": "10.96.0.0/12,fd00::/112" },
      controllerManager: { "cluster-cidr": "10.244.0.0/16" },
    });
  });

  test("k3s is kubelet and kubectl in one", () => {
    node
      .command("k3s", `echo "k3s version v1.31.4+k3s1 (a562d090)"; echo "go version go1.22.9"`)
      .write("/etc/rancher/k3s/k3s.yaml", kubeconfig("default", "https://127.0.0.1:6443"));
    const { kubelet, kubectl, kubeconfig: found, isControlPlane } = parseNodeDescription(describeNode());
    expect({ kubelet, isControlPlane }).toStrictEqual({ kubelet: { version: "v1.31.4+k3s1" }, isControlPlane: true });
    expect(kubectl).toMatch(/\/usr\/bin\/k3s kubectl$/);
    expect(found).toStrictEqual({
      file: "/etc/rancher/k3s/k3s.yaml",
      context: "admin@default",
      server: "https://127.0.0.1:6443",
      cluster: "default",
    });
  });

  test("a host without any of it tells its name, and that kube-proxy does not say its mode", () => {
    node.write("/proc/9/comm", "kube-proxy\n").command("curl", "exit 7");
    expect(describeNode()).toBe("node name node1.example.org\nproxy runs yes\n");
  });

  test("writes nothing, and runs nothing that changes a node", () => {
    controlPlane();
    proxy().write("/calls", "");
    const before = node.files("/").map((path) => [path, path === "/calls" ? 0 : node.stat(path)]);
    const { calls } = node.runCommandLine(lookText("describe-node"), {});
    expect(node.files("/").map((path) => [path, path === "/calls" ? 0 : node.stat(path)])).toEqual(before);
    expect(calls.filter((call) => !call.startsWith("curl "))).toEqual(["kubelet --version"]);
  });
});
