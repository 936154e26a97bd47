import type { Finding, Path } from "../../../values/problem";
import type { SharedDraft } from "../draft";

/** Credentials that the machine does not have on which `state.execution` has Terraform run. */
export function checkExecution({ state, ssh, kubernetes }: SharedDraft): Finding[] {
  if (state?.backend !== "cloud") return [];
  const { execution, agentPool } = state;
  if (execution === undefined) return [];
  const findings: Finding[] = [];
  const warn = (path: Path, texts: Pick<Finding, "given" | "expected" | "remedy">) =>
    findings.push({ severity: "warning", path, ...texts });
  if (agentPool !== undefined && execution !== "agent") {
    warn(["state", "agentPool"], {
      given: `a pool, with execution: ${execution}`,
      expected: "no pool: only with execution: agent do agents run the workspaces",
      remedy: "write execution: agent, or remove agentPool",
    });
  }
  if (execution === "local") return findings;
  if (ssh?.agent === true) {
    warn(["ssh", "agent"], {
      given: `true, with execution: ${execution}`,
      expected: "a key that the machine has which runs Terraform: your SSH agent is not there",
      remedy:
        execution === "agent"
          ? "name a privateKeyFile of the machine of Terraform Cloud's agent, or set privateKeyVariable: true"
          : "set privateKeyVariable: true, or write execution: agent with an agent that has a key file",
    });
  }
  if (execution === "agent") return findings;
  const onServer = "a file of the server's own machines, where this one is not: HCP Terraform's have none of yours";
  if (ssh?.privateKeyFile !== undefined && ssh.agent !== true && ssh.privateKeyVariable !== true) {
    warn(["ssh", "privateKeyFile"], {
      given: "a file, with execution: remote",
      expected: onServer,
      remedy: "write execution: agent with an agent that has the file, or set privateKeyVariable: true",
    });
  }
  if (kubernetes?.credentials === "kubeconfig") {
    warn(["kubernetes", "credentials"], {
      given: "a kubeconfig, with execution: remote",
      expected: onServer,
      remedy: "write execution: agent with an agent that has the file, or credentials: variables",
    });
  }
  return findings;
}
