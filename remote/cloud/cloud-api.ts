import { existsSync, readFileSync } from "node:fs";
import { request as overHttps } from "node:https";
import { rootCertificates } from "node:tls";
import { HttpsProxyAgent } from "hpagent";
import type { Environment } from "../../values/environment";
import { UserError } from "../../values/user-error";

// The API of HCP Terraform and Terraform Enterprise, as far as it is asked here:
// https://developer.hashicorp.com/terraform/cloud-docs/api-docs

/** An object of the API, which speaks JSON:API. */
export interface CloudObject {
  readonly id: string;
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly relationships?: Readonly<Record<string, { readonly data?: Reference | readonly Reference[] | null }>>;
}

/** One object's mention by another. */
export interface Reference {
  readonly id: string;
  readonly type: string;
}

/** A request that changes something. */
export interface CloudChange {
  readonly method: "POST" | "PATCH" | "DELETE";
  /** Below /api/v2, such as /organizations/acme/workspaces. */
  readonly path: string;
  readonly body?: unknown;
}

export interface CloudApiOptions {
  /** Such as app.terraform.io, with :PORT if it is not 443. */
  readonly hostname: string;
  readonly token: string;
  readonly environment: Environment;
  /** How long an answer may take. @default 10 */
  readonly timeoutSeconds?: number;
}

/** Where Go programs on Linux find the CAs that they trust, the first that exists (crypto/x509/root_linux.go). */
const certificateFiles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** An answer that is none of 200 to 299. */
export class CloudRefusal extends UserError {
  override readonly name = "CloudRefusal";
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The server's API, with the token and the certificates that Terraform uses for it. */
export class CloudApi {
  readonly hostname: string;
  private readonly ca: string[];
  private readonly agent: HttpsProxyAgent | undefined;

  constructor(private readonly options: CloudApiOptions) {
    this.hostname = options.hostname;
    const { SSL_CERT_FILE: named } = options.environment;
    const file = named || certificateFiles.find(existsSync);
    this.ca = [...rootCertificates, ...(file !== undefined && existsSync(file) ? [readFileSync(file, "utf8")] : [])];
    const proxy = proxyFor(options.hostname, options.environment);
    this.agent = proxy === undefined ? undefined : new HttpsProxyAgent({ proxy });
  }

  /** One object, or undefined where there is none, or none that this token may see. */
  async get(path: string): Promise<CloudObject | undefined> {
    return (await this.getWith(path)).data;
  }

  /** The same with the objects that the path has included. */
  async getWith(path: string): Promise<{ readonly data?: CloudObject; readonly included: readonly CloudObject[] }> {
    const answer = (await this.found(path)) as { data?: CloudObject; included?: CloudObject[] } | undefined;
    return { data: answer?.data, included: answer?.included ?? [] };
  }

  /** All objects of a list, page by page; undefined where the server has no such list. */
  async list(path: string): Promise<CloudObject[] | undefined> {
    const objects: CloudObject[] = [];
    for (let page: number | null = 1; page !== null; ) {
      const separator = path.includes("?") ? "&" : "?";
      const answer = await this.found(`${path}${separator}page[number]=${page}&page[size]=100`);
      if (answer === undefined) return undefined;
      const { data, meta } = answer as {
        data: CloudObject[];
        meta?: { pagination?: { "next-page"?: number | null } };
      };
      objects.push(...data);
      page = meta?.pagination?.["next-page"] || null;
    }
    return objects;
  }

  /** Makes a change; gives the object that the server answers with, if it is one. @throws CloudRefusal */
  async change({ method, path, body }: CloudChange): Promise<CloudObject | undefined> {
    const text = await this.answer(method, path, body);
    return text === "" ? undefined : (JSON.parse(text) as { data?: CloudObject }).data;
  }

  private async found(path: string): Promise<unknown> {
    try {
      return JSON.parse(await this.answer("GET", path));
    } catch (error) {
      if (error instanceof CloudRefusal && error.status === 404) return undefined;
      throw error;
    }
  }

  private prefix: Promise<string> | undefined;

  /** Where the server has its API: Terraform's service discovery, asked once. */
  private async discovered(): Promise<string> {
    const { hostname } = this.options;
    const text = await this.request("GET", "/.well-known/terraform.json").catch((error: unknown) => {
      if (!(error instanceof CloudRefusal)) throw error;
      return "{}";
    });
    const service = servicePath(text);
    if (service === undefined) {
      throw new UserError(`${hostname} is no HCP Terraform or Terraform Enterprise: write its name in state.hostname`);
    }
    return service.replace(/\/$/, "");
  }

  private async answer(method: string, path: string, body?: unknown): Promise<string> {
    this.prefix ??= this.discovered();
    return this.request(method, (await this.prefix) + path, body);
  }

  private request(method: string, path: string, body?: unknown): Promise<string> {
    const { hostname, token, timeoutSeconds = 10 } = this.options;
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const headers = {
      Authorization: `Bearer ${token}`,
      "Content-Type": "application/vnd.api+json",
      Accept: "application/vnd.api+json",
    };
    return new Promise((done, refuse) => {
      const cannot = (error: Error) =>
        refuse(
          new UserError(
            `${hostname} cannot be asked: ${signal.aborted ? `no answer within ${timeoutSeconds} s` : error.message}`,
            { cause: error },
          ),
        );
      const options = { method, headers, ca: this.ca, signal, agent: this.agent };
      const asked = overHttps(`https://${hostname}${path}`, options, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", cannot);
        response.on("end", () => {
          const text = Buffer.concat(parts).toString("utf8");
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) done(text);
          else refuse(new CloudRefusal(status, refusal(hostname, { method, path, status, text })));
        });
      });
      asked.on("error", cannot);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/** The proxy to a host, by the variables that Terraform follows. */
function proxyFor(hostname: string, environment: Environment): string | undefined {
  const proxy = environment.HTTPS_PROXY || environment.https_proxy;
  const [host = ""] = hostname.split(":");
  const without = (environment.NO_PROXY || environment.no_proxy || "").split(",").map((name) => name.trim());
  const isLocal = /^(localhost|127\..*)$/.test(host);
  const isExcluded = without.some((name) => name === "*" || (name !== "" && `.${host}`.endsWith(`.${name.replace(/^\./, "")}`)));
  return proxy && !isLocal && !isExcluded ? proxy : undefined;
}

/** The first of the API's versions that a server's service discovery names. */
function servicePath(text: string): string | undefined {
  try {
    const services = JSON.parse(text) as Record<string, unknown>;
    const path = services["tfe.v2.1"] ?? services["tfe.v2"];
    return typeof path === "string" && path.startsWith("/") ? path : undefined;
  } catch {
    return undefined;
  }
}

interface Refused {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly text: string;
}

function refusal(hostname: string, { method, path, status, text }: Refused): string {
  if (status === 401) return `${hostname} does not accept the token: run terraform login ${hostname}, or renew it`;
  return `${hostname} refused ${method} ${path}: HTTP ${status}${detail(text)}`;
}

/** What the server says, in the form of JSON:API. */
function detail(text: string): string {
  try {
    const { errors = [] } = JSON.parse(text) as { errors?: { title?: string; detail?: string }[] };
    const said = errors.map(({ title, detail: more }) => more || title).filter((part) => part);
    return said.length === 0 ? "" : ` (${said.join("; ")})`;
  } catch {
    return "";
  }
}
