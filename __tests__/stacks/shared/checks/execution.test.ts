import { readCluster } from "../../../../cluster/read";
import { problemText } from "../../../../values/problem";
import { edited } from "../../../cluster/sample";
import { fault } from "../../../faults";

describe("credentials that are not where Terraform runs", () => {
  const warnings = (state: string, ...changes: (readonly [string, string])[]) => {
    const text = edited(["backend: local", `backend: cloud\n  organization: acme\n${state}`], ...changes);
    const { problems } = readCluster(text, "cluster.yaml");
    return problems.map(problemText).map((problem) => problem.replace(/^cluster\.yaml:\d+:\d+: /, ""));
  };
  const keyFile = ["  agent: true", "  privateKeyFile: ~/.ssh/id"] as const;
  const variable = ["  agent: true", "  privateKeyVariable: true"] as const;
  const variables = ["  context: admin", "  credentials: variables"] as const;
  const notThere = "a file of the server's own machines, where this one is not: HCP Terraform's have none of yours";

  test(`${fault(173)}: files, with remote execution`, () => {
    expect(warnings("  execution: remote", keyFile)).toEqual([
      `warning: kubernetes.credentials: given a kubeconfig, with execution: remote; expected ${notThere}; write execution: agent with an agent that has the file, or credentials: variables`,
      `warning: ssh.privateKeyFile: given a file, with execution: remote; expected ${notThere}; write execution: agent with an agent that has the file, or set privateKeyVariable: true`,
    ]);
  });

  test.each([
    ["agent", "name a privateKeyFile of the machine of Terraform Cloud's agent, or set privateKeyVariable: true"],
    ["remote", "set privateKeyVariable: true, or write execution: agent with an agent that has a key file"],
  ])(`${fault(173)}: an SSH agent, with %s execution`, (execution, remedy) => {
    expect(warnings(`  execution: ${execution}`, variables)).toEqual([
      `warning: ssh.agent: given true, with execution: ${execution}; expected a key that the machine has which runs Terraform: your SSH agent is not there; ${remedy}`,
    ]);
  });

  test(`${fault(173)}: a pool of agents that run nothing`, () => {
    expect(warnings("  execution: local\n  agentPool: beside")).toEqual([
      "warning: state.agentPool: given a pool, with execution: local; expected no pool: only with execution: agent do agents run the workspaces; write execution: agent, or remove agentPool",
    ]);
  });

  test.each([
    ["local", []],
    ["agent", [keyFile]],
    ["remote", [variable, variables]],
  ])("with %s execution nothing is wrong with what is there", (execution, changes) => {
    expect(warnings(`  execution: ${execution}`, ...changes)).toEqual([]);
  });
});
