import type { ClusterConfig } from "../../cluster/schema";
import { stackNames } from "../../cluster/stack-names";
import { declaredVariables, forms, type SensitiveVariable } from "../../stacks/shared/sensitive-variables";
import type { CloudStateConfig } from "../../stacks/shared/schema/state";
import { workspaceName } from "../../stacks/shared/state-block";
import { UserError } from "../../values/user-error";

/** A cluster's workspaces and what belongs to them, as the configuration has them. */
export interface WantedCloud {
  readonly hostname: string;
  readonly organization: string;
  readonly project?: string | undefined;
  /** Only where agents run the workspaces. */
  readonly agentPool?: string | undefined;
  readonly execution: CloudStateConfig["execution"];
  readonly terraformVersion: string;
  /** In the order of the stacks: each is triggered by the one before it. */
  readonly workspaces: readonly { readonly name: string; readonly tags: readonly string[] }[];
  /** The variables that the stacks declare; none where Terraform runs here, which does not read a workspace's. */
  readonly variables: readonly { readonly key: SensitiveVariable; readonly description: string }[];
  /** The name of the one set that has them. */
  readonly variableSet: string;
}

/** @throws UserError where the configuration keeps its state elsewhere, or does not name what is needed. */
export function wantedCloud(config: ClusterConfig, terraformVersion: string): WantedCloud {
  const { name, state } = config;
  if (state.backend !== "cloud") {
    throw new UserError(`state.backend is ${state.backend}: only with backend: cloud are there workspaces to set up`);
  }
  const { hostname, organization, project, agentPool, execution, tags } = state;
  if (execution === "agent" && agentPool === undefined) {
    throw new UserError(
      "state.agentPool is missing: with execution: agent write the name of the pool whose agents run the workspaces",
    );
  }
  const keys = execution === "local" ? [] : declaredVariables(config);
  return {
    hostname,
    organization,
    project,
    agentPool: execution === "agent" ? agentPool : undefined,
    execution,
    terraformVersion,
    workspaces: stackNames(config).map((stack) => ({
      name: workspaceName(state, name, stack),
      tags: [...new Set([name, stack, ...tags])],
    })),
    variables: keys.map((key) => ({ key, description: forms[key].description })),
    variableSet: `${state.workspacePrefix ?? name}-credentials`,
  };
}
