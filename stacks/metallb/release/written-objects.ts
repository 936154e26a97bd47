import { isSince } from "../../../values/versions";

/**
 * What came after 0.9 in the objects that are written out in constructs/, by the release that brought it. Upstream:
 * manifests/metallb.yaml of each tag.
 */
const since = {
  /** The controller makes the memberlist's Secret where there is none, and its own Deployment is to be the Secret's owner. */
  secretOfController: "0.10.0",
  /** The controller writes nothing of a Service but its status. */
  statusAlone: "0.10.0",
  /** Speakers read EndpointSlices where the cluster has discovery.k8s.io/v1beta1, up to Kubernetes 1.24, else Endpoints. */
  endpointSlices: "0.10.0",
  /** The speakers' pods have the memberlist's port. */
  memberlistPorts: "0.10.0",
  /** Both programs find out their namespace by themselves. */
  ownNamespace: "0.10.0",
  /** Speakers have the one capability that raw sockets take. */
  rawSocketsAlone: "0.10.0",
  /** Containers have no limits. */
  noLimits: "0.10.0",
  /** The service account's token is readable by the controller's group. */
  fsGroup: "0.10.3",
  /** Images are on quay.io, before on Docker Hub. */
  quay: "0.10.0",
  /** A flag says what is logged. */
  logLevel: "0.11.0",
  /** Kubernetes asks both programs whether they are alive, and ready. */
  probes: "0.12.0",
} as const;

/** Whether a version's objects have something that those of 0.9 have not. */
export const objectsHave = (version: string, what: keyof typeof since): boolean => isSince(version, since[what]);
