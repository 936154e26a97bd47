import type { Command } from "commander";
import { bastionName } from "../stacks/shared/checks/host-keys";
import type { ClusterConfig } from "../cluster/schema";
import type { Environment } from "../values/environment";
import { UserError } from "../values/user-error";
import type { NodeConfig } from "../stacks/shared/schema/nodes";
import { type HostKeyReading, readBastionKey, readNodeKeys, recordKeys } from "../day-two/trust";
import { type ClusterContext, type ClusterOptions, clusterCommand, onCluster, printJson } from "./cluster-command";
import { examplesText } from "./examples";
import { exitCodes } from "./exit-codes";
import { confirmed, withProgress } from "./terminal";
import { type TrustedKey, trustText } from "./trust-report";

interface TrustOptions extends ClusterOptions {
  readonly yes?: boolean;
  readonly replace?: boolean;
}

export function trustCommand(): Command {
  return clusterCommand(
    "trust",
    "Read the SSH host keys of nodes, and of the bastion, and record them in the configuration. Shows them and asks " +
      "first. Exit code: 0 every key is recorded, 1 one is not, 2 the answer was no.",
  )
    .argument("[nodes...]", `names of nodes, or ${bastionName} (default: all)`)
    .option("-y, --yes", "record new keys without asking")
    .option("--replace", "with --yes: replace keys that changed, too")
    .addHelpText(
      "after",
      examplesText({
        "npx baremetal-lb trust": "all nodes, and the bastion",
        "npx baremetal-lb trust node2 --yes --replace": "node2 was set up anew, and nobody is asked",
      }),
    )
    .action((names: string[], options: TrustOptions) =>
      onCluster(options, (context) => trust({ ...context, environment: context.project.environment }, names, options), {
        hostKeysOptional: true,
      }),
    );
}

/** Reads the host keys of some hosts, or of all, and records those that are accepted. @returns the exit code */
export async function trust(
  context: Pick<ClusterContext, "config" | "file" | "home"> & { readonly environment: Environment },
  names: readonly string[],
  options: TrustOptions,
): Promise<number> {
  const { ssh } = context.config;
  const nodes = chosenNodes(context.config, names);
  const settled: TrustedKey[] = [];

  let { config } = context;
  const chosen = names.length === 0 || names.includes(bastionName);
  // Nodes are reached through it, and nobody logs in to a host that is not known.
  if (ssh.bastion !== undefined && (chosen || ssh.bastion.hostKey === undefined)) {
    const reading = await withProgress("asking the bastion", () => readBastionKey(config));
    const bastion = reading && (await settle(context.file, [reading], options))[0];
    if (bastion) settled.push(bastion);
    const hostKey = bastion?.inFile ? bastion.offered?.text : ssh.bastion.hostKey;
    config = { ...config, ssh: { ...ssh, bastion: { ...ssh.bastion, hostKey } } };
  }
  const reachable = config.ssh.bastion === undefined || config.ssh.bastion.hostKey !== undefined;
  const readings = reachable
    ? await withProgress("asking every node", () =>
        readNodeKeys(config, nodes, { home: context.home, environment: context.environment }),
      )
    : nodes.map((node) => behindUnknownBastion(node, ssh.port));
  settled.push(...(await settle(context.file, readings, options)));

  if (options.json) printJson({ file: context.file, hosts: settled.map(forJson) });
  if (settled.every(({ inFile }) => inFile)) return exitCodes.ok;
  return settled.some(({ inFile, declined }) => !inFile && !declined) ? exitCodes.failed : exitCodes.drifted;
}

function chosenNodes({ nodes, ssh }: ClusterConfig, names: readonly string[]): readonly NodeConfig[] {
  const known = [...(ssh.bastion === undefined ? [] : [bastionName]), ...nodes.map(({ name }) => name)];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const some = known.slice(0, 10).join(", ") + (known.length > 10 ? `, and ${known.length - 10} more` : "");
    throw new UserError(`there is no ${unknown.join(", ")} in the configuration: it has ${some}`);
  }
  return names.length === 0 ? nodes : nodes.filter(({ name }) => names.includes(name));
}

/** Shows keys, asks, and records what was accepted. */
async function settle(file: string, readings: readonly HostKeyReading[], options: TrustOptions): Promise<TrustedKey[]> {
  if (readings.length === 0) return [];
  const out = options.json ? process.stderr : process.stdout;
  out.write(trustText(readings));
  const count = (state: HostKeyReading["state"]) => readings.filter((reading) => reading.state === state).length;
  const [added, changed] = [count("new"), count("changed")];
  const acceptNew = added > 0 && (options.yes === true || (await confirmed(`Record ${keys(added)} in ${file}?`)));
  const acceptChanged =
    changed > 0 &&
    (options.yes ? options.replace === true : await confirmed(`Replace ${keys(changed)} that CHANGED in ${file}?`));
  const accepted = readings.filter(
    ({ state }) => (state === "new" && acceptNew) || (state === "changed" && acceptChanged),
  );
  if (accepted.length > 0) {
    recordKeys(file, accepted);
    out.write(`${file}: ${keys(accepted.length)} recorded\n`);
  }
  if (changed > 0 && options.yes && !options.replace) {
    process.stderr.write(
      `${keys(changed)} that CHANGED not recorded: --yes accepts new ones only, unless --replace is given too\n`,
    );
  }
  return readings.map((reading) => ({
    ...reading,
    inFile: reading.state === "unchanged" || accepted.includes(reading),
    declined: !options.yes && (reading.state === "new" || reading.state === "changed"),
  }));
}

const keys = (number: number) => `${number} host key${number === 1 ? "" : "s"}`;

function behindUnknownBastion({ name, address }: NodeConfig, port: number): HostKeyReading {
  const error = `${name} (${address}, port ${port}) is behind the bastion, whose host key is not recorded`;
  return { name, address, port, state: "unreachable", error, isBastion: false };
}

function forJson({ name, address, port, state, recorded, offered, error, inFile }: TrustedKey) {
  return { name, address, port, state, recorded, offered, error, inFile };
}
