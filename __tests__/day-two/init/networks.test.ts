import { writtenNetworks } from "../../../day-two/init/networks";
import { paths } from "../verify/healthy-cluster";
import { apiService, contentOf, init, kubeadm, kubeadmPath } from "./clusters";

const source = "somewhere";
const none = { pods: [], services: [], apiService: [], ofNodes: [] };

describe("the networks of a cluster", () => {
  test("the first source that has one counts, without spaces and bits behind a prefix", () => {
    const { value } = writtenNetworks({
      ...none,
      pods: [
        { text: undefined, source },
        { text: "no network", source },
        { text: "10.244.7.0/16, fd00::1/56", source },
        { text: "10.1.0.0/16", source },
      ],
      services: [{ text: "10.96.0.0/12", source }],
      apiService: ["10.96.0.1"],
    });
    expect(value).toStrictEqual({ podCIDR: "10.244.0.0/16,fd00::/56", serviceCIDR: "10.96.0.0/12" });
  });

  test("a service network in which the API service is not the first address is an older one", () => {
    const services = ["10.96.0.0/12", "10.100.0.0/16"].map((text) => ({ text, source }));
    expect(writtenNetworks({ ...none, services, apiService: ["10.100.0.1"] }).value.serviceCIDR).toBe("10.100.0.0/16");
  });

  test.each([
    [["10.42.0.0/24", "10.42.7.0/24"], ["10.43.0.1"], "10.42.0.0/16", "10.43.0.0/16"],
    [["10.42.0.0/24", "10.43.0.0/24"], ["10.96.0.1"], "10.42.0.0/15", "10.96.0.0/12"],
    [
      ["10.1.0.0/24", "fd00:1::/64"],
      ["10.100.3.1", "fd00:2::1"],
      "10.1.0.0/16,fd00:1::/56",
      "10.100.0.0/16,fd00:2::/112",
    ],
    [[], [], undefined, undefined],
  ])("nodes with %j and the API service %j: guessed as %s and %s", (ofNodes, apiService, podCIDR, serviceCIDR) => {
    const { value, notes } = writtenNetworks({ ...none, ofNodes, apiService });
    expect([value.podCIDR, value.serviceCIDR]).toStrictEqual([podCIDR, serviceCIDR]);
    expect(notes.map(({ quiet }) => quiet)).toStrictEqual([undefined, undefined]);
  });

  test("where kubeadm left no ConfigMap the control plane's own arguments tell", async () => {
    const pod = (component: string, ...command: string[]) => ({
      metadata: { labels: { component, tier: "control-plane" } },
      spec: { containers: [{ command: [component, ...command] }] },
    });
    const file = await init({
      ...kubeadm(),
      [kubeadmPath]: undefined,
      [paths.services]: { items: [apiService("10.32.0.1")] },
      "/api/v1/namespaces/kube-system/pods": {
        items: [
          pod("kube-apiserver", "--service-cluster-ip-range=10.32.0.0/24"),
          pod("kube-controller-manager", "--cluster-cidr=10.200.0.0/16"),
        ],
      },
    });
    expect(contentOf(file).kubernetes).toMatchObject({ podCIDR: "10.200.0.0/16", serviceCIDR: "10.32.0.0/24" });
    expect(file.text).toContain("  # As kube-apiserver's --service-cluster-ip-range has it.\n");
  });

  test("from Kubernetes 1.33 on a ServiceCIDR tells", async () => {
    const file = await init({
      ...kubeadm(),
      "/apis/networking.k8s.io/v1/servicecidrs/kubernetes": { spec: { cidrs: ["10.96.0.0/16"] } },
    });
    expect(contentOf(file).kubernetes.serviceCIDR).toBe("10.96.0.0/16");
  });
});
