/** What the lab has to know of a version of Kubernetes to build it and to start it. */
export interface KubernetesRelease {
  /** What its programs are built from: the published Go modules, or Debian's source package. */
  readonly source: "goModules" | "debianSource";
  /** The version of the configuration that its kubeadm reads. */
  readonly kubeadmApi: "v1beta2" | "v1beta3" | "v1beta4";
  /**
   * Whether kubeadm makes super-admin.conf, whose user binds the group of admin.conf: from 1.29 on. Before, admin.conf is
   * of the group system:masters itself.
   */
  readonly superAdmin: boolean;
  /** Where kubeadm has kube-proxy's image from. */
  readonly imageRegistry: string;
  /** The process that holds a pod's namespaces, as kubeadm of this version has it. */
  readonly pauseImage: string;
  /** kubelet's flags, beside those that every version has. */
  readonly kubeletFlags: readonly string[];
}

const ofToday: KubernetesRelease = {
  source: "goModules",
  kubeadmApi: "v1beta4",
  superAdmin: true,
  imageRegistry: "registry.k8s.io",
  pauseImage: "registry.k8s.io/pause:3.10",
  kubeletFlags: [],
};

/** The first minor version whose kubeadm reads v1beta4. */
const firstWithV1beta4 = 31;

/** The first minor version of which a cluster was built from Go modules. Older kubelets have more flags, up to 1.26. */
export const firstOfModules = 28;

const withV1beta3 = (minor: number): KubernetesRelease => ({
  ...ofToday,
  kubeadmApi: "v1beta3",
  superAdmin: minor >= 29,
  pauseImage: "registry.k8s.io/pause:3.9",
});

/** The one version that is older, and so near to 1.18 as can be had: its go.mod cannot be built from, Debian's package can. */
export const oldestKubernetes = "1.20.2";

const oldest: KubernetesRelease = {
  source: "debianSource",
  kubeadmApi: "v1beta2",
  superAdmin: false,
  imageRegistry: "k8s.gcr.io",
  pauseImage: "k8s.gcr.io/pause:3.2",
  // Where Docker was the default, and kubelet itself called CNI for it.
  kubeletFlags: [
    "--container-runtime=remote",
    "--container-runtime-endpoint=unix:///run/containerd/containerd.sock",
    "--network-plugin=cni",
  ],
};

/** What is known of a version such as "1.35.4"; undefined for one that the lab cannot run. */
export function kubernetesRelease(version: string): KubernetesRelease | undefined {
  if (version === oldestKubernetes) return oldest;
  const minor = Number(/^1\.(\d+)\.\d+$/.exec(version)?.[1] ?? 0);
  if (minor >= firstWithV1beta4) return ofToday;
  return minor >= firstOfModules ? withV1beta3(minor) : undefined;
}

/** What is known of a version that the lab runs. */
export function requireKubernetesRelease(version: string): KubernetesRelease {
  const release = kubernetesRelease(version);
  if (release === undefined) throw new Error(`Kubernetes ${version} was not refused before`);
  return release;
}
