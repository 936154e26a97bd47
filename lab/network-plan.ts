/** The lab's network namespaces: the cluster's, with the bridge and the control plane, and an outside host's. */
export const clusterNamespace = "baremetal-lb";
export const clientNamespace = "baremetal-lb-client";
/** Where a BGP router is asked for: its own, on the bridge too, and that of a host which is reached through it alone. */
export const routerNamespace = "baremetal-lb-router";
export const remoteNamespace = "baremetal-lb-remote";
export const namespaces = [clusterNamespace, clientNamespace, routerNamespace, remoteNamespace];

export const controlPlaneAddress = "10.89.0.1";
export const clientAddress = "10.89.0.5";
export const routerAddress = "10.89.0.6";
export const remoteNetwork = "10.90.0.0/24";
export const routerRemoteAddress = "10.90.0.1";
export const remoteAddress = "10.90.0.2";
export const clusterAsn = 64512;
export const routerAsn = 64513;
export const prefixLength = 24;
export const addressPool = "10.89.0.240-10.89.0.250";
export const podNetwork = "10.244.0.0/16";
export const serviceNetwork = "10.96.0.0/12";
export const packagePort = 8080;

/** A node's place in the network, all of it derived from its number, 1 and up. */
export interface NodePlan {
  readonly number: number;
  readonly name: string;
  readonly address: string;
  readonly mac: string;
  readonly tap: string;
  readonly podNetwork: string;
  readonly role: "control-plane" | "worker";
}

export function planNode(number: number): NodePlan {
  const host = 10 + number;
  return {
    number,
    name: `node${number}`,
    address: `10.89.0.${host}`,
    // Locally administered, and the address in hexadecimal: a MAC in a capture names its node.
    mac: `02:00:0a:59:00:${host.toString(16).padStart(2, "0")}`,
    tap: `tap${number}`,
    podNetwork: `10.244.${number}.0/24`,
    role: number === 1 ? "control-plane" : "worker",
  };
}

export function planNodes(count: number): NodePlan[] {
  return Array.from({ length: count }, (_, index) => planNode(index + 1));
}
