import { clusterOfNodes, type DescribedNode } from "../../../day-two/init/cluster-of-nodes";
import { compose, type InitialFile } from "../../../day-two/init/init";
import { checked, contentOf } from "./clusters";

const master: DescribedNode = {
  name: "node1",
  address: "192.168.1.11",
  isControlPlane: true,
  kubelet: { version: "v1.33.1", server: "https://192.168.1.100:6443" },
  apiServer: { version: "v1.33.5", "service-cluster-ip-range": "10.96.0.0/12" },
  controllerManager: { "cluster-cidr": "10.244.0.0/16" },
  proxy: { runs: true, mode: "iptables" },
  hasSpeaker: false,
};
const worker: DescribedNode = {
  name: "node2",
  address: "192.168.1.12",
  isControlPlane: false,
  kubelet: { version: "v1.32.9" },
  apiServer: {},
  controllerManager: {},
  proxy: { runs: true, mode: "iptables" },
  hasSpeaker: false,
};

function fileOf(...nodes: DescribedNode[]): Promise<InitialFile> {
  const { live, metallb, notes } = clusterOfNodes(nodes, "node1 has no kubectl");
  const options = {
    context: { path: "~/.kube/c.conf", context: "admin", clusterName: "c", server: "https://192.168.1.100:6443" },
    ssh: { value: { user: "root", agent: true }, notes: [] },
    hostKeys: new Map([["192.168.1.11", `ecdsa-sha2-nistp256 ${"A".repeat(139)}=`]]),
    notes,
  };
  return compose({ live, metallb }, options, () => Promise.resolve([]));
}

describe("a cluster by what its nodes say", () => {
  test("has their versions, networks and addresses, and a pool beside them", async () => {
    const file = await fileOf(worker, master);
    expect(checked(file).problems).toStrictEqual([]);
    expect(contentOf(file)).toMatchObject({
      kubernetes: { version: "1.33.5", podCIDR: "10.244.0.0/16", serviceCIDR: "10.96.0.0/12" },
      nodes: [
        { name: "node1", address: "192.168.1.11", role: "control-plane" },
        { name: "node2", address: "192.168.1.12", role: "worker" },
      ],
      reservedAddresses: ["192.168.1.100"],
      kubeProxy: { mode: "iptables" },
      metallb: { version: "0.16.2", pools: [{ name: "default" }] },
    });
    expect(file.text).toContain("  # As kube-apiserver's --service-cluster-ip-range has it.\n  serviceCIDR: ");
    expect(file.found).toStrictEqual(["Kubernetes 1.33.5, 2 nodes", "no MetalLB"]);
  });

  test("has the newest kubelet's version, and says what nothing tells, where no node is of the control plane", async () => {
    const file = await fileOf(worker, {
      ...worker,
      name: "node3",
      address: "192.168.1.13",
      kubelet: { version: "v1.33.2" },
    });
    expect(file.text).toContain('version: "1.33.2"');
    const words = file.notes.map((note) => note.slice(0, 50));
    expect(words).toStrictEqual([
      "kubernetes: Nothing tells the pods' network: write",
      "kubernetes: Nothing tells the Services' network: w",
      "nodes: 192.168.1.11 is an address of none of these",
      "nodes: No node has the label of a control-plane no",
      "metallb: No speaker of MetalLB runs on node2, node",
      "metallb: PROPOSED, look at it: 192.168.1.240-192.1",
      "kubernetes: The Kubernetes API was not asked, sinc",
    ]);
  });

  test("takes IPVS mode's settings as they are in force", async () => {
    const ipvs = {
      strictarp: true,
      scheduler: "wrr",
      excludecidrs: ["10.0.0.0/30"],
      tcptimeout: "15m0s",
      udptimeout: "0s",
    };
    const settings = { clustercidr: "10.32.0.0/16", ipvs };
    const proxy = { runs: true, mode: "ipvs", settings };
    const { kubeProxy, kubernetes } = contentOf(await fileOf({ ...master, controllerManager: {}, proxy }, worker));
    expect(kubeProxy).toMatchObject({
      mode: "ipvs",
      strictARP: true,
      scheduler: "wrr",
      excludeCIDRs: ["10.0.0.0/30"],
      tcpTimeout: "15m0s",
    });
    expect(kubernetes.podCIDR).toBe("10.32.0.0/16");
  });

  test("says where kube-proxy does not tell its mode, or is not the same everywhere", async () => {
    const other = await fileOf({ ...master, proxy: { runs: true, mode: "ipvs" } }, worker);
    expect(other.notes).toContain(
      "kubeProxy: kube-proxy's mode is not the same everywhere: ipvs on node1, iptables on node2.",
    );
    const silent = await fileOf({ ...master, proxy: { runs: true } }, worker);
    expect(silent.notes).toContain(
      "kubeProxy: kube-proxy on node1 tells its mode neither at port 10249 nor in its log: look at it.",
    );
    expect(contentOf(silent).kubeProxy).toMatchObject({ mode: "iptables" });
  });

  test.each([
    ["of RKE2", { ...master, kubelet: { version: "v1.33.5+rke2r1" } }, "this is RKE2, which gives"],
    ["none", { ...master, proxy: { runs: false } }, "this cluster's kube-proxy was not set up by kubeadm"],
  ])("does not manage a kube-proxy %s", async (_name, node, why) => {
    const file = await fileOf(node);
    expect(contentOf(file).kubeProxy).toStrictEqual({ mode: "unmanaged" });
    expect(file.notes.join("\n")).toContain(`kubeProxy: unmanaged: ${why}`);
  });

  test("proposes no pool where a MetalLB runs that nobody tells of, and check then asks for it", async () => {
    const file = await fileOf({ ...master, hasSpeaker: true }, worker);
    expect(file.found).toStrictEqual(["Kubernetes 1.33.5, 2 nodes", "a MetalLB that is not known"]);
    expect(file.notes).toContain(
      "metallb: A speaker of MetalLB runs on node1, and no node tells its version and its pools: write them as they are, or run init with a kubeconfig. The version below is the newest that was proven in the lab.",
    );
    expect(checked(file).problems.join("\n")).toMatch(/metallb\.pools: /);
  });

  test("ends where a version is none of Kubernetes", () => {
    expect(() => clusterOfNodes([{ ...worker, kubelet: { version: "v1.x" } }], "x")).toThrow(
      "node2 has kubelet v1.x; expected a version such as v1.35.4",
    );
  });
});
