import pLimit from "p-limit";
import { UserError } from "../../values/user-error";
import type { NodeConfig } from "../../stacks/shared/schema/nodes";
import type { SshConfig } from "../../stacks/shared/schema/ssh";
import { Bastion } from "./bastion";
import { SshConnection } from "./connection";
import type { SshCredentials } from "./credentials";

/** How many nodes are asked at the same time: handshakes are work for this machine's processors. */
const atOnce = 20;

/** What came of one node: its answer, or why there is none. */
export type PerNode<T> =
  | { readonly node: NodeConfig; readonly answer: T; readonly error?: undefined }
  | { readonly node: NodeConfig; readonly answer?: undefined; readonly error: UserError };

/** How this process logs in to the nodes. */
export interface SshLogin {
  readonly ssh: SshConfig;
  readonly credentials: SshCredentials;
}

/** Asks every node over SSH, side by side; one that fails holds up none of the others. In the nodes' order. */
export function askEveryNode<T>(
  nodes: readonly NodeConfig[],
  { ssh, credentials }: SshLogin,
  ask: (connection: SshConnection, node: NodeConfig) => Promise<T>,
): Promise<PerNode<T>[]> {
  return throughBastion({ ssh, credentials }, nodes, async (node, bastion) => {
    const connection = await SshConnection.open(node, ssh, credentials, bastion);
    try {
      return await ask(connection, node);
    } finally {
      connection.close();
    }
  });
}

/** Does something with every node, side by side, with one login on the bastion where there is one. */
export async function throughBastion<T>(
  { ssh, credentials }: SshLogin,
  nodes: readonly NodeConfig[],
  work: (node: NodeConfig, bastion: Bastion | undefined) => Promise<T>,
): Promise<PerNode<T>[]> {
  if (nodes.length === 0) return [];
  let bastion: Bastion | undefined;
  try {
    bastion = await Bastion.open(ssh, credentials);
  } catch (error) {
    const reason = ofUser(error);
    return nodes.map((node) => ({ node, error: reason }));
  }
  const limit = pLimit(atOnce);
  const answers = nodes.map((node) =>
    limit(async (): Promise<PerNode<T>> => {
      try {
        return { node, answer: await work(node, bastion) };
      } catch (error) {
        return { node, error: ofUser(error) };
      }
    }),
  );
  return Promise.all(answers).finally(() => bastion?.close());
}

/** @throws the error itself, where it is not for the user: a mistake of this project is no node's. */
function ofUser(error: unknown): UserError {
  if (error instanceof UserError) return error;
  throw error;
}
