import { readFileSync } from "node:fs";
import { errorCode } from "../../values/error-code";
import { expandHome } from "../../values/paths";
import type { SshAuthentication } from "../../stacks/shared/schema/ssh";
import { sensitiveValue } from "../sensitive-value";
import { UserError } from "../../values/user-error";

/** What an SSH connection proves its user with; the names are ssh2's. */
export interface SshCredentials {
  readonly privateKey?: string;
  /** The agent's socket. */
  readonly agent?: string;
}

/** What is read beside cluster.yaml: the home directory for ~, and the environment for the agent and the variables. */
export interface CredentialSources {
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The credentials that Terraform would use, from the same place.
 * @throws UserError that says where they were looked for.
 */
export function sshCredentials(authentication: SshAuthentication, sources: CredentialSources): SshCredentials {
  if (authentication.method === "agent") {
    const agent = sources.environment.SSH_AUTH_SOCK;
    if (!agent)
      throw new UserError("ssh.agent is true, and SSH_AUTH_SOCK is not set: start an SSH agent in this shell");
    return { agent };
  }
  if (authentication.method === "variable") {
    const privateKey = sensitiveValue("ssh_private_key", sources.environment, "ssh.privateKeyVariable is true");
    return { privateKey };
  }
  try {
    return { privateKey: readFileSync(expandHome(authentication.path, sources.home), "utf8") };
  } catch (error) {
    throw new UserError(
      `ssh.privateKeyFile ${authentication.path} cannot be read (${errorCode(error) ?? String(error)}): correct the path, or put the key there`,
    );
  }
}
