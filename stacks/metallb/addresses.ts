import { resourceAddress } from "../shared/resource-address";
import { memberlistSecret } from "./release/component";

/** The Secret with the memberlist's key, and the value that Terraform's state keeps of it. */
export const memberlist = {
  secret: resourceAddress("kubernetes_secret_v1", memberlistSecret.name),
  key: resourceAddress("random_password", memberlistSecret.name),
} as const;
