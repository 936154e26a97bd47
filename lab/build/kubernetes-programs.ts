export const kubernetesPrograms = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
  "kubelet",
  "kubeadm",
  "kubectl",
] as const;

/** The linker's flags by which the programs know their version. `variables` is the package that keeps it. */
export function linkerFlags(version: string, variables = "k8s.io/component-base/version"): string {
  const [major = "", minor = ""] = version.split(".");
  return `-s -w -X ${variables}.gitVersion=v${version} -X ${variables}.gitMajor=${major} -X ${variables}.gitMinor=${minor}`;
}
