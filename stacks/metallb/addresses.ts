import { type ResourceAddress, resourceAddress } from "../shared/resource-address";
import { memberlistSecret } from "./release/component";

/** The Secret with the memberlist's key, and the value that Terraform's state keeps of it. */
export const memberlist = {
  secret: resourceAddress("kubernetes_secret_v1", memberlistSecret.name),
  key: resourceAddress("random_password", memberlistSecret.name),
} as const;

/** What waits for the webhook of MetalLB before pools are written. */
export const webhookGate: ResourceAddress = resourceAddress("null_resource", "webhook-gate");

/** The proof that controller and speakers took the pools. */
export const poolsTaken: ResourceAddress = resourceAddress("null_resource", "taken");
