import pLimit from "p-limit";
import { shellWord } from "../../stacks/shared/shell-word";
import type { SshConfig } from "../../stacks/shared/schema/ssh";
import { UserError } from "../../values/user-error";
import type { SshConnection } from "../ssh/connection";
import { asRoot } from "../ssh/shell";
import type { KubernetesApi } from "./connect";

/** kubectl on a node, with an administrator's kubeconfig there. */
export interface NodeKubectl {
  /** The node's name, for messages. */
  readonly node: string;
  /** "/usr/bin/kubectl", "/usr/local/bin/k3s kubectl" */
  readonly command: string;
  /** "/etc/kubernetes/admin.conf" */
  readonly kubeconfig: string;
}

/** sshd has ten sessions on a connection (MaxSessions), and each of these is a process there. */
const atOnce = 4;

/** Bounds of one request, in seconds: kubectl's own, and with its start. */
const [requestSeconds, commandSeconds] = [15, 60];

/** The Kubernetes API, read by kubectl on a node: no credential of the cluster leaves it. */
export function apiThroughNode(
  connection: Pick<SshConnection, "run">,
  { node, command, kubeconfig }: NodeKubectl,
  ssh: Pick<SshConfig, "sudo">,
): Pick<KubernetesApi, "get"> {
  const limit = pLimit(atOnce);
  const options = `--kubeconfig=${shellWord(kubeconfig)} --request-timeout=${requestSeconds}s`;
  return {
    get: (path) =>
      limit(async () => {
        const words = `${command} ${options} get --raw ${shellWord(path)}`;
        const { code, stdout, stderr } = await connection.run(asRoot(words, ssh), commandSeconds);
        if (code === 0) return parsed(stdout, path, node);
        const [, reason, message] = /^Error from server \((\w+)\): (.*)$/m.exec(stderr) ?? [];
        if (reason === "NotFound") return undefined;
        throw new UserError(
          reason === undefined
            ? `kubectl on ${node} cannot ask the Kubernetes API: ${stderr.trim().split("\n").at(-1) || `exit status ${code}`}`
            : `the Kubernetes API answers ${reason} to GET ${path}: ${message}`,
        );
      }),
  };
}

function parsed(text: string, path: string, node: string): unknown {
  try {
    // What the user's shell says at its start, by .bashrc for example, comes first.
    return JSON.parse(text.slice(Math.max(text.search(/^\{/m), 0))) as unknown;
  } catch {
    throw new UserError(`kubectl on ${node} answers GET ${path} with what is no JSON`);
  }
}
