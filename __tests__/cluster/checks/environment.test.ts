import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkAnswers, checkEnvironment } from "../../../cluster/checks/environment";
import { inspectCluster } from "../../../cluster/load";
import { problemText } from "../../../values/problem";
import type { Environment } from "../../../values/environment";
import { cluster, clusterInput } from "../../cluster-fixture";
import { fault } from "../../faults";
import { edited } from "../sample";

describe("The environment", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "environment-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it(`${fault(33)}: a variable that the Kubernetes provider reads is refused, and its value is not shown`, () => {
    const { config, problems } = inspectCluster("cluster.example.yaml", { environment: { KUBE_TOKEN: "s3cret" } });
    expect(config).toBeUndefined();
    expect(problems.map(problemText)).toStrictEqual([
      "environment: error: KUBE_TOKEN: given a value (not shown); expected this variable unset: in version 2.38 of the Kubernetes provider it overrides the cluster that the file names; run unset KUBE_TOKEN",
    ]);
  });

  it.each([
    "KUBE_CLIENT_CERT_DATA",
    "KUBE_CLIENT_KEY_DATA",
    "KUBE_CLUSTER_CA_CERT_DATA",
    "KUBE_CONFIG_PATH",
    "KUBE_CONFIG_PATHS",
    "KUBE_CTX",
    "KUBE_CTX_AUTH_INFO",
    "KUBE_CTX_CLUSTER",
    "KUBE_HOST",
    "KUBE_INSECURE",
    "KUBE_PASSWORD",
    "KUBE_PROXY_URL",
    "KUBE_TLS_SERVER_NAME",
    "KUBE_TOKEN",
    "KUBE_USER",
    "KUBE_USERNAME",
  ])(`${fault(33)}: %s is one of them`, (name) => {
    expect(checkEnvironment({ [name]: "x" }).map(({ path }) => path)).toStrictEqual([name]);
  });

  it("an empty variable counts as unset, and others do not matter", () => {
    expect(checkEnvironment({ KUBE_HOST: "", KUBECONFIG: "/k", KUBE_EDITOR: "vi", HOME: "/" })).toStrictEqual([]);
  });

  describe(`${fault(150)}: a secret that Terraform would send as a variable of the run`, () => {
    const secrets = ["kubernetes_host", "kubernetes_ca_certificate", "kubernetes_token", "ssh_private_key"];
    const exported = Object.fromEntries(secrets.map((name) => [`TF_VAR_${name}`, "s3cret"]));
    const byVariables = {
      kubernetes: { version: "1.35.4", credentials: "variables" },
      ssh: { user: "ops", privateKeyVariable: true },
    };
    const cloud = (execution?: string) => ({ state: { backend: "cloud", organization: "acme", execution } });
    const refused = (environment: Environment, changes: Record<string, unknown>) =>
      checkEnvironment(environment, cluster(changes)).map(({ path }) => path);

    it.each([undefined, "remote", "agent"])("is refused where state.execution is %s", (execution) => {
      expect(refused(exported, { ...byVariables, ...cloud(execution) })).toStrictEqual(Object.keys(exported));
    });

    it("is right where Terraform runs here", () => {
      expect(refused(exported, { ...byVariables, ...cloud("local") })).toStrictEqual([]);
      expect(refused(exported, byVariables)).toStrictEqual([]);
    });

    it("is nothing that no stack declares, which Terraform does not send", () => {
      expect(refused(exported, cloud())).toStrictEqual([]);
      expect(refused(exported, { ...cloud(), ssh: byVariables.ssh })).toStrictEqual(["TF_VAR_ssh_private_key"]);
    });

    it("is told with both ways to give it, and not shown; an empty one would take the workspace's place", () => {
      const file = join(folder, "cluster.yaml");
      const cloudState = "backend: cloud\n  organization: acme\n  hostname: tfe.example.org";
      writeFileSync(
        file,
        edited(
          ["  context: admin", "  credentials: variables"],
          ["  agent: true", "  privateKeyVariable: true"],
          ["  backend: local", `  ${cloudState}`],
        ),
      );
      const environment = { TF_VAR_kubernetes_token: "s3cret", TF_VAR_kubernetes_host: "" };
      const { config, problems } = inspectCluster(file, { environment });
      expect(config).toBeUndefined();
      const rest = (name: string, own: string) =>
        `expected this variable unset: Terraform sends it to tfe.example.org in clear text, as a variable of each run, which takes the place of the workspace's own; run unset TF_VAR_${name}, make ${name} a sensitive variable of the workspace, and export ${own} for npx baremetal-lb, which sends it nowhere; or write execution: local under state, if that is how the workspaces execute`;
      expect(problems.map(problemText)).toStrictEqual([
        `environment: error: TF_VAR_kubernetes_host: given an empty value; ${rest("kubernetes_host", "BAREMETAL_LB_KUBERNETES_HOST")}`,
        `environment: error: TF_VAR_kubernetes_token: given a value (not shown); ${rest("kubernetes_token", "BAREMETAL_LB_KUBERNETES_TOKEN")}`,
      ]);
    });
  });

  describe(`${fault(153)}: a variable that Terraform would ask for`, () => {
    const byVariables = { kubernetes: { version: "1.35.4", credentials: "variables" } };
    const given = { TF_VAR_kubernetes_host: "https://192.168.1.10:6443", TF_VAR_kubernetes_ca_certificate: "" };
    const asked = (environment: Environment, changes: Record<string, unknown> = {}) =>
      checkAnswers(environment, cluster({ ...byVariables, ...changes })).map(problemText);

    it("is refused with both ways out", () => {
      expect(asked(given)).toStrictEqual([
        "environment: error: TF_VAR_kubernetes_token: given nothing; expected a value: Terraform would ask for it, and there is no terminal to answer at; export TF_VAR_kubernetes_token, or, where it is given in another way, TF_INPUT=0, with which Terraform never asks",
      ]);
    });

    it.each([
      ["all are there", { ...given, TF_VAR_kubernetes_token: "a" }, {}],
      ["Terraform is not to ask", { TF_INPUT: "0" }, {}],
      ["Terraform is not to ask", { TF_INPUT: "false" }, {}],
      ["the workspaces have them", {}, { state: { backend: "cloud", organization: "acme" } }],
      ["none is declared", {}, { kubernetes: clusterInput.kubernetes }],
    ])("is none where %s: %j %j", (_, environment, changes) => {
      expect(asked(environment, changes)).toStrictEqual([]);
    });
  });
});
