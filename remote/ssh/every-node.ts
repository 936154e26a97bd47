import pLimit from "p-limit";
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
  | { readonly node: NodeConfig; readonly answer?: undefined; readonly error: Error };

/** How the nodes are reached. */
export interface SshAccess {
  readonly ssh: SshConfig;
  readonly credentials: SshCredentials;
}

/** Asks every node over SSH, side by side; one that fails holds up none of the others. In the nodes' order. */
export function askEveryNode<T>(
  nodes: readonly NodeConfig[],
  { ssh, credentials }: SshAccess,
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
  { ssh, credentials }: SshAccess,
  nodes: readonly NodeConfig[],
  work: (node: NodeConfig, bastion: Bastion | undefined) => Promise<T>,
): Promise<PerNode<T>[]> {
  if (nodes.length === 0) return [];
  let bastion: Bastion | undefined;
  try {
    bastion = await Bastion.open(ssh, credentials);
  } catch (error) {
    return nodes.map((node) => ({ node, error: asError(error) }));
  }
  const limit = pLimit(atOnce);
  const answers = nodes.map((node) =>
    limit(async (): Promise<PerNode<T>> => {
      try {
        return { node, answer: await work(node, bastion) };
      } catch (error) {
        return { node, error: asError(error) };
      }
    }),
  );
  return Promise.all(answers).finally(() => bastion?.close());
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));
