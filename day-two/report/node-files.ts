import type { ClusterConfig } from "../../cluster/schema";
import type { CredentialSources } from "../../remote/ssh/credentials";
import { lookAtNodes } from "../nodes/probe";
import type { ReportFile } from "./part";

/** What each declared node shows of itself, asked over SSH side by side. @throws UserError where none can be asked. */
export async function nodeFiles(
  config: ClusterConfig,
  sources: CredentialSources,
  { lines }: { /** Of one command's output. */ readonly lines: number },
): Promise<ReportFile[]> {
  const answers = await lookAtNodes(config, sources, {
    script: "report-node",
    parse: (text) => text,
    parameters: () => ({ REPORT_LINES: String(lines) }),
  });
  return answers.map(({ node, answer, error }) => {
    const name = `nodes/${node.name}.txt`;
    return answer === undefined ? { name, problem: error.message } : { name, content: { text: answer } };
  });
}
