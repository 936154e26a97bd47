import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, resolve } from "node:path";
import { checkEnvironment } from "./checks/environment";
import { type Environment } from "../values/environment";
import { checkNamedFiles } from "./checks/files";
import { errorCode } from "../values/error-code";
import { expandHome } from "../values/paths";
import type { ReadFile } from "../stacks/metallb/resources/read-resources";
import { manifestProblem } from "../stacks/metallb/release/manifest";
import { ConfigurationError, isError, type Problem } from "../values/problem";
import { type ReadOptions, readCluster } from "./read";
import type { ClusterConfig } from "./schema";

/** What is looked at beside the file. What is left out is not looked at. */
export interface Surroundings {
  /** process.env: variables that would lead to another cluster, or that Terraform would send to a server, are errors. */
  readonly environment?: Environment;
  /** The home directory: the SSH key and the kubeconfig that the file names are looked at. */
  readonly home?: string;
}

/** A configuration with all that is wrong with it. */
export interface Inspection {
  /** Undefined if one of `problems` is an error. */
  readonly config: ClusterConfig | undefined;
  /** What is wrong with the file and with the environment. */
  readonly problems: readonly Problem[];
  /** What is wrong with the SSH key and the kubeconfig on this machine, placed where the file names them. */
  readonly otherFiles: readonly Problem[];
  /** What is wrong with MetalLB's manifest, which synthesis reads by itself. */
  readonly manifest?: Problem;
}

/** Reads a cluster.yaml and reports every problem; throws for none of them. */
export function inspectCluster(
  file: string,
  { environment = {}, home, hostKeysOptional, manifestHashOptional }: Surroundings & ReadOptions = {},
): Inspection {
  const ofEnvironment = (config?: ClusterConfig) => checkEnvironment(environment, config);
  const text = textOf(file);
  if (typeof text !== "string") return { config: undefined, problems: [text, ...ofEnvironment()], otherFiles: [] };
  const readFile = (path: string) => fileText(resolve(dirname(file), expandHome(path, home ?? homedir())));
  const reading = readCluster(text, file, { hostKeysOptional, manifestHashOptional, readFile });
  const problems = [...reading.problems, ...ofEnvironment(reading.config)];
  const config = problems.some(isError) ? undefined : reading.config;
  return {
    config,
    problems,
    otherFiles: home === undefined ? [] : reading.locate(checkNamedFiles(reading.files, home)),
    manifest: config === undefined || home === undefined ? undefined : manifestProblem(config.metallb, file, home),
  };
}

/** What `loadCluster` is told beside the file's name. */
export interface LoadOptions extends Surroundings {
  /** Is called for each warning. Default: warnings are dropped. */
  readonly warn?: (problem: Problem) => void;
}

/**
 * Reads a cluster.yaml for synthesis. The key file and the kubeconfig are needed by the apply only, which may run on
 * another machine: what is wrong with them is a warning here, and an error in `check`. MetalLB's manifest is needed by
 * synthesis itself, and read apart: see readManifest.
 * @throws ConfigurationError with every problem, if one of them is an error.
 */
export function loadCluster(file: string, { environment, home, warn }: LoadOptions = {}): ClusterConfig {
  const { config, problems, otherFiles } = inspectCluster(file, { environment, home });
  if (config === undefined) throw new ConfigurationError(problems);
  problems.forEach((problem) => warn?.(problem));
  otherFiles.forEach((problem) => warn?.({ ...problem, severity: "warning" }));
  return config;
}

/** A file's text, or what is wrong with the file. */
function fileText(path: string): ReturnType<ReadFile> {
  try {
    return { text: readFileSync(path, "utf8") };
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return { fault: code === "ENOENT" ? "does not exist" : `cannot be read (${code})` };
  }
}

function textOf(file: string): string | Problem {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = errorCode(error);
    const missing = code === "ENOENT";
    return {
      severity: "error",
      file,
      path: "",
      given: missing ? "no such file" : `a file that cannot be read (${code ?? String(error)})`,
      expected: "the cluster's configuration",
      remedy: missing
        ? `run npx baremetal-lb init --output ${file}, which writes it for a cluster as it is, or copy this project's cluster.example.yaml to it; or name another file with CLUSTER_CONFIG`
        : "name a file that this user may read",
    };
  }
}
