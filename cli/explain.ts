import { type Command, InvalidArgumentError } from "commander";
import { explain, type ExplainReport } from "../day-two/explain/explain";
import { connectKubernetes } from "../remote/kubernetes/connect";
import { type ClusterOptions, clusterCommand, onCluster, printJson } from "./cluster-command";
import { examplesText } from "./examples";
import { exitCodes } from "./exit-codes";
import { explainText } from "./explain-report";
import { withProgress } from "./terminal";

interface ExplainCommandOptions extends ClusterOptions {
  readonly without?: readonly string[];
}

export function explainCommand(): Command {
  return clusterCommand(
    "explain",
    "Say why a LoadBalancer Service does not answer: follows it from its object to its address, the nodes that announce " +
      "it, kube-proxy there, and a connection from this host. Changes nothing. Exit code: 0 nothing is wrong, 2 a cause was " +
      "found, 1 it could not be found out.",
  )
    .argument("<service>", "namespace/name, or the name of one in the namespace default", readService)
    .option(
      "--without <node>",
      "also say who would announce it if this node were gone; may be given more than once",
      (node: string, before: readonly string[] = []) => [...before, node],
    )
    .addHelpText(
      "after",
      examplesText({
        "npx baremetal-lb explain default/web": "the first thing that is wrong",
        "npx baremetal-lb explain default/web --without node2": "also who would announce it then",
      }),
    )
    .action((service: string, options: ExplainCommandOptions) =>
      onCluster(options, async ({ config, home, project: { environment } }) => {
        const report = await withProgress(`following ${service}`, async () => {
          const api = await connectKubernetes(config.kubernetes.credentials, { home, environment });
          return explain(api, { config, service, without: options.without ?? [], home, environment });
        });
        if (options.json) printJson(report);
        else process.stdout.write(explainText(report));
        return exitCodeOf(report);
      }),
    );
}

/** A Service as an option or an argument names it. */
export function readService(text: string): string {
  const place = text.includes("/") ? text : `default/${text}`;
  if (/^[^/\s]+\/[^/\s]+$/.test(place)) return place;
  throw new InvalidArgumentError("expected namespace/name, such as default/web.");
}

/** Nothing wrong is known for certain by an answer, or where all of it could be looked at. */
export function exitCodeOf({ cause, answers, story }: Pick<ExplainReport, "cause" | "answers" | "story">): number {
  if (cause !== undefined) return exitCodes.drifted;
  return answers === true || story.every(({ status }) => status === "passed") ? exitCodes.ok : exitCodes.failed;
}
