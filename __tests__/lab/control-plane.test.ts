import { kubeadmConfig } from "../../lab/cluster/certificates";
import { apiServerFlags, controllerManagerFlags } from "../../lab/cluster/control-plane";
import { openLab } from "../../lab/lab-settings";
import { planNode } from "../../lab/network-plan";

const lab = openLab({}, { LAB_DIR: "/somewhere" });

test("kubeadm is told the version and the networks, so that it asks nobody", () => {
  const [init, cluster] = kubeadmConfig(lab, planNode(2))
    .split("\n---\n")
    .map((text) => JSON.parse(text) as unknown);
  expect(init).toStrictEqual({
    apiVersion: "kubeadm.k8s.io/v1beta4",
    kind: "InitConfiguration",
    localAPIEndpoint: { advertiseAddress: "10.89.0.1", bindPort: 6443 },
    nodeRegistration: { name: "node2", criSocket: "unix:///run/containerd/containerd.sock" },
  });
  expect(cluster).toStrictEqual({
    apiVersion: "kubeadm.k8s.io/v1beta4",
    kind: "ClusterConfiguration",
    clusterName: "lab",
    kubernetesVersion: "v1.35.4",
    controlPlaneEndpoint: "10.89.0.1:6443",
    certificatesDir: "/somewhere/run/pki",
    encryptionAlgorithm: "ECDSA-P256",
    networking: { serviceSubnet: "10.96.0.0/12", podSubnet: "10.244.0.0/16" },
  });
});

test("kubeadm of 1.20 reads v1beta2, which cannot say what kind of keys to make", () => {
  const old = openLab({ kubernetes: "1.20.2" }, { LAB_DIR: "/somewhere" });
  const [init, cluster] = kubeadmConfig(old, planNode(1))
    .split("\n---\n")
    .map((text) => JSON.parse(text) as unknown);
  expect(init).toStrictEqual({
    apiVersion: "kubeadm.k8s.io/v1beta2",
    kind: "InitConfiguration",
    localAPIEndpoint: { advertiseAddress: "10.89.0.1", bindPort: 6443 },
    nodeRegistration: { name: "node1", criSocket: "unix:///run/containerd/containerd.sock" },
  });
  expect(cluster).toStrictEqual({
    apiVersion: "kubeadm.k8s.io/v1beta2",
    kind: "ClusterConfiguration",
    clusterName: "lab",
    kubernetesVersion: "v1.20.2",
    controlPlaneEndpoint: "10.89.0.1:6443",
    certificatesDir: "/somewhere/run/pki",
    networking: { serviceSubnet: "10.96.0.0/12", podSubnet: "10.244.0.0/16" },
  });
});

test("every flag of the control plane has a value, and files are those of the run", () => {
  const flags = [
    ...apiServerFlags("/somewhere/run/pki", ["IPv4", "IPv6"]),
    ...controllerManagerFlags("/somewhere/run/pki", "/somewhere/run/controller-manager.conf"),
  ];
  expect(flags.filter((flag) => !/^--[a-z-]+=\S+$/.test(flag))).toStrictEqual([]);
  expect(flags.filter((flag) => /^--(advertise-address|service-cluster-ip-range)=/.test(flag))).toStrictEqual([
    "--advertise-address=10.89.0.1",
    "--service-cluster-ip-range=10.96.0.0/12,fd00:96::/112",
  ]);
  const files = flags.filter((flag) => flag.includes("-file=")).map((flag) => flag.split("=")[1] ?? "");
  expect(files).toHaveLength(12);
  expect(files.filter((file) => !file.startsWith("/somewhere/run/pki/"))).toStrictEqual([]);
});
