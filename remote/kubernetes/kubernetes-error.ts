/** The Kubernetes API could not be asked; the message says which, why, and what to do. */
export class KubernetesError extends Error {}
