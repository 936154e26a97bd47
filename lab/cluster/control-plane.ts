import { join } from "node:path";
import { run, runChecked } from "../command";
import { checkDaemon, startDaemon } from "../daemon";
import { requireKubernetesRelease } from "../kubernetes-release";
import type { Lab } from "../lab-settings";
import { inNamespace } from "../namespaces";
import { clusterNamespace, familyPlans, type IpFamilies, ofFamilies } from "../network-plan";
import { runFiles } from "../run-files";
import { waitFor } from "../wait";

/** kube-apiserver's flags, as kubeadm would set them. */
export function apiServerFlags(certificates: string, families: IpFamilies): string[] {
  const at = (name: string) => join(certificates, name);
  return [
    `--advertise-address=${familyPlans[families[0]].controlPlane}`,
    "--secure-port=6443",
    "--etcd-servers=http://127.0.0.1:2379",
    `--service-cluster-ip-range=${ofFamilies(families, "serviceNetwork")}`,
    `--client-ca-file=${at("ca.crt")}`,
    `--tls-cert-file=${at("apiserver.crt")}`,
    `--tls-private-key-file=${at("apiserver.key")}`,
    `--kubelet-client-certificate=${at("apiserver-kubelet-client.crt")}`,
    `--kubelet-client-key=${at("apiserver-kubelet-client.key")}`,
    "--kubelet-preferred-address-types=InternalIP",
    `--service-account-key-file=${at("sa.pub")}`,
    `--service-account-signing-key-file=${at("sa.key")}`,
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--allow-privileged=true",
    `--requestheader-client-ca-file=${at("front-proxy-ca.crt")}`,
    "--requestheader-allowed-names=front-proxy-client",
    "--requestheader-extra-headers-prefix=X-Remote-Extra-",
    "--requestheader-group-headers=X-Remote-Group",
    "--requestheader-username-headers=X-Remote-User",
    `--proxy-client-cert-file=${at("front-proxy-client.crt")}`,
    `--proxy-client-key-file=${at("front-proxy-client.key")}`,
    "--enable-aggregator-routing=true",
  ];
}

export function controllerManagerFlags(certificates: string, kubeconfig: string): string[] {
  const at = (name: string) => join(certificates, name);
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    `--service-account-private-key-file=${at("sa.key")}`,
    `--root-ca-file=${at("ca.crt")}`,
    `--cluster-signing-cert-file=${at("ca.crt")}`,
    `--cluster-signing-key-file=${at("ca.key")}`,
    "--use-service-account-credentials=true",
    "--leader-elect=false",
  ];
}

/** Starts etcd and the API server, which take their time while the nodes boot. */
export function startApiServer(lab: Lab, binaries: string, etcd: string): void {
  const files = runFiles(lab);
  startDaemon(lab, "etcd", [etcd, "--data-dir", files.etcdData]);
  startDaemon(lab, "kube-apiserver", [
    join(binaries, "kube-apiserver"),
    ...apiServerFlags(files.certificates, lab.ipFamilies),
  ]);
}

/** Waits for the API server, then starts the rest of the control plane and what `kubeadm init` would leave behind. */
export async function completeControlPlane(lab: Lab, binaries: string): Promise<void> {
  const files = runFiles(lab);
  const { superAdmin } = requireKubernetesRelease(lab.versions.kubernetes);
  const kubectl = (user: string, ...args: string[]) =>
    inNamespace(clusterNamespace, [
      join(binaries, "kubectl"),
      "--kubeconfig",
      join(files.kubeconfigs, `${user}.conf`),
      ...args,
    ]);
  await waitFor({ what: "the API server", timeoutSeconds: 120, intervalSeconds: 0.3 }, async () => {
    checkDaemon(lab, "etcd");
    checkDaemon(lab, "kube-apiserver");
    const { code } = await run(kubectl(superAdmin ? "super-admin" : "admin", "get", "--raw", "/readyz"), {
      timeoutSeconds: 10,
    });
    return code === 0 ? true : undefined;
  });
  const controllerManager = join(files.kubeconfigs, "controller-manager.conf");
  startDaemon(lab, "kube-controller-manager", [
    join(binaries, "kube-controller-manager"),
    ...controllerManagerFlags(files.certificates, controllerManager),
  ]);
  startDaemon(lab, "kube-scheduler", [
    join(binaries, "kube-scheduler"),
    `--kubeconfig=${join(files.kubeconfigs, "scheduler.conf")}`,
    "--leader-elect=false",
  ]);
  if (superAdmin) {
    // What `kubeadm init` binds itself: the group of admin.conf, and the user by whom the API server asks kubelets, who was
    // of that group once and in newer versions has a role of its own (AllowAPIServerToAccessKubeletAPI).
    const admins = "kubeadm:cluster-admins";
    const client = "kube-apiserver-kubelet-client";
    for (const binding of [
      [admins, "--clusterrole=cluster-admin", `--group=${admins}`],
      ["kubeadm:apiserver-kubelet-client", "--clusterrole=system:kubelet-api-admin", `--user=${client}`],
    ]) {
      await runChecked(kubectl("super-admin", "create", "clusterrolebinding", ...binding), { timeoutSeconds: 30 });
    }
  }
  await runChecked(
    inNamespace(clusterNamespace, [
      join(binaries, "kubeadm"),
      ...["init", "phase", "addon", "kube-proxy", "--kubeconfig", join(files.kubeconfigs, "admin.conf")],
      ...["--config", files.kubeadmConfig("node1")],
    ]),
    { timeoutSeconds: 60, logFile: join(lab.run, "kubeadm.log") },
  );
}
