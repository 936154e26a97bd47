import pLimit from "p-limit";
import type { NodeConfig, SshConfig } from "../config/schema/cluster";
import { SshConnection } from "./connection";
import type { SshCredentials } from "./credentials";

/** How many nodes are asked at the same time: handshakes are work for this machine's processors. */
const atOnce = 20;

/** What came of one node: its answer, or why there is none. */
export type PerNode<T> =
  | { readonly node: NodeConfig; readonly answer: T; readonly error?: undefined }
  | { readonly node: NodeConfig; readonly answer?: undefined; readonly error: Error };

/** Asks every node over SSH, side by side; one that fails holds up none of the others. In the nodes' order. */
export function askEveryNode<T>(
  nodes: readonly NodeConfig[],
  access: { readonly ssh: SshConfig; readonly credentials: SshCredentials },
  ask: (connection: SshConnection, node: NodeConfig) => Promise<T>,
): Promise<PerNode<T>[]> {
  const limit = pLimit(atOnce);
  return Promise.all(
    nodes.map((node) =>
      limit(async (): Promise<PerNode<T>> => {
        let connection: SshConnection | undefined;
        try {
          connection = await SshConnection.open(node, access.ssh, access.credentials);
          return { node, answer: await ask(connection, node) };
        } catch (error) {
          return { node, error: error instanceof Error ? error : new Error(String(error)) };
        } finally {
          connection?.close();
        }
      }),
    ),
  );
}
