import { setMaxListeners } from "node:events";
import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { homedir } from "node:os";
import { Command, InvalidArgumentError } from "commander";
import { stringify } from "yaml";
import packageJson from "../package.json";
import { inspectCluster } from "../cluster/load";
import { archiveOf, type ArchivedFile } from "../day-two/report/archive";
import { type Contents, contentsText, failures } from "../day-two/report/contents";
import { knowCluster, knowEnvironment, knowFiles } from "../day-two/report/known-secrets";
import { type Content, gatherParts, reasonOf, type ReportFile, within } from "../day-two/report/part";
import { Redaction } from "../day-two/report/redaction";
import { removedWithUs } from "../remote/interruption";
import { connectKubernetes } from "../remote/kubernetes/connect";
import { errorCode } from "../values/error-code";
import { systemProblem, UserError, userMessage } from "../values/user-error";
import { configurationOf, environmentFor, printJson } from "./cluster-command";
import { examplesText } from "./examples";
import { exitCodes } from "./exit-codes";
import { readService } from "./explain";
import { inPrivateFolder } from "./private-folder";
import { type Reported, reportParts } from "./report-parts";
import { withProgress } from "./terminal";

interface ReportCommandOptions {
  readonly config?: string;
  readonly output?: string;
  readonly json?: boolean;
  readonly lines: number;
  readonly service?: readonly string[];
  readonly nodes: boolean;
}

export function reportCommand(): Command {
  return new Command("report")
    .description(
      "Write one archive for an issue or a colleague: versions, check, status, verify, drift, plans and states, what the " +
        "nodes show, logs, events and objects. Secrets are taken out. Changes nothing, and never overwrites a file. Exit " +
        "code: 0 all of it is there, 2 there is a report, in which a part is missing, 1 there is none.",
    )
    .option("-c, --config <file>", "the configuration (default: $CLUSTER_CONFIG, or cluster.yaml)")
    .option("-o, --output <file>", "the archive to write (default: baremetal-lb-report-<cluster>-<time>.tar.gz)")
    .option("--lines <number>", "how many lines of each log are in it, the last ones", readLines, 500)
    .option(
      "--service <service>",
      "explain this one, too, as namespace/name; may be given more than once (default: those without an address)",
      (service: string, before: readonly string[] = []) => [...before, readService(service)],
    )
    .option("--no-nodes", "ask no node over SSH")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      examplesText({
        "npx baremetal-lb report": "one archive of all that is known of the cluster",
        "npx baremetal-lb report --service default/web": "with what explain says of a Service",
      }),
    )
    .action(async (options: ReportCommandOptions) => {
      try {
        process.exitCode = await makeReport(options);
      } catch (error) {
        process.stderr.write(`${userMessage(error)}\n`);
        process.exitCode = exitCodes.failed;
      }
    });
}

function readLines(text: string): number {
  const lines = Number(text);
  if (Number.isInteger(lines) && lines > 0 && lines <= 100_000) return lines;
  throw new InvalidArgumentError("expected a whole number from 1 to 100000, such as 500.");
}

/** How long the cluster may take to tell its Secrets. */
const secretsSeconds = 120;

async function makeReport(options: ReportCommandOptions): Promise<number> {
  const made = new Date();
  const file = configurationOf(options);
  const { config } = inspectCluster(file, { environment: process.env });
  const stamp = made.toISOString().replace(/[-:]|\.\d+/g, "");
  const folder = `baremetal-lb-report-${config === undefined ? "" : `${config.name}-`}${stamp}`;
  const output = options.output ?? `${folder}.tar.gz`;
  // Before anything that takes time.
  const archive = newFile(output);
  const keep = removedWithUs(output);
  let isWritten = false;
  try {
    const contents = await withProgress("gathering the report", () => gather(options, { file, config, made }));
    const { files, ...told } = contents;
    writeSync(archive, await archiveOf(folder, files, made));
    isWritten = true;
    if (options.json) printJson({ file: output, ...told.listed });
    else process.stdout.write(`${output} is written, for its user alone to read.\n\n${told.text}`);
    return told.listed.failures.length > 0 ? exitCodes.drifted : exitCodes.ok;
  } finally {
    closeSync(archive);
    if (!isWritten) rmSync(output, { force: true });
    keep();
  }
}

/** @throws UserError where it is there, or cannot be written. */
function newFile(path: string): number {
  try {
    return openSync(path, "wx", 0o600);
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw systemProblem(`${path} cannot be written`, error);
    throw new UserError(
      `${path} is there already, and report overwrites no file: name another one with --output, or remove it`,
    );
  }
}

type Subject = Pick<Reported, "file" | "config"> & { readonly made: Date };

/** Gathers everything first, with all that is known to be secret, and only then makes texts of it. */
async function gather(options: ReportCommandOptions, { file, config, made }: Subject) {
  const home = homedir();
  const environment = config === undefined ? { ...process.env, CLUSTER_CONFIG: file } : environmentFor(config, file);
  const redaction = new Redaction();
  knowEnvironment(redaction, { environment });
  knowFiles(redaction, textIfThere(file), { environment, home });
  const interruption = new AbortController();
  const { signal } = interruption;
  // Each part waits for it.
  setMaxListeners(0, signal);
  const interrupt = () => interruption.abort();
  process.on("SIGINT", interrupt);
  let connection: ReturnType<typeof connectKubernetes> | undefined;
  const api = () => {
    if (config === undefined) throw new UserError(`${file} has mistakes`);
    return (connection ??= connectKubernetes(config.kubernetes.credentials, { home, environment }));
  };
  try {
    const [parts, note] = await inPrivateFolder((scratch) => {
      const { lines, service: services = [], nodes } = options;
      const say = (text: string) => void process.stderr.write(`${text}\n`);
      const reported = {
        file,
        config,
        environment,
        home,
        api,
        redaction,
        scratch,
        signal,
        say,
        lines,
        services,
        nodes,
      };
      const secrets = within(secretsSeconds, signal, async () => knowCluster(redaction, await api()));
      return Promise.all([
        gatherParts(reportParts(reported), signal),
        secrets.catch(
          (error: unknown) => `The cluster's Secrets are not known (${reasonOf(error)}): found by their look alone.`,
        ),
      ]);
    });
    if (signal.aborted) throw new UserError("it was interrupted, and no report is written");
    const notes = note === undefined ? [] : [note];
    const contents: Contents = {
      cluster: config?.name ?? file,
      made,
      version: packageJson.version,
      parts,
      knownSecrets: redaction.size,
      notes,
    };
    const text = redaction.text(contentsText(contents));
    const files = parts.flatMap((part) => part.files).map((one) => archived(redaction, one));
    return { files: [{ name: "contents.md", text }, ...files], text, listed: listOf(contents, redaction) };
  } finally {
    process.off("SIGINT", interrupt);
  }
}

function textIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // What is wrong with it is a part of the report.
    return "";
  }
}

const archived = (redaction: Redaction, { name, content, problem }: ReportFile): ArchivedFile => ({
  name,
  text: content === undefined ? `${redaction.text(problem)}\n` : contentText(redaction, content),
});

function contentText(redaction: Redaction, content: Content): string {
  if ("text" in content) return redaction.text(content.text);
  if ("json" in content) return `${JSON.stringify(redaction.texts(content.json), null, 2)}\n`;
  return content.yaml.map((one) => `---\n${stringify(redaction.texts(one), { lineWidth: 0 })}`).join("");
}

/** The list of what is inside, for programs. */
const listOf = ({ cluster, parts, knownSecrets, notes }: Contents, redaction: Redaction) => ({
  cluster,
  parts: parts.map(({ name, what, files }) => ({ name, what, files: files.length })),
  failures: failures(parts).map(({ name, problem }) => ({ name, problem: redaction.text(problem) })),
  knownSecrets,
  notes: notes.map((note) => redaction.text(note)),
});
