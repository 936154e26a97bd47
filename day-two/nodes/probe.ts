import { apiServiceEndpoint } from "../../stacks/shared/api-service";
import { nodeNeeds } from "../../stacks/nodes/needs";
import { memberlistParameters } from "../../stacks/shared/memberlist-port";
import type { ClusterConfig } from "../../cluster/schema";
import type { NodeConfig } from "../../stacks/shared/schema/nodes";
import { join } from "node:path";
import { assignments, inlined } from "../../stacks/shared/script";
import type { RemoteResult, SshConnection } from "../../remote/ssh/connection";
import { type CredentialSources, sshCredentials } from "../../remote/ssh/credentials";
import { askEveryNode, type PerNode } from "../../remote/ssh/every-node";
import { asRoot } from "../../remote/ssh/shell";
import { type NodeFacts, parseNodeFacts } from "./node-facts";
import { UserError } from "../../values/user-error";

const probeSeconds = 30;

type LookName = "probe-node" | "probe-service" | "report-node" | "describe-node";

/** What is looked at on each node, and how what is found is read. */
export interface NodeLook<T> {
  /** The script of this folder, which runs from a command line, with no file on the node. */
  readonly script: LookName;
  readonly parse: (output: string) => T;
  /** What the script is told beside what every look needs. @default nothing */
  readonly parameters?: (node: NodeConfig) => Readonly<Record<string, string>>;
}

/** The text of a script of this folder. `given`: the parameters that are told, in whose place no default is to stand. */
export const lookText = (name: LookName, given: readonly string[] = []): string =>
  inlined(join(__dirname, `${name}.sh`), given);

/** The script that looks at a node. */
export const probeText = (given: readonly string[] = []): string => lookText("probe-node", given);

/** Looks at every node over SSH, side by side, and changes nothing. */
export const probeNodes = (config: ClusterConfig, sources: CredentialSources): Promise<PerNode<NodeFacts>[]> =>
  lookAtNodes(config, sources, { script: "probe-node", parse: parseNodeFacts });

/** The same with another look. */
export async function lookAtNodes<T>(
  config: ClusterConfig,
  sources: CredentialSources,
  look: NodeLook<T>,
): Promise<PerNode<T>[]> {
  const credentials = sshCredentials(config.ssh.authentication, sources);
  return askEveryNode(config.nodes, { ssh: config.ssh, credentials }, (connection, node) =>
    lookAtNode(connection, node, { config, look }),
  );
}

/** @throws UserError that names the node and the command's last line. */
async function lookAtNode<T>(
  connection: SshConnection,
  node: NodeConfig,
  { config, look }: { readonly config: ClusterConfig; readonly look: NodeLook<T> },
): Promise<T> {
  const parameters = {
    NODE: node.name,
    NODE_ADDRESS: node.address,
    ...nodeNeeds(config.kubeProxy),
    ...memberlistParameters(config.metallb),
    API_SERVICE: apiServiceEndpoint(config.kubernetes.serviceCIDR),
    ...look.parameters?.(node),
  };
  const script = `${assignments(parameters)}
${lookText(look.script, Object.keys(parameters))}`;
  const result = await connection.run(asRoot(script, config.ssh), probeSeconds);
  if (result.code === 0) return look.parse(result.stdout);
  throw new UserError(`${node.name} could not be looked at: ${endedBecause(result, config.ssh.user)}`);
}

/** Why a script did not run on a node, by its last words. */
export function endedBecause({ stderr, stdout, code }: RemoteResult, user: string): string {
  const noPassword = "give it NOPASSWD in /etc/sudoers.d, or set ssh.user to root";
  // sudo-rs, which Ubuntu has from 25.10 on, speaks of authentication.
  if (/^sudo(-rs)?: .*(password|interactive authentication)/m.test(stderr)) {
    return `user ${user} cannot run sudo without a password: ${noPassword}`;
  }
  if (/^sudo: .* tty /m.test(stderr)) {
    return `user ${user} cannot run sudo without a terminal: write 'Defaults:${user} !requiretty' to a file in /etc/sudoers.d, or set ssh.user to root`;
  }
  if (/^\S+ is not in the sudoers file/m.test(stderr)) return `user ${user} may not use sudo: ${noPassword}`;
  // It quotes the whole script.
  if (/^Sorry, user \S+ is not allowed to execute /m.test(stderr)) {
    return `user ${user} may run some commands by sudo, and not sh: give it NOPASSWD: ALL in /etc/sudoers.d, or set ssh.user to root`;
  }
  // What nologin says, to its output.
  if (/^This account is currently not available/m.test(stdout)) {
    return `user ${user} has no shell to log in with: name another user in ssh.user, or give this one a shell with chsh`;
  }
  const last = stderr.trim().split("\n").at(-1) ?? "";
  // Its own words, in the node's language.
  if (/^sudo(-rs)?: /.test(last)) return `${last}: user ${user} has to run sudo without a password: ${noPassword}`;
  return last === "" ? `the probe ended with exit status ${code}` : last;
}
