import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { ClusterDraft } from "../draft";
import { errorCode } from "../../values/error-code";
import { expandHome } from "../../values/paths";
import { type KeyKind, keyKind } from "../private-key";
import type { Finding, Path } from "../../values/problem";
import type { ClusterConfig } from "../schema";
import type { KubernetesCredentials } from "../../stacks/shared/schema/kubernetes";
import type { SshAuthentication } from "../../stacks/shared/schema/ssh";
import type { StateConfig } from "../../stacks/shared/schema/state";
import { credentialsOf } from "../../stacks/shared/schema/kubernetes";
import type { IsGiven } from "../../values/draft";

/** What of a configuration names files on this machine. A part that is undefined is not looked at. */
export interface NamedFiles {
  readonly authentication?: SshAuthentication;
  readonly credentials?: KubernetesCredentials;
  readonly backend?: StateConfig["backend"];
}

/**
 * The SSH key and the kubeconfig that a configuration names. Reads them, and reports no part of them but the names of
 * contexts. With cloud state the findings are warnings, since the apply may run on another machine.
 * @param home is the home directory, for paths that start with ~.
 */
export function checkFiles({ ssh, kubernetes, state }: ClusterConfig, home: string): Finding[] {
  const { authentication } = ssh;
  return checkNamedFiles({ authentication, credentials: kubernetes.credentials, backend: state.backend }, home);
}

/** `checkFiles` for a configuration of which parts are missing. */
export function checkNamedFiles({ authentication, credentials, backend }: NamedFiles, home: string): Finding[] {
  const severity = backend === "cloud" ? "warning" : "error";
  const findings = [
    ...(authentication === undefined ? [] : privateKey(authentication, home)),
    ...(credentials === undefined ? [] : kubeconfig(credentials, home)),
  ];
  return findings.map((finding) => ({ severity, ...finding }));
}

/** The files that a draft names for certain. */
export function namedFiles({ ssh, kubernetes, state }: ClusterDraft, isGiven: IsGiven): NamedFiles {
  const keyFile = ssh?.agent === true || ssh?.privateKeyVariable === true ? undefined : ssh?.privateKeyFile;
  const isKubeconfig = kubernetes?.credentials === "kubeconfig";
  const pathIsKnown = kubernetes?.kubeconfig !== undefined || !isGiven(["kubernetes", "kubeconfig"]);
  return {
    authentication: keyFile === undefined ? undefined : { method: "keyFile", path: keyFile },
    credentials:
      isKubeconfig && pathIsKnown ? credentialsOf("kubeconfig", kubernetes.kubeconfig, kubernetes.context) : undefined,
    backend: state?.backend,
  };
}

type FileFinding = Omit<Finding, "severity">;

const keyMistakes: Record<Exclude<KeyKind, "private">, { given: string; remedy: string }> = {
  encrypted: {
    given: "a key with a passphrase, which Terraform cannot ask for",
    remedy: "add it to an SSH agent with ssh-add and set agent: true instead, or use a key without a passphrase",
  },
  public: { given: "a public key", remedy: "name the private key, which is the file without .pub" },
  putty: { given: "a PuTTY key", remedy: "convert it with puttygen KEY -O private-openssh -o NEWKEY" },
  other: { given: "a file of another kind", remedy: "name the file that ssh -i takes" },
};

function privateKey(authentication: SshAuthentication, home: string): FileFinding[] {
  if (authentication.method !== "keyFile") return [];
  const path: Path = ["ssh", "privateKeyFile"];
  const file = readLocalFile(authentication.path, home);
  const expected = "an SSH private key without a passphrase, which Terraform can read";
  if (file.text === undefined) {
    return [
      { path, given: `${JSON.stringify(authentication.path)}, which ${file.fault}`, expected, remedy: file.remedy },
    ];
  }
  const kind = keyKind(file.text);
  if (kind === "private") return [];
  const { given, remedy } = keyMistakes[kind];
  return [{ path, given: `${JSON.stringify(authentication.path)}, ${given}`, expected, remedy }];
}

function kubeconfig(credentials: KubernetesCredentials, home: string): FileFinding[] {
  if (credentials.source !== "kubeconfig") return [];
  const path: Path = ["kubernetes", "kubeconfig"];
  const file = readLocalFile(credentials.path, home);
  const given = JSON.stringify(credentials.path);
  if (file.text === undefined) {
    return [{ path, given: `${given}, which ${file.fault}`, expected: "a kubeconfig file", remedy: file.remedy }];
  }
  const contexts = contextsOf(file.text);
  if (contexts === undefined) {
    return [
      {
        path,
        given: `${given}, which has no list of contexts`,
        expected: "a kubeconfig file",
        remedy: "name the file that kubectl --kubeconfig takes",
      },
    ];
  }
  if (credentials.context === "" || contexts.includes(credentials.context)) return [];
  return [
    {
      path: ["kubernetes", "context"],
      given: JSON.stringify(credentials.context),
      expected: `a context of ${credentials.path}, which has ${contexts.join(", ") || "none"}`,
      remedy: "choose one of them, or name another kubeconfig",
    },
  ];
}

function contextsOf(text: string): string[] | undefined {
  try {
    const content: unknown = parse(text, { logLevel: "error" });
    const contexts = typeof content === "object" && content !== null && "contexts" in content && content.contexts;
    if (!Array.isArray(contexts)) return undefined;
    return contexts.flatMap((context: unknown) =>
      typeof context === "object" && context !== null && "name" in context ? [String(context.name)] : [],
    );
  } catch {
    // The parser's message quotes the text, which holds credentials.
    return undefined;
  }
}

type LocalFile =
  { readonly text: string } | { readonly text: undefined; readonly fault: string; readonly remedy: string };

function readLocalFile(path: string, home: string): LocalFile {
  try {
    return { text: readFileSync(expandHome(path, home), "utf8") };
  } catch (error) {
    const code = errorCode(error);
    const text = undefined;
    if (code === "ENOENT") return { text, fault: "does not exist", remedy: "correct the path, or put the file there" };
    if (code === "EISDIR") return { text, fault: "is a directory", remedy: "name a file in it" };
    if (code === "EACCES") {
      return {
        text,
        fault: "this user may not read",
        remedy: "run as the file's owner, or give this user the right to read it",
      };
    }
    return { text, fault: `cannot be read (${code ?? String(error)})`, remedy: "correct the path" };
  }
}
