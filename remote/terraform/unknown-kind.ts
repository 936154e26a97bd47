/**
 * Whether a plan failed because the cluster has no such kind yet, in the words of hashicorp/kubernetes: its generic
 * resource (manifest/provider/resource.go) and, below that, the API's discovery.
 */
export const isUnknownKind = (message: string): boolean =>
  message.includes("CRD may not be installed") || message.includes("no matches for kind");
