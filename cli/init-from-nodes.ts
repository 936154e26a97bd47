import { type FromNodesOptions, fileFromNodes } from "../day-two/init/from-nodes";
import type { InitialFile } from "../day-two/init/init";
import type { KubeconfigOptions, Surroundings } from "../day-two/init/kubeconfig";
import type { NamedNodes } from "../day-two/init/named-nodes";
import { readNodeKeys } from "../day-two/trust";
import { sshCredentials } from "../remote/ssh/credentials";
import { sshSchema } from "../stacks/shared/schema/ssh";
import { UserError } from "../values/user-error";
import { confirmed, withProgress } from "./terminal";
import { trustText } from "./trust-report";

/** What of init's options and surroundings is needed here. */
interface FromNodes {
  readonly named: NamedNodes;
  readonly file: string;
  readonly yes?: boolean;
  readonly options: FromNodesOptions;
  readonly kubeconfig: KubeconfigOptions;
  readonly surroundings: Surroundings;
}

/**
 * Looks at a cluster by way of its nodes: shows their host keys, logs in after a yes, and reads. Undefined where the answer
 * was no. @throws UserError where a node cannot be reached, or looked at.
 */
export async function initialFromNodes(from: FromNodes): Promise<InitialFile | undefined> {
  const { named, file, yes, options, kubeconfig, surroundings } = from;
  const ssh = sshSchema.parse(options.ssh.value);
  const credentials = sshCredentials(ssh.authentication, surroundings);
  const unknown = named.addresses.map((address) => ({ name: address, address, role: "worker" as const }));
  const readings = await withProgress("asking for the host keys", () => readNodeKeys({ ssh }, unknown, surroundings));
  const problems = readings.flatMap(({ error }) => (error === undefined ? [] : [error]));
  if (problems.length > 0) throw new UserError(problems.join("\n"));
  process.stdout.write(trustText(readings));
  const many = readings.length === 1 ? "this host key" : `these ${readings.length} host keys`;
  if (yes !== true && !(await confirmed(`Log in, and record ${many} in ${file}?`))) return undefined;
  const nodes = unknown.map((node, index) => ({ ...node, hostKey: readings[index]?.offered?.text }));
  return withProgress("asking the nodes", () =>
    fileFromNodes(nodes, { ssh, credentials }, options, { ...kubeconfig, surroundings }),
  );
}
