import { generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkFiles, checkNamedFiles } from "../../../cluster/checks/files";
import { readCluster } from "../../../cluster/read";
import { loadCluster } from "../../../cluster/load";
import { keyKind } from "../../../cluster/private-key";
import { problemText } from "../../../values/problem";
import { fault } from "../../faults";
import { edited } from "../sample";

const kubeconfig =
  "contexts:\n  - name: admin\n  - name: other\nusers:\n  - name: admin\n    user: { token: s3cret }\n";

/** root may read every file, so root becomes nobody for a while. */
function asOrdinaryUser<T>(act: () => T): T {
  if (process.geteuid?.() !== 0) return act();
  process.seteuid?.(65534);
  try {
    return act();
  } finally {
    process.seteuid?.(0);
  }
}

/** A home directory with a kubeconfig and the given key; undefined: no key. */
function home(key: string | undefined, config: string | undefined = kubeconfig): string {
  mkdirSync(join(directory, ".ssh"), { recursive: true });
  mkdirSync(join(directory, ".kube"), { recursive: true });
  if (key !== undefined) writeFileSync(join(directory, ".ssh/id"), key);
  if (config !== undefined) writeFileSync(join(directory, ".kube/config"), config);
  return directory;
}

/** What a configuration's other files are reported as. */
function problems(text: string, homeDirectory: string): string[] {
  const { files, locate } = readCluster(text, "cluster.yaml");
  return locate(checkNamedFiles(files, homeDirectory)).map(problemText);
}

const withKeyFile = edited(["  agent: true", "  privateKeyFile: ~/.ssh/id"]);
const withCloudState = withKeyFile.replace("backend: local", "backend: cloud\n  organization: example");

const rsa = (cipher?: "aes-256-cbc") =>
  generateKeyPairSync("rsa", {
    modulusLength: 1024,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem", ...(cipher && { cipher, passphrase: "secret" }) },
  });
const ed25519 = (cipher?: "aes-256-cbc") =>
  generateKeyPairSync("ed25519", {
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem", ...(cipher && { cipher, passphrase: "secret" }) },
  });

/** The envelope of OpenSSH's own format, with a body of zeros. */
function openSsh(cipher: string): string {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(cipher.length);
  const body = Buffer.concat([Buffer.from("openssh-key-v1\0"), length, Buffer.from(cipher), Buffer.alloc(120)]);
  const lines = body.toString("base64").replace(/(.{70})/g, "$1\n");
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe("what a key file holds", () => {
  it.each([
    ["an OpenSSH key", openSsh("none"), "private"],
    ["an OpenSSH key with a passphrase", openSsh("aes256-ctr"), "encrypted"],
    ["a PKCS #1 key", rsa().privateKey, "private"],
    ["a PKCS #1 key with a passphrase", rsa("aes-256-cbc").privateKey, "encrypted"],
    ["a PKCS #8 key", ed25519().privateKey, "private"],
    ["a PKCS #8 key with a passphrase", ed25519("aes-256-cbc").privateKey, "encrypted"],
    ["a PEM public key", ed25519().publicKey, "public"],
    ["an OpenSSH public key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA ops@example", "public"],
    ["a PuTTY key", "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n", "putty"],
    ["a certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "other"],
    [
      "a cut-off OpenSSH key",
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n-----END OPENSSH PRIVATE KEY-----\n",
      "other",
    ],
    ["an empty file", "", "other"],
  ] as const)("%s is told by its headers", (_name, text, kind) => {
    expect(keyKind(text)).toBe(kind);
  });

  it("a key with Windows line ends is a key", () => {
    expect(keyKind(openSsh("none").replace(/\n/g, "\r\n"))).toBe("private");
  });
});

describe("Files that the configuration names", () => {
  it("a key without a passphrase and a kubeconfig with the context are accepted", () => {
    expect(problems(withKeyFile, home(openSsh("none")))).toStrictEqual([]);
  });

  it(`${fault(12)}: a missing key file is refused`, () => {
    expect(problems(withKeyFile, home(undefined))).toStrictEqual([
      'cluster.yaml:7:19: error: ssh.privateKeyFile: given "~/.ssh/id", which does not exist; expected an SSH private key without a passphrase, which Terraform can read; correct the path, or put the file there',
    ]);
  });

  it(`${fault(12)}: a directory in place of the key file is refused`, () => {
    mkdirSync(join(home(undefined), ".ssh/id"));
    expect(problems(withKeyFile, directory)).toStrictEqual([
      'cluster.yaml:7:19: error: ssh.privateKeyFile: given "~/.ssh/id", which is a directory; expected an SSH private key without a passphrase, which Terraform can read; name a file in it',
    ]);
  });

  it(`${fault(12)}: an unreadable key file is refused`, () => {
    chmodSync(join(home(openSsh("none")), ".ssh/id"), 0);
    chmodSync(directory, 0o755);
    expect(asOrdinaryUser(() => problems(withKeyFile, directory))).toStrictEqual([
      'cluster.yaml:7:19: error: ssh.privateKeyFile: given "~/.ssh/id", which this user may not read; expected an SSH private key without a passphrase, which Terraform can read; run as the file\'s owner, or give this user the right to read it',
    ]);
  });

  it(`${fault(12)}: an encrypted key without an agent is refused`, () => {
    expect(problems(withKeyFile, home(openSsh("aes256-ctr")))).toStrictEqual([
      'cluster.yaml:7:19: error: ssh.privateKeyFile: given "~/.ssh/id", a key with a passphrase, which Terraform cannot ask for; expected an SSH private key without a passphrase, which Terraform can read; add it to an SSH agent with ssh-add and set agent: true instead, or use a key without a passphrase',
    ]);
  });

  it(`${fault(12)}: a public key is refused`, () => {
    expect(problems(withKeyFile, home("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA"))).toStrictEqual([
      'cluster.yaml:7:19: error: ssh.privateKeyFile: given "~/.ssh/id", a public key; expected an SSH private key without a passphrase, which Terraform can read; name the private key, which is the file without .pub',
    ]);
  });

  it(`${fault(12)}: a file that is no key is refused, and none of it is printed`, () => {
    expect(problems(withKeyFile, home("hunter2"))).toStrictEqual([
      'cluster.yaml:7:19: error: ssh.privateKeyFile: given "~/.ssh/id", a file of another kind; expected an SSH private key without a passphrase, which Terraform can read; name the file that ssh -i takes',
    ]);
  });

  it(`${fault(12)}: a missing kubeconfig is refused where the file leaves it to the default`, () => {
    rmSync(join(home(openSsh("none")), ".kube/config"));
    expect(problems(withKeyFile, directory)).toStrictEqual([
      'cluster.yaml:2:1: error: kubernetes.kubeconfig: given "~/.kube/config", which does not exist; expected a kubeconfig file; correct the path, or put the file there',
    ]);
  });

  it(`${fault(12)}, ${fault(33)}: a kubeconfig without the context is refused, and lists those that it has`, () => {
    const text = withKeyFile.replace("context: admin", "context: production");
    expect(problems(text, home(openSsh("none")))).toStrictEqual([
      'cluster.yaml:4:12: error: kubernetes.context: given "production"; expected a context of ~/.kube/config, which has admin, other; choose one of them, or name another kubeconfig',
    ]);
  });

  it.each([
    ["a file that is not YAML", "users: [s3cret"],
    ["a file without contexts", "token: s3cret\n"],
  ])(`${fault(12)}: %s in place of a kubeconfig is refused, and none of it is printed`, (_name, text) => {
    expect(problems(withKeyFile, home(openSsh("none"), text))).toStrictEqual([
      'cluster.yaml:2:1: error: kubernetes.kubeconfig: given "~/.kube/config", which has no list of contexts; expected a kubeconfig file; name the file that kubectl --kubeconfig takes',
    ]);
  });

  it("with cloud state they are warnings, since the apply may run elsewhere", () => {
    expect(problems(withCloudState, home(undefined))).toStrictEqual([
      'cluster.yaml:7:19: warning: ssh.privateKeyFile: given "~/.ssh/id", which does not exist; expected an SSH private key without a passphrase, which Terraform can read; correct the path, or put the file there',
    ]);
  });

  it("with an agent and Terraform variables no file is looked at", () => {
    const text = edited(["  context: admin", "  credentials: variables"]);
    expect(problems(text, join(directory, "nowhere"))).toStrictEqual([]);
  });

  it("they are looked at although the configuration has another mistake", () => {
    const text = withKeyFile.replace("user: ops", "user: Ops");
    expect(problems(text, home(undefined))).toStrictEqual([
      'cluster.yaml:7:19: error: ssh.privateKeyFile: given "~/.ssh/id", which does not exist; expected an SSH private key without a passphrase, which Terraform can read; correct the path, or put the file there',
    ]);
  });

  it("loadCluster makes warnings of them, since synth needs no key", () => {
    const file = join(directory, "cluster.yaml");
    writeFileSync(file, withKeyFile);
    const warnings: string[] = [];
    const config = loadCluster(file, { home: home(undefined), warn: (problem) => warnings.push(problemText(problem)) });
    expect(config.name).toBe("search");
    expect(warnings).toStrictEqual([
      `${file}:7:19: warning: ssh.privateKeyFile: given "~/.ssh/id", which does not exist; expected an SSH private key without a passphrase, which Terraform can read; correct the path, or put the file there`,
    ]);
  });

  it("checkFiles reports the same for a configuration that is loaded already", () => {
    const { config } = readCluster(withKeyFile, "cluster.yaml");
    expect(config && checkFiles(config, home(undefined))).toStrictEqual([
      {
        severity: "error",
        path: ["ssh", "privateKeyFile"],
        given: '"~/.ssh/id", which does not exist',
        expected: "an SSH private key without a passphrase, which Terraform can read",
        remedy: "correct the path, or put the file there",
      },
    ]);
  });
});
