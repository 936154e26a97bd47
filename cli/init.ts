import { existsSync, writeFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { clusterFile } from "../cluster/cluster-file";
import { inspectCluster } from "../cluster/load";
import type { ClusterConfig } from "../cluster/schema";
import { addIgnoredFiles } from "../day-two/init/ignored-files";
import { type InitialFile, initialFile } from "../day-two/init/init";
import { findContext, type KubeconfigOptions, type Surroundings } from "../day-two/init/kubeconfig";
import { namedNodes } from "../day-two/init/named-nodes";
import { schemaFrom } from "../day-two/init/schema-for-editors";
import { type SshOptions, writtenSsh } from "../day-two/init/ssh";
import { connectKubernetes } from "../remote/kubernetes/connect";
import { usesCustomResources } from "../stacks/metallb/release/releases";
import { errorCode } from "../values/error-code";
import { byPlace, isError, type Problem, problemText } from "../values/problem";
import { systemProblem, UserError, userMessage } from "../values/user-error";
import { summarize, summaryText } from "./cluster-summary";
import { examplesText } from "./examples";
import { exitCodes } from "./exit-codes";
import { initialFromNodes } from "./init-from-nodes";
import { confirmed, withProgress } from "./terminal";
import { trust } from "./trust";

interface InitOptions extends KubeconfigOptions, SshOptions {
  readonly output?: string;
  readonly name?: string;
  readonly fromNodes?: readonly string[];
  readonly trust?: boolean;
  readonly yes?: boolean;
}

export function initCommand(): Command {
  return new Command("init")
    .description(
      "Write a cluster.yaml for a cluster as it is: nodes, networks, kube-proxy's mode and the MetalLB that is there, with " +
        "comments on what is to be looked at. Changes nothing in the cluster, and never overwrites a file. Exit code: 0 " +
        "written, 1 an error, or check finds one in the file.",
    )
    .option("--kubeconfig <file>", "the kubeconfig (default: $KUBECONFIG, or ~/.kube/config, as kubectl)")
    .option("--context <name>", "the context in it (default: the current one)")
    .option("-o, --output <file>", "the file to write (default: $CLUSTER_CONFIG, or cluster.yaml)")
    .option(
      "--from-nodes <nodes...>",
      "log in to these nodes (user@10.0.0.1 …) and ask there, by kubectl where one has it; no kubeconfig is needed here",
    )
    .option("--name <name>", "the cluster's name in it (default: that of the kubeconfig's cluster)")
    .option("--ssh-user <user>", "the user on the nodes (default: who runs this)")
    .option("--ssh-key <file>", "the private key for the nodes (default: one of ~/.ssh, or the SSH agent)")
    .option("--ssh-port <port>", "the SSH port of the nodes (default: 22)")
    .option("--trust", "read the nodes' SSH host keys, too, and record them after a question")
    .option("-y, --yes", "do not ask: with --trust or --from-nodes, record the host keys")
    .addHelpText(
      "after",
      examplesText({
        "npx baremetal-lb init": "the current context, to cluster.yaml",
        "npx baremetal-lb init --context admin@search --output search.yaml --trust": "another one, with host keys",
        "npx baremetal-lb init --from-nodes root@10.0.0.1 root@10.0.0.2": "over SSH, without a kubeconfig",
      }),
    )
    .action(async (options: InitOptions) => {
      try {
        process.exitCode = await init(options);
      } catch (error) {
        process.stderr.write(`${userMessage(error)}\n`);
        process.exitCode = exitCodes.failed;
      }
    });
}

async function init(options: InitOptions): Promise<number> {
  const { env: environment } = process;
  const home = homedir();
  const file = options.output ?? clusterFile(environment);
  const folder = dirname(resolve(file));
  if (existsSync(file)) throw alreadyThere(file);
  const surroundings = { environment, home, folder: process.cwd() };
  const initial = await look(options, file, surroundings);
  if (initial === undefined) {
    process.stderr.write("Nothing is written: without the host keys nobody logs in.\n");
    return exitCodes.failed;
  }
  write(file, initial.text);
  process.stdout.write(`${file} is written: ${initial.found.join("; ")}.\n`);
  const added = addIgnoredFiles(folder);
  if (added.length > 0) process.stdout.write(`${join(dirname(file), ".gitignore")}: added ${added.join(", ")}.\n`);
  process.stdout.write(notesText(file, initial));

  const { config } = inspectCluster(file, { environment, hostKeysOptional: true });
  const isRecorded = initial.nodes.every(({ hostKey }) => hostKey !== undefined);
  const isAsked = options.trust === true || (process.stdin.isTTY && options.yes !== true && !isRecorded);
  if (config === undefined && options.trust) {
    process.stderr.write("No host key was asked for, since the file has to be corrected first.\n");
  }
  if (config !== undefined && isAsked && (options.trust || (await confirmed("Read the nodes' SSH host keys?")))) {
    await trust({ config, file, home, environment }, [], { yes: options.yes });
  }
  return conclude(file, initial, home);
}

/** Looks at the cluster, through its API or by way of its nodes. Undefined where nobody may log in to them. */
async function look(options: InitOptions, file: string, surroundings: Surroundings): Promise<InitialFile | undefined> {
  const named = options.fromNodes && namedNodes(options.fromNodes, options.sshUser);
  const common = {
    name: options.name,
    ssh: writtenSsh({ ...options, sshUser: named?.user ?? options.sshUser }, { ...surroundings, login: login() }),
    schema: schemaFrom(dirname(resolve(file))),
  };
  if (named !== undefined) {
    const { yes, kubeconfig, context } = options;
    return initialFromNodes({ named, file, yes, options: common, kubeconfig: { kubeconfig, context }, surroundings });
  }
  const context = findContext(options, surroundings);
  return withProgress("asking the Kubernetes API", async () => {
    const credentials = { source: "kubeconfig", ...context } as const;
    return initialFile(await connectKubernetes(credentials, surroundings), { ...common, context });
  });
}

/** Who runs this; nobody where the machine has no name for it, as in a container. */
function login(): string {
  try {
    return userInfo().username;
  } catch {
    return "";
  }
}

const alreadyThere = (file: string) =>
  new UserError(`${file} is there already, and init overwrites no file: name another one with --output, or remove it`);

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    throw errorCode(error) === "EEXIST" ? alreadyThere(file) : systemProblem(`${file} cannot be written`, error);
  }
}

/** Notes that the terminal has. */
const notesAtMost = 20;

function notesText(file: string, { notes }: InitialFile): string {
  if (notes.length === 0) return "";
  const shown = notes.slice(0, notesAtMost).map((note) => `- ${note}\n`);
  const more = notes.length > notesAtMost ? `… and ${notes.length - notesAtMost} more in ${file}\n` : "";
  return `\nTo be looked at (${notes.length}), each a comment in the file, too:\n${shown.join("")}${more}`;
}

/** What check says of the file, and the next command. */
function conclude(file: string, initial: InitialFile, home: string): number {
  const { env: environment } = process;
  const { config, problems, otherFiles } = inspectCluster(file, { environment, home, hostKeysOptional: true });
  // The next command copies it.
  const isToBeFetched = ({ path }: Problem) =>
    initial.fetchKubeconfig !== undefined && path === "kubernetes.kubeconfig";
  const found = [...problems, ...otherFiles.filter((problem) => !isToBeFetched(problem))].sort(byPlace);
  process.stderr.write(found.map((problem) => `${problemText(problem)}\n`).join(""));
  if (config !== undefined) process.stdout.write(`\n${summaryText(summarize(config))}`);
  const failed = config === undefined || found.some(isError);
  process.stdout.write(`\nNext: ${failed ? afterMending(file) : nextCommand(file, config, initial)}\n`);
  return failed ? exitCodes.failed : exitCodes.ok;
}

const isUsual = (file: string) => file === clusterFile(process.env);

const ours = (file: string, command: string) =>
  `npx baremetal-lb ${command}${isUsual(file) ? "" : ` --config ${file}`}`;

const afterMending = (file: string) => `correct what is named above in ${file}, then ${ours(file, "check")}`;

function nextCommand(
  file: string,
  { nodes, metallb }: ClusterConfig,
  { canAdopt, isOthers, fetchKubeconfig }: InitialFile,
): string {
  if (fetchKubeconfig !== undefined) return fetchKubeconfig;
  if (nodes.some(({ hostKey }) => hostKey === undefined)) return ours(file, "trust");
  // Of another's MetalLB the stacks deploy none.
  if (isOthers) return ours(file, "status");
  if (usesCustomResources(metallb.version)) return ours(file, "manifest");
  if (canAdopt) return ours(file, "adopt --plan");
  return `${isUsual(file) ? "" : `CLUSTER_CONFIG=${file} `}npx cdktf diff nodes`;
}
