export const kubernetesPrograms = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
  "kubelet",
  "kubeadm",
  "kubectl",
] as const;

/** The linker's flags by which the programs know their version. `packages` are those that keep it. */
export function linkerFlags(version: string, packages: readonly string[] = ["k8s.io/component-base/version"]): string {
  const [major = "", minor = ""] = version.split(".");
  const variables = packages.flatMap((name) => [
    `-X ${name}.gitVersion=v${version}`,
    `-X ${name}.gitMajor=${major}`,
    `-X ${name}.gitMinor=${minor}`,
  ]);
  return ["-s -w", ...variables].join(" ");
}
