/** The ConfigMap and the DaemonSet that kubeadm makes for kube-proxy. */
export const kubeProxy = { name: "kube-proxy", namespace: "kube-system" } as const;

/** The ConfigMap that keeps what kube-proxy was set to before this project. */
export const originalConfigMap = { name: "baremetal-lb-kube-proxy-original", namespace: "kube-system" } as const;

/**
 * Field managers of server-side apply. Two resources that touch one object need different ones, or they erase each
 * other's fields.
 */
export const fieldManagers = { configuration: "baremetal-lb", restart: "baremetal-lb-restart" } as const;
