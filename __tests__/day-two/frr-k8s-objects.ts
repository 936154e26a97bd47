import { daemonSet, deployment, type Objects, paths, pod } from "./verify/healthy-cluster";

const apps = "/apis/apps/v1/namespaces/metallb-system";

/** Where the API has what frr-k8s is, and says. */
export const frrK8sPaths = {
  daemonSet: `${apps}/daemonsets/frr-k8s-daemon`,
  /** From MetalLB 0.15.3 on. */
  server: `${apps}/deployments/frr-k8s-statuscleaner`,
  pods: `${paths.pods}?labelSelector=control-plane=frr-k8s`,
  webhook:
    "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/frr-k8s-validating-webhook-configuration",
  nodeStates: "/apis/frrk8s.metallb.io/v1beta1/frrnodestates",
  sessions: "/apis/frrk8s.metallb.io/v1beta1/namespaces/metallb-system/bgpsessionstates",
} as const;

export const frrK8sPod = (node: string, ready = true) => {
  const one = pod(`frr-k8s-daemon-${node}`, "frr-k8s", node);
  const status = {
    ...one.status,
    conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
    containerStatuses: ready ? [] : [{ name: "frr", state: { waiting: { reason: "ImagePullBackOff" } } }],
  };
  return { ...one, metadata: { ...one.metadata, labels: { "control-plane": "frr-k8s" } }, status };
};

export const frrNodeState = (name: string, lastConversionResult?: string, lastReloadResult?: string) => ({
  metadata: { name },
  status: { lastConversionResult, lastReloadResult },
});

export const bgpSession = (node: string, bgpStatus = "Established", peer = "192.168.1.1") => ({
  metadata: { name: `${node}-x7k2p` },
  status: { node, peer, vrf: "default", bgpStatus, bfdStatus: "N/A" },
});

/** frr-k8s of MetalLB 0.15.3 or later on both nodes, as it is where all is well. */
export const frrK8sObjects = (): Objects => ({
  [frrK8sPaths.daemonSet]: daemonSet("frr-k8s", "quay.io/metallb/frr-k8s:v0.0.27"),
  [frrK8sPaths.server]: deployment(1, "quay.io/metallb/frr-k8s:v0.0.27"),
  [frrK8sPaths.pods]: { items: [frrK8sPod("node1"), frrK8sPod("node2")] },
  [frrK8sPaths.webhook]: { webhooks: [{ clientConfig: { caBundle: "Q0E=" } }] },
  [frrK8sPaths.nodeStates]: {
    items: [frrNodeState("node1", "success", "success"), frrNodeState("node2", "success", "success")],
  },
  [frrK8sPaths.sessions]: { items: [bgpSession("node1"), bgpSession("node2")] },
});
