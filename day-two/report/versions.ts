import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { arch, release, type as systemType } from "node:os";
import { promisify } from "node:util";
import packageJson from "../../package.json";
import { apiProblem, type KubernetesApi } from "../../remote/kubernetes/connect";
import type { Stack } from "../../remote/terraform/stack";
import { terraformProgram } from "../../stacks/shared/terraform-program";
import { providers } from "../../stacks/shared/terraform-versions";
import type { ClusterConfig } from "../../cluster/schema";
import type { Environment } from "../../values/environment";
import { findInstallations } from "../metallb/installation";
import { runningVersion } from "../metallb/running-version";

const askSeconds = 20;

type Lines = readonly (readonly [what: string, version: string])[];

/** Names, each beside what it has. */
const linesText = (lines: Lines): string => {
  const width = Math.max(...lines.map(([what]) => what.length));
  return lines.map(([what, version]) => `${what.padEnd(width)}  ${version}\n`).join("");
};

/** Variables that say where the commands look, or with what. */
const telling = /^(BAREMETAL_LB_|CDKTF_|CLUSTER_CONFIG|KUBE|TERRAFORM_|TF_|TOFU_|HTTPS?_PROXY|NO_PROXY|CI$)/i;

/** Of the CDKTF that is installed beside this project, which may be another one than it was made with. */
function cdktfVersion(): string {
  const { version } = JSON.parse(readFileSync(require.resolve("cdktf/package.json"), "utf8")) as { version: string };
  return version;
}

/**
 * The versions on this machine.
 * @param stack one that was synthesised, in whose folder the program knows its providers. @default only those that are declared
 */
export async function versionsHere(environment: Environment, stack?: Stack): Promise<string> {
  const { product } = terraformProgram(environment);
  const set = Object.keys(environment).filter((name) => telling.test(name) && environment[name]);
  const declared = Object.values(providers).map(({ source, version }): [string, string] => [
    `provider ${source}`,
    version,
  ]);
  return linesText([
    ["baremetal-lb", packageJson.version],
    ["Node.js", process.version],
    ["system", `${systemType()} ${release()} ${arch()}`],
    ["cdktf", cdktfVersion()],
    [product, await programVersion(environment, stack)],
    ...declared,
    ["variables that are set", set.sort().join(", ") || "none"],
  ]);
}

/** Of Terraform or OpenTofu, with the providers that it has chosen in a stack's folder. */
async function programVersion(environment: Environment, stack: Stack | undefined): Promise<string> {
  const { file } = terraformProgram(environment);
  try {
    const { stdout } = await promisify(execFile)(file, ["version", "-json"], {
      cwd: stack?.folder,
      env: { ...environment, CHECKPOINT_DISABLE: "1" },
      timeout: askSeconds * 1000,
    });
    const { terraform_version: version, provider_selections: chosen = {} } = JSON.parse(stdout) as {
      readonly terraform_version: string;
      readonly provider_selections?: Readonly<Record<string, string>>;
    };
    const used = Object.entries(chosen).map(([name, is]) => `${name} ${is}`);
    return [version, ...(used.length === 0 ? [] : [`with ${used.join(", ")}`])].join(" ");
  } catch (error) {
    return `${file} does not tell its version: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`;
  }
}

interface Node {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly nodeInfo?: Readonly<Record<string, string>> };
}

/** The versions of the cluster: Kubernetes, MetalLB, and each node's kernel and programs, beside what is declared. */
export async function versionsOfCluster(api: KubernetesApi, { kubernetes, metallb }: ClusterConfig): Promise<string> {
  const { gitVersion } = (await api.get("/version")) as { readonly gitVersion: string };
  const [running, nodes] = await Promise.all([
    findInstallations(api)
      .then((found) => runningVersion(api, found.metallb))
      .then((found) => (found === undefined ? "is not there" : `${found.version} (${found.image})`))
      .catch((error: unknown) => `could not be asked: ${apiProblem(error)}`),
    api
      .get("/api/v1/nodes")
      .then((list) => ((list ?? {}) as { readonly items?: readonly Node[] }).items ?? [])
      .then((items) => items.map(ofNode))
      .catch((error: unknown): [string, string][] => [["nodes", `could not be asked: ${apiProblem(error)}`]]),
  ]);
  return linesText([
    ["Kubernetes", `${gitVersion}, declared ${kubernetes.version}`],
    ["MetalLB", `${running}, declared ${metallb.version}`],
    ...nodes,
  ]);
}

function ofNode({ metadata, status }: Node): [string, string] {
  const { kernelVersion, osImage, kubeletVersion, kubeProxyVersion, containerRuntimeVersion } = status?.nodeInfo ?? {};
  const parts = [
    ["kernel", kernelVersion],
    ["", osImage],
    ["kubelet", kubeletVersion],
    ["kube-proxy", kubeProxyVersion],
    ["", containerRuntimeVersion],
  ].flatMap(([what, version]) => (version ? [`${what} ${version}`.trim()] : []));
  return [`node ${metadata.name}`, parts.join(", ") || "tells nothing"];
}
