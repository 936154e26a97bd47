import { existsSync } from "node:fs";
import type { AppsV1Api, CoreV1Api, KubeConfig, RequestContext, ResponseContext } from "@kubernetes/client-node" with {
  "resolution-mode": "import",
};
import { expandHome } from "../../values/paths";
import type { SensitiveVariable } from "../../stacks/shared/sensitive-variables";
import type { KubernetesCredentials } from "../../stacks/shared/schema/kubernetes";
import { sensitiveValue } from "../sensitive-value";
import type { CredentialSources } from "../ssh/credentials";
import { UserError } from "../../values/user-error";

/** The parts of the Kubernetes API that the commands use; each request is bounded. */
export interface KubernetesApi {
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  /** GET of any path, such as /apis/apps/v1/namespaces/a/deployments/b; undefined where the API answers 404. */
  get(path: string): Promise<unknown>;
  /** DELETE of an object by its path; its own objects, such as pods, go after it. One that is not there is no error. */
  remove(path: string): Promise<void>;
}

/** Bound of one request, in seconds. */
const requestSeconds = 15;

/**
 * Connects with the credentials that Terraform would use: a context of a kubeconfig, or the values of the variables.
 * @throws UserError that says what is missing.
 */
export async function connectKubernetes(
  credentials: KubernetesCredentials,
  sources: CredentialSources,
): Promise<KubernetesApi> {
  // Imported here: it takes 0.3 s, and not every command needs it.
  const client = await import("@kubernetes/client-node");
  const config = new client.KubeConfig();
  if (credentials.source === "kubeconfig") useKubeconfig(config, credentials, sources.home);
  else useVariables(config, sources.environment);

  const server = config.getCurrentCluster()?.server ?? "";
  checkRequestParts(server, config.getCurrentUser()?.token);
  const bounded = {
    pre: (request: RequestContext) => {
      request.setSignal(AbortSignal.timeout(requestSeconds * 1000));
      return Promise.resolve(request);
    },
    post: (response: ResponseContext) => Promise.resolve(response),
  };
  const configuration = client.createConfiguration({
    baseServer: new client.ServerConfiguration(server, {}),
    authMethods: { default: config },
    promiseMiddleware: [bounded],
  });
  const ask = async (path: string, method: "GET" | "DELETE") => {
    const request = configuration.baseServer.makeRequestContext(path, client.HttpMethod[method]);
    await config.applySecurityAuthentication(request);
    request.setSignal(AbortSignal.timeout(requestSeconds * 1000));
    const response = await configuration.httpApi.send(request).toPromise();
    const body = (await response?.body.text()) ?? "";
    if (response?.httpStatusCode === 404) return undefined;
    if (![200, 202].includes(response?.httpStatusCode ?? 0)) {
      throw new UserError(
        `the Kubernetes API answers ${response?.httpStatusCode} to ${method} ${path}: ${statusMessage(body)}`,
      );
    }
    return body;
  };
  return {
    core: new client.CoreV1Api(configuration),
    apps: new client.AppsV1Api(configuration),
    async get(path) {
      const body = await ask(path, "GET");
      return body === undefined ? undefined : parsedAnswer(path, body);
    },
    async remove(path) {
      await ask(path, "DELETE");
    },
  };
}

function useKubeconfig(
  config: KubeConfig,
  { path, context }: Extract<KubernetesCredentials, { source: "kubeconfig" }>,
  home: string,
): void {
  const file = expandHome(path, home);
  if (!existsSync(file)) {
    throw new UserError(`the kubeconfig ${path} does not exist: set kubernetes.kubeconfig in cluster.yaml`);
  }
  try {
    config.loadFromFile(file);
  } catch (error) {
    // Whatever the file has that the client does not expect is the file's fault.
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new UserError(`the kubeconfig ${path} cannot be read: ${reason}`, { cause: error });
  }
  if (config.getContextObject(context) === null) {
    const known = config.getContexts().map(({ name }) => name);
    throw new UserError(`the kubeconfig ${path} has no context ${context}; it has ${known.join(", ") || "none"}`);
  }
  config.setCurrentContext(context);
}

function useVariables(config: KubeConfig, environment: CredentialSources["environment"]): void {
  const value = (variable: SensitiveVariable) =>
    sensitiveValue(variable, environment, "kubernetes.credentials is variables");
  const caData = Buffer.from(value("kubernetes_ca_certificate")).toString("base64");
  config.loadFromClusterAndUser(
    { name: "cluster", server: value("kubernetes_host"), caData, skipTLSVerify: false },
    { name: "user", token: value("kubernetes_token") },
  );
}

/** What no request can be made of: Node's client calls it a TypeError, as if it were a mistake of this project. */
function checkRequestParts(server: string, token: string | undefined): void {
  if (!/^https?:$/.test(URL.canParse(server) ? new URL(server).protocol : "")) {
    throw new UserError(
      `the Kubernetes API's address is ${JSON.stringify(server)}; expected a URL such as https://192.168.1.10:6443: correct the cluster's server in the kubeconfig`,
    );
  }
  if (token !== undefined && /[^\x20-\x7e]/.test(token)) {
    throw new UserError(
      "the token for the Kubernetes API has a line break or another character that no token has (it is not shown): correct it in the kubeconfig",
    );
  }
}

function parsedAnswer(path: string, body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw new UserError(`GET ${path} is answered with what is no JSON: see whether the Kubernetes API answers there`);
  }
}

/** Mistakes of this project: of its own code, or in a call of the client's. */
const isMistake = (error: unknown): boolean =>
  [TypeError, ReferenceError, RangeError, SyntaxError].some((kind) => error instanceof kind) ||
  (error instanceof Error && error.name === "RequiredError");

/** What went wrong with a request, in one line. @throws the error itself, where it is no answer, or no connection. */
export function apiProblem(error: unknown): string {
  if (error instanceof UserError) return error.message;
  if (isMistake(error)) throw error;
  const { code, body } = (error ?? {}) as { code?: unknown; body?: unknown };
  if (typeof code === "number") {
    return `the Kubernetes API answers ${code}: ${statusMessage(body)}`;
  }
  const cause = error instanceof Error ? error.message : String(error);
  return /aborted|timeout/i.test(cause)
    ? `the Kubernetes API did not answer within ${requestSeconds} s`
    : // node-fetch names the whole path, with its query.
      `the Kubernetes API cannot be reached: ${cause.replace(/^request to (https?:\/\/[^/]+)\S* failed, reason: /, "$1: ")}`;
}

/** The message of a Status, which the API answers errors with; of anything else the whole. */
function statusMessage(body: unknown): string {
  const status = typeof body === "string" ? (tryParse(body) as { message?: string } | undefined) : undefined;
  return status?.message ?? String(body);
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
