import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyPlan } from "../../../remote/terraform/apply";
import { knownErrors } from "../../../remote/terraform/known-errors";
import { planStack } from "../../../remote/terraform/plan";
import { addressesInState } from "../../../remote/terraform/state";
import { Terraform } from "../../../remote/terraform/terraform";
import { fault } from "../../faults";
import { ProjectFixture } from "./project-fixture";

/** What Terraform 1.11.4 printed with hashicorp/kubernetes 2.38.0 and hashicorp/null 3.2.4: whole, by the file's name. */
const said = join(__dirname, "said");

const server = "https://127.0.0.1:16443";
const config = `${server}/api/v1/namespaces/kube-system/configmaps/baremetal-lb-kube-proxy-proof`;
const groupVersion = "Failed to determine resource GroupVersion";
const certificate = (why: string) => [
  `${groupVersion}: Get "${server}/api?timeout=32s": tls: failed to verify certificate: x509: ${why}`,
  `Get "${config}": tls: failed to verify certificate: x509: ${why}`,
];
const get401 =
  "the Kubernetes API does not accept the token or the certificate (401), which has expired or was taken back: get another one, such as with kubectl -n kube-system create token baremetal-lb";
const unknownCa = `the certificate of the Kubernetes API at ${server} is not accepted (certificate signed by unknown authority): take the kubeconfig of a control-plane node anew, which has the cluster's CA`;
const refused =
  "the Kubernetes API at http://127.0.0.1:16443 refuses connections: see whether the API server runs there, and whether the kubeconfig has its address";
const dial = "dial tcp 127.0.0.1:16443: connect: connection refused";
const noFile =
  "there is no file ~/.ssh/absent on the machine where Terraform runs: put the SSH key there, or correct ssh.privateKeyFile in cluster.yaml";
const noFileRaw =
  'Invalid function argument: Invalid value for "path" parameter: no file exists at "~/.ssh/absent"; this function works only with files that are distributed as part of the configuration source code, so if this file will be created by a resource in this configuration you must instead obtain this result from an attribute of that resource.';
const apiClient = "Invalid configuration for API client";
const httpCredentials = "export TF_HTTP_USERNAME and TF_HTTP_PASSWORD with what it accepts";

/** What a plan that prints this says: our words, and Terraform's below. */
const plans: readonly [file: string, words: string, ...others: string[]][] = [
  ["ssh-key-missing.jsonl", noFile, noFileRaw],
  [
    "script-missing.jsonl",
    "restore-node.sh is missing beside the configuration of the stack only: synthesise again (npx cdktf synth), or copy the .sh files along with it",
  ],
  [
    "kubeconfig-missing.jsonl",
    "there is no kubeconfig where Terraform runs: put it there, or correct kubernetes.kubeconfig in cluster.yaml",
    `Invalid attribute in provider configuration: 'config_path' refers to an invalid path: "../../absent": stat ../../absent: no such file or directory`,
    "Failed to get RESTMapper client: cannot create discovery client: no client config",
    'Get "http://localhost/api/v1/namespaces/kube-system/configmaps/baremetal-lb-kube-proxy-proof": dial tcp 127.0.0.1:80: connect: connection refused',
  ],
  [
    "context-missing.jsonl",
    "the kubeconfig has no context nobody: kubectl config get-contexts shows those that it has; correct kubernetes.context in cluster.yaml",
    'Provider configuration: cannot load Kubernetes client config: context "nobody" does not exist',
  ],
  [
    "api-refused.jsonl",
    refused,
    `${groupVersion}: Get "http://127.0.0.1:16443/api?timeout=32s": ${dial}`,
    `Get "${config.replace("https", "http")}": ${dial}`,
  ],
  ["manifest-refused.jsonl", refused, `${apiClient}: Get "http://127.0.0.1:16443/apis": ${dial}`],
  ["api-unknown-ca.jsonl", unknownCa, ...certificate("certificate signed by unknown authority")],
  [
    "manifest-unknown-ca.jsonl",
    unknownCa,
    `${apiClient}: Get "${server}/apis": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
  ],
  [
    "api-other-name.jsonl",
    `the certificate of the Kubernetes API at ${server} is not for 127.0.0.1, but for 10.96.0.1: name one of these as the server in the kubeconfig`,
    ...certificate("certificate is valid for 10.96.0.1, not 127.0.0.1"),
  ],
  [
    "api-expired.jsonl",
    `the certificate of the Kubernetes API at ${server} has expired, or the clock of this machine is wrong: on each control-plane node kubeadm certs renew all, then restart the API server`,
    ...certificate(
      "certificate has expired or is not yet valid: current time 2026-11-26T15:03:05Z is after 2024-02-01T00:00:00Z",
    ),
  ],
  [
    "api-401.jsonl",
    get401,
    "Unauthorized",
    `${groupVersion}: the server has asked for the client to provide credentials`,
  ],
  [
    "manifest-401.jsonl",
    get401,
    "Invalid credentials: The credentials configured in the provider block are not accepted by the API server. Error: Unauthorized\n\nSet TF_LOG=debug and look for '[InvalidClientConfiguration]' in the log to see actual configuration.",
  ],
  [
    "api-403.jsonl",
    "the Kubernetes API does not allow all of this to system:serviceaccount:kube-system:reader (403): npx baremetal-lb rbac prints an account that may do what the stacks need",
    'configmaps "baremetal-lb-kube-proxy-proof" is forbidden: User "system:serviceaccount:kube-system:reader" cannot get resource "configmaps" in API group "" in the namespace "kube-system"',
  ],
  [
    "state-http-401.jsonl",
    `the server that keeps the state asks for credentials: ${httpCredentials}`,
    "error loading state: HTTP remote state endpoint requires auth",
  ],
  [
    "state-http-403.jsonl",
    `the server that keeps the state does not let these credentials in: ${httpCredentials}`,
    "error loading state: HTTP remote state endpoint invalid auth",
  ],
  ["version.jsonl", "this Terraform (1.11.4) is too old: install Terraform 99 or later"],
];

const noProviders = (names: string) =>
  `Terraform cannot get its providers (${names}): the registry cannot be reached from here. Point to a mirror with provider_installation in Terraform's CLI configuration, or put the providers into ~/.terraform.d/plugins`;
const discovery = (provider: string) =>
  `Could not retrieve the list of available versions for provider ${provider}: could not connect to registry.terraform.io: failed to request discovery document: Get "https://registry.terraform.io/.well-known/terraform.json": dial tcp: lookup registry.terraform.io on 192.168.1.1:53: no such host\nTo see which modules are currently depending on ${provider} and what versions are specified, run the following command:\n    terraform providers`;
const notThere = (provider: string) =>
  `Terraform looks for its providers in ~/.terraform.d/plugins, or in a mirror of provider_installation in its CLI configuration, and ${provider} is not there: put it there`;
const query = "Failed to query available provider packages: ";

/** The same where Terraform is to be initialised. */
const inits: readonly [file: string, words: string, ...others: string[]][] = [
  [
    "registry.txt",
    noProviders("hashicorp/kubernetes, hashicorp/random"),
    `${query}${discovery("hashicorp/kubernetes")}\n${discovery("hashicorp/random")}`,
  ],
  [
    "provider-version.txt",
    notThere("hashicorp/kubernetes 2.39.9"),
    `${query}Could not retrieve the list of available versions for provider hashicorp/kubernetes: no available releases match the given constraints 2.39.9\nTo see which modules are currently depending on hashicorp/kubernetes and what versions are specified, run the following command:\n    terraform providers`,
  ],
  [
    "provider-mirror.txt",
    notThere("hashicorp/kubernetes"),
    `${query}Could not retrieve the list of available versions for provider hashicorp/kubernetes: provider registry.terraform.io/hashicorp/kubernetes was not found in any of the search locations\n  - mirror`,
  ],
  [
    "backend-changed.txt",
    "the state of the stack only was elsewhere when FOLDER/.terraform was made: npx baremetal-lb state move takes it to where cluster.yaml says; where it is there already, remove that folder",
    'Backend configuration changed: A change in the backend configuration has been detected, which may require migrating existing state.\nIf you wish to attempt automatic migration of the state, use "terraform init -migrate-state". If you wish to store the current configuration with no changes to the state, use "terraform init -reconfigure".',
  ],
  [
    "state-http-401.txt",
    `the server that keeps the state asks for credentials: ${httpCredentials}`,
    "Error refreshing state: HTTP remote state endpoint requires auth",
  ],
  [
    "state-http-refused.txt",
    `the server that keeps the state does not answer at http://127.0.0.1:16443/state (${dial}): see whether it runs, and state.address in cluster.yaml`,
    `Error refreshing state: Failed to get state: GET http://127.0.0.1:16443/state giving up after 1 attempt(s): Get "http://127.0.0.1:16443/state": ${dial}`,
  ],
  [
    "state-pg-refused.txt",
    "the server that keeps the state does not answer at 127.0.0.1:1 (connection refused): see whether it runs, and what the environment says of its address, such as PGHOST",
    "dial tcp 127.0.0.1:1: connect: connection refused",
  ],
  [
    "state-s3.txt",
    "there are no credentials for S3, where the state is: export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
    "No valid credential sources found: Please see https://developer.hashicorp.com/terraform/language/backend/s3 for more information about providing credentials.",
    'failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata, access disabled to EC2 IMDS via client option, or "AWS_EC2_METADATA_DISABLED" environment variable',
  ],
];

/** What an apply that prints this says in our words. Terraform's follow as they are, from its first error on. */
const applies: readonly [file: string, words: string][] = [
  ["ssh-key-missing.txt", noFile],
  [
    "ssh-host-key.txt",
    "127.0.0.1:16022 has another SSH host key than cluster.yaml, and was refused: if the machine was set up anew, npx baremetal-lb trust shows both keys and records the new one; if not, find out who answers there",
  ],
  [
    "ssh-login.txt",
    "127.0.0.1:16022 does not let the user ops in with this SSH key: put its public key into ~ops/.ssh/authorized_keys there, or correct ssh in cluster.yaml",
  ],
  [
    "ssh-refused.txt",
    "127.0.0.1:1 refuses connections: see whether sshd runs there, and on that port (ssh.port in cluster.yaml)",
  ],
];

const files =
  (pattern: RegExp) =>
  ([file]: readonly [string, ...unknown[]]): boolean =>
    pattern.test(file);
const ofSsh = files(/^ssh/);
const ofKubernetes = files(/^(api|manifest|kubeconfig|context)-/);
const ofFolder = files(/^script-/);
const ofBeginning = files(/^(state|version)/);

describe("what Terraform says is told in our words", () => {
  let fixture: ProjectFixture;
  beforeEach(() => {
    fixture = new ProjectFixture();
  });
  afterEach(() => fixture.dispose());

  /** A Terraform that prints a file; only its init, if that is where it fails. */
  function saying(file: string, failsAt: "plan" | "init"): Terraform {
    const program = join(fixture.folder, "terraform");
    const fail = `cat '${join(said, file)}'; exit 1`;
    const script =
      failsAt === "plan" ? fail : `case "$1" in init) ${fail} ;; *) echo 'run terraform init'; exit 1 ;; esac`;
    writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return new Terraform({ ...fixture.project.environment, TERRAFORM_BINARY_NAME: program });
  }
  const stack = () => fixture.stack({ terraform: { required_version: ">= 99.0" } });
  const messageOf = (work: Promise<unknown>) =>
    work.then(
      () => "it did not fail",
      (error: Error) => error.message.replaceAll(stack().folder, "FOLDER"),
    );
  const out = () => join(fixture.folder, "plan");
  const below = (others: readonly string[]) => (others.length === 0 ? [] : ["Terraform says:", ...others]);

  const expectPlan = async (file: string, words: string, ...others: string[]) => {
    const message = await messageOf(planStack(saying(file, "plan"), stack(), { out: out() }));
    expect(message).toBe([words, ...below(others)].join("\n"));
  };
  test.each(plans.filter(ofSsh))(`${fault(231)}: %s, in a plan`, expectPlan);
  test.each(plans.filter(ofKubernetes))(`${fault(232)}: %s, in a plan`, expectPlan);
  test.each(plans.filter(ofFolder))(`${fault(147)}: %s, in a plan`, expectPlan);
  test.each(plans.filter(ofBeginning))(`${fault(233)}: %s, in a plan`, expectPlan);

  test.each(inits)(`${fault(233)}: %s, in an init`, async (file, words, ...others) => {
    const message = await messageOf(addressesInState(saying(file, "init"), stack()));
    expect(message).toBe(`terraform init of the stack only failed: ${[words, ...below(others)].join("\n")}`);
  });

  test.each(applies)(`${fault(231)}: %s, in an apply`, async (file, words) => {
    const text = readFileSync(join(said, file), "utf8");
    const message = await messageOf(
      applyPlan(saying(file, "plan"), { stack: stack(), options: { out: out() }, changes: [], deployed: true }),
    );
    const lines = text
      .slice(text.indexOf("Error:"))
      .split("\n")
      .filter((line) => line !== "");
    expect(message).toBe(["the apply of the stack only failed:", words, "Terraform says:", ...lines].join("\n"));
  });

  test("every text that is kept is told", () => {
    const told = [...plans, ...inits, ...applies].map(([file]) => file);
    expect(told.sort()).toEqual(readdirSync(said).sort());
    expect(plans.filter((row) => !ofSsh(row) && !ofKubernetes(row) && !ofFolder(row) && !ofBeginning(row))).toEqual([]);
  });

  test("every error of the table has such a text, but for those that real Terraform shows in other tests", () => {
    const texts = readdirSync(said).map((file) => readFileSync(join(said, file), "utf8").replace(/\s+/g, " "));
    const without = knownErrors
      .map(({ says }) => new RegExp(says.source.replace(/^\^/, "").replaceAll('"', '\\\\?"'), says.flags))
      .filter((says) => !texts.some((text) => says.test(text)));
    expect(without.map(({ source }) => source.split(/[|(]/)[0])).toEqual([
      "Error acquiring the state lock",
      "Resource ",
      "Invalid value for variable",
    ]);
  });
});
