import { type ResourceAddress, resourceAddress } from "../shared/resource-address";
import { memberlistSecret } from "./release/component";

/**
 * The Secret with the memberlist's key; the value that Terraform's state keeps of it; and, where the state keeps none, what
 * restarts the speakers when the Secret is another one.
 */
export const memberlist = {
  secret: resourceAddress("kubernetes_secret_v1", memberlistSecret.name),
  key: resourceAddress("random_password", memberlistSecret.name),
  restart: resourceAddress("null_resource", "speaker-restart"),
} as const;

/** What waits for the webhook of MetalLB before pools are written. */
export const webhookGate: ResourceAddress = resourceAddress("null_resource", "webhook-gate");

/** The proof that controller and speakers took the pools. */
export const poolsTaken: ResourceAddress = resourceAddress("null_resource", "taken");

/** The proof that frr-k8s runs on every node, before the speakers hand their sessions over to it. */
export const frrK8sReady: ResourceAddress = resourceAddress("null_resource", "frr-k8s");
