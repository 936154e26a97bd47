/** The ConfigMap and the DaemonSet that kubeadm makes for kube-proxy. */
export const kubeProxy = { name: "kube-proxy", namespace: "kube-system" } as const;

/** The ConfigMap that keeps what kube-proxy was set to before this project. */
export const originalConfigMap = { name: "baremetal-lb-kube-proxy-original", namespace: "kube-system" } as const;

/** The ConfigMap that says which rollout of kube-proxy was proven on every node; the stack metallb asks for it. */
export const proofConfigMap = { name: "baremetal-lb-kube-proxy-proof", namespace: "kube-system" } as const;

/** The key of that ConfigMap that names the rollout: what restartAnnotation has in the pod template. */
export const restartIdKey = "restart-id";

/** The annotation of kube-proxy's pod template that changes with every restart. */
export const restartAnnotation = "baremetal-lb/restart-id";

/**
 * Field managers of server-side apply. Two resources that touch one object need different ones, or they erase each
 * other's fields.
 */
export const fieldManagers = { configuration: "baremetal-lb", restart: "baremetal-lb-restart" } as const;
