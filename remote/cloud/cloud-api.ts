import { existsSync, readFileSync } from "node:fs";
import { Agent, request as overHttps } from "node:https";
import { createSecureContext, rootCertificates } from "node:tls";
import { HttpsProxyAgent } from "hpagent";
import type { Environment } from "../../values/environment";
import { UserError } from "../../values/user-error";
import { loginCommand } from "./token";

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

/** The id of the one object that another one names as a relation. */
export function reference(object: CloudObject | undefined, name: string): string | undefined {
  const data = object?.relationships?.[name]?.data;
  return data === null || data === undefined || !("id" in data) ? undefined : data.id;
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
  private readonly agent: Agent;

  constructor(private readonly options: CloudApiOptions) {
    this.hostname = options.hostname;
    const { SSL_CERT_FILE: named } = options.environment;
    const file = named || certificateFiles.find(existsSync);
    const system = file !== undefined && existsSync(file) ? [readFileSync(file, "utf8")] : [];
    // Made once: to read the certificates takes ten times as long as a request.
    const secureContext = createSecureContext({ ca: [...rootCertificates, ...system] });
    const proxy = proxyFor(options.hostname, options.environment);
    this.agent = proxy === undefined ? new Agent({ secureContext }) : new HttpsProxyAgent({ proxy, secureContext });
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
    for (let page: number | null = 1; page !== null;) {
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

  /** A document that is no object of the API, such as a plan. @throws CloudRefusal */
  async json(path: string): Promise<unknown> {
    return this.answer("GET", path);
  }

  /** Makes a change; gives the object that the server answers with, if it is one. @throws CloudRefusal */
  async change({ method, path, body }: CloudChange): Promise<CloudObject | undefined> {
    return ((await this.answer(method, path, body)) as { data?: CloudObject } | undefined)?.data;
  }

  private async found(path: string): Promise<unknown> {
    try {
      return await this.answer("GET", path);
    } catch (error) {
      if (error instanceof CloudRefusal && error.status === 404) return undefined;
      throw error;
    }
  }

  private prefix: Promise<string> | undefined;

  private async answer(method: string, path: string, body?: unknown): Promise<unknown> {
    this.prefix ??= this.discovered();
    const url = `https://${this.hostname}${await this.prefix}${path}`;
    const { status, text, location } = await this.ask(method, url, body);
    // Large documents are kept elsewhere, at an address that is signed: the token stays with the server.
    const moved = status === 307 && location !== undefined ? await this.ask("GET", location) : undefined;
    const { status: last, text: content } = moved ?? { status, text };
    if (last < 200 || last > 299) {
      throw new CloudRefusal(last, this.refusal({ method, path, status: last, text: content }));
    }
    const json = content === "" ? undefined : asJson(content);
    if (content !== "" && json === undefined) {
      throw new UserError(`${this.hostname} answered ${method} ${path} with no JSON: is it a proxy's page?`);
    }
    return json;
  }

  /** Where the server has its API: Terraform's service discovery, asked once. */
  private async discovered(): Promise<string> {
    const { status, text } = await this.ask("GET", `https://${this.hostname}/.well-known/terraform.json`);
    const services = (status === 200 ? asJson(text) : undefined) as Record<string, unknown> | undefined;
    const path = services?.["tfe.v2.1"] ?? services?.["tfe.v2"];
    if (typeof path === "string" && path.startsWith("/")) return path.replace(/\/$/, "");
    throw new UserError(
      `${this.hostname} is no HCP Terraform or Terraform Enterprise: write the server's name in state.hostname`,
    );
  }

  private refusal({ method, path, status, text }: Refused): string {
    const { hostname, environment } = this.options;
    if (status === 401)
      return `${hostname} does not accept the token: run ${loginCommand(hostname, environment)}, or renew it`;
    return `${hostname} refused ${method} ${path}: HTTP ${status}${detail(text)}`;
  }

  private ask(method: string, url: string, body?: unknown): Promise<Answer> {
    const { hostname, token, timeoutSeconds = 10 } = this.options;
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const headers = {
      ...(new URL(url).host === hostname && { Authorization: `Bearer ${token}` }),
      "Content-Type": "application/vnd.api+json",
      Accept: "application/vnd.api+json, application/json",
    };
    return new Promise((done, refuse) => {
      const cannot = (error: Error) => {
        const why = signal.aborted ? `no answer within ${timeoutSeconds} s` : error.message;
        refuse(new UserError(`${hostname} cannot be asked: ${why}`, { cause: error }));
      };
      const request = overHttps(url, { method, headers, signal, agent: this.agent }, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", cannot);
        response.on("end", () => {
          const { statusCode: status = 0, headers: answered } = response;
          done({ status, text: Buffer.concat(parts).toString("utf8"), location: answered.location });
        });
      });
      request.on("error", cannot);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly location?: string | undefined;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The proxy to a host, by the variables that Terraform follows. */
function proxyFor(hostname: string, environment: Environment): string | undefined {
  const proxy = environment.HTTPS_PROXY || environment.https_proxy;
  const [host = ""] = hostname.split(":");
  const without = (environment.NO_PROXY || environment.no_proxy || "").split(",").map((name) => name.trim());
  const isLocal = /^(localhost|127\..*)$/.test(host);
  const isExcluded = without.some(
    (name) => name === "*" || (name !== "" && `.${host}`.endsWith(`.${name.replace(/^\./, "")}`)),
  );
  return proxy && !isLocal && !isExcluded ? proxy : undefined;
}

interface Refused {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly text: string;
}

/** What the server says, in the form of JSON:API. */
function detail(text: string): string {
  const { errors = [] } = (asJson(text) ?? {}) as { errors?: { title?: string; detail?: string }[] };
  const said = errors.map(({ title, detail: more }) => more || title).filter((part) => part);
  return said.length === 0 ? "" : ` (${said.join("; ")})`;
}
