import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { bastionName } from "../stacks/shared/checks/host-keys";
import { recordHostKeys } from "../cluster/record-host-keys";
import type { ClusterConfig } from "../cluster/schema";
import type { NodeConfig } from "../stacks/shared/schema/nodes";
import { bastionHost } from "../remote/ssh/bastion";
import { type CredentialSources, sshCredentials } from "../remote/ssh/credentials";
import { throughBastion } from "../remote/ssh/every-node";
import { offeredHostKey, type SshHost } from "../remote/ssh/handshake";
import { type HostKey, parseHostKey } from "../remote/ssh/host-key";
import { systemProblem, userMessage } from "../values/user-error";

/** The host key that a host offers, beside the one that is recorded. */
export interface HostKeyReading {
  /** The node's name, or "bastion". */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly state: "new" | "unchanged" | "changed" | "unreachable";
  readonly recorded?: HostKey;
  readonly offered?: HostKey;
  /** Why there is no offered one. */
  readonly error?: string;
  /** The bastion, not the node of this name. */
  readonly isBastion: boolean;
}

/** Reads the bastion's host key; undefined where there is no bastion. */
export async function readBastionKey({ ssh }: ClusterConfig): Promise<HostKeyReading | undefined> {
  const host = bastionHost(ssh);
  if (host === undefined) return undefined;
  const subject = { name: bastionName, address: host.address, port: host.port, isBastion: true };
  try {
    return compared(subject, await offeredHostKey(host), host.hostKey);
  } catch (error) {
    return unreachable(subject, error, host.hostKey);
  }
}

/** Reads the nodes' host keys, side by side, through the bastion where there is one: its own must be recorded. */
export async function readNodeKeys(
  { ssh }: Pick<ClusterConfig, "ssh">,
  nodes: readonly NodeConfig[],
  sources: CredentialSources,
): Promise<HostKeyReading[]> {
  // Without a bastion nobody logs in.
  const credentials = ssh.bastion === undefined ? {} : sshCredentials(ssh.authentication, sources);
  const answers = await throughBastion({ ssh, credentials }, nodes, async ({ name, address }, bastion) => {
    const host: SshHost = { name, address, port: ssh.port, user: ssh.user };
    return offeredHostKey(host, { sock: await bastion?.forward(host) });
  });
  return answers.map(({ node: { name, address, hostKey }, answer, error }) => {
    const subject = { name, address, port: ssh.port, isBastion: false };
    return answer === undefined ? unreachable(subject, error, hostKey) : compared(subject, answer, hostKey);
  });
}

type Subject = Pick<HostKeyReading, "name" | "address" | "port" | "isBastion">;

function compared(subject: Subject, offered: HostKey, recordedText: string | undefined): HostKeyReading {
  if (recordedText === undefined) return { ...subject, state: "new", offered };
  const state = recordedText === offered.text ? "unchanged" : "changed";
  return { ...subject, state, recorded: parseHostKey(recordedText), offered };
}

function unreachable(subject: Subject, error: unknown, recordedText: string | undefined): HostKeyReading {
  const recorded = recordedText === undefined ? undefined : parseHostKey(recordedText);
  return { ...subject, state: "unreachable", recorded, error: userMessage(error) };
}

/** Writes the offered keys to the configuration file, which is there as a whole at every moment. */
export function recordKeys(file: string, readings: readonly HostKeyReading[]): void {
  const text = readFileSync(file, "utf8");
  const records = readings.flatMap(({ name, address, offered, isBastion }) =>
    offered === undefined ? [] : [{ node: isBastion ? undefined : name, address, hostKey: offered.text }],
  );
  const changed = recordHostKeys(text, records);
  try {
    replaceFile(file, changed);
  } catch (error) {
    throw systemProblem(`${file} cannot be written, no host key was recorded`, error);
  }
}

function replaceFile(file: string, text: string): void {
  // The file itself, where a link leads to it.
  const target = realpathSync(file);
  const beside = `${target}.${process.pid}.new`;
  try {
    const descriptor = openSync(beside, "wx", statSync(target).mode & 0o7777);
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
