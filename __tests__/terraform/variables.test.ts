import { mkdirSync, writeFileSync } from "node:fs";
import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { Resource } from "@cdktf/provider-null/lib/resource";
import { TerraformStack } from "cdktf";
import { addBackend } from "../../stacks/shared/constructs/backend";
import { keepOutOfPlans, sensitiveVariable } from "../../stacks/shared/constructs/sensitive-variable";
import { KubeProxyStack } from "../../stacks/kube-proxy/kube-proxy-stack";
import { cluster } from "../cluster-fixture";
import { fault } from "../faults";
import { describeWithProviders } from "./available";
import { running, TerraformProject } from "./terraform-project";

const pem = (what: string) => `-----BEGIN ${what}-----\nbm9uZQ==\n-----END ${what}-----\n`;

const right = {
  kubernetes_host: "https://127.0.0.1:1",
  kubernetes_ca_certificate: pem("CERTIFICATE"),
  kubernetes_token: "eyJ.a-b_c.d",
  ssh_private_key: pem("OPENSSH PRIVATE KEY"),
};

describeWithProviders("values of variables")("the values of variables, by real Terraform", () => {
  let project: TerraformProject;
  beforeAll(async () => {
    project = new TerraformProject("kube-proxy");
    const config = cluster({
      kubernetes: { version: "1.35.4", credentials: "variables" },
      ssh: { user: "ops", privateKeyVariable: true },
    });
    await project.write((scope, id) => new KubeProxyStack(scope, id, config)).init();
    // Without a resource there is nothing to destroy, and nothing is looked at.
    const provider = 'provider["registry.terraform.io/hashicorp/null"]';
    const instances = [{ schema_version: 0, attributes: { id: "1", triggers: null } }];
    const resources = [{ mode: "managed", type: "null_resource", name: "one", provider, instances }];
    const state = { version: 4, terraform_version: "1.5.0", serial: 1, lineage: "one", outputs: {}, resources };
    mkdirSync(project.path(".state/demo"), { recursive: true });
    writeFileSync(project.path(".state/demo/kube-proxy.tfstate"), JSON.stringify(state));
  }, 120_000);
  afterAll(() => project.dispose());

  const plan = (values: Partial<typeof right>, ...options: string[]) => {
    const given = Object.entries({ ...right, ...values }).map(([name, value]) => `-var=${name}=${value}`);
    return project.terraform("plan", "-input=false", ...given, ...options);
  };
  /** What a plan says of the values, the messages alone. */
  const problems = async (...given: Parameters<typeof plan>) =>
    running((await plan(...given)).output)
      .split(" Error: ")
      .slice(1)
      .map((text) => /^Invalid value for variable .*? ((?:kubernetes|ssh)_\w+ is .*?) This was checked/.exec(text)?.[1])
      .filter((message) => message !== undefined);

  const url = "expected the URL of the Kubernetes API, such as https://192.168.1.10:6443";
  const certificate =
    "expected the cluster's CA certificate in PEM form, with its line breaks, from -----BEGIN CERTIFICATE----- on";
  const token = "expected a bearer token in one line, without spaces";
  const key =
    "expected a private key in PEM or OpenSSH form, with its line breaks, from -----BEGIN … PRIVATE KEY----- on";
  const set = (name: string) =>
    `set TF_VAR_${name}, or where a server runs Terraform the variable ${name} of the workspace.`;
  const empty = "is empty, as a secret is that CI does not have";

  test("those that are right are taken", async () => {
    expect(await problems({})).toEqual([]);
    expect(await problems({ kubernetes_host: "https://rancher.example.org/k8s/clusters/c-1" })).toEqual([]);
  }, 60_000);

  test.each([[], ["-destroy"]])(
    `${fault(151)}: none may be empty, at a plan: %s`,
    async (...options: string[]) => {
      const none = { kubernetes_host: "", kubernetes_ca_certificate: "", kubernetes_token: " \n", ssh_private_key: "" };
      expect((await problems(none, ...options)).sort()).toEqual([
        `kubernetes_ca_certificate ${empty}; ${certificate}; ${set("kubernetes_ca_certificate")}`,
        `kubernetes_host ${empty}; ${url}; ${set("kubernetes_host")}`,
        `kubernetes_token ${empty}; ${token}; ${set("kubernetes_token")}`,
        `ssh_private_key ${empty}; ${key}; ${set("ssh_private_key")}`,
      ]);
    },
    60_000,
  );

  test(`${fault(151)}: what is no secret must have its form`, async () => {
    const wrong = {
      kubernetes_host: "http://192.168.1.10:6443",
      kubernetes_ca_certificate: "-----BEGIN CERTIFICATE----- bm9uZQ== -----END CERTIFICATE-----",
    };
    expect((await problems(wrong)).sort()).toEqual([
      `kubernetes_ca_certificate is of another form; ${certificate}; ${set("kubernetes_ca_certificate")}`,
      `kubernetes_host is of another form; ${url}; ${set("kubernetes_host")}`,
    ]);
  }, 60_000);

  test(`${fault(151)}: a CA in base64 is said to be`, async () => {
    const encoded = Buffer.from(right.kubernetes_ca_certificate).toString("base64");
    expect(await problems({ kubernetes_ca_certificate: encoded })).toEqual([
      `kubernetes_ca_certificate is in base64, as a kubeconfig has it; ${certificate}; decode it with base64 -d, then ${set("kubernetes_ca_certificate")}`,
    ]);
  }, 60_000);

  test(`${fault(151)}: a secret of another form is not refused, since Terraform would show it`, async () => {
    const { output } = await plan({ kubernetes_token: "s3cret\n", ssh_private_key: "s3cret" });
    expect(output).not.toContain("s3cret");
  }, 60_000);
});

describeWithProviders("variables in plans")("a plan, by real Terraform", () => {
  const key = right.ssh_private_key;
  const plannedWith = async (isKeptOut: boolean) => {
    const project = new TerraformProject("nodes");
    try {
      project.write((scope, id) => {
        const stack = new TerraformStack(scope, id);
        if (isKeptOut) keepOutOfPlans(stack);
        addBackend(stack, { name: "demo", state: { backend: "local" } });
        const privateKey = sensitiveVariable(stack, "ssh_private_key");
        new NullProvider(stack, "null");
        // Where the stacks use it, and nothing that is reached.
        const connection = { type: "ssh", host: "127.0.0.1", privateKey } as const;
        new Resource(stack, "node", { provisioners: [{ type: "remote-exec", inline: ["true"], connection }] });
        return stack;
      });
      await project.init();
      const planned = await project.terraform("plan", "-input=false", "-out=plan", `-var=ssh_private_key=${key}`);
      const shown = await project.terraform("show", "-json", "plan");
      return { code: planned.code, hasKey: shown.output.includes(JSON.stringify(key)) };
    } finally {
      project.dispose();
    }
  };

  test(`${fault(174)}: has no value of an ephemeral variable, as it has of another`, async () => {
    expect(await plannedWith(true)).toEqual({ code: 0, hasKey: false });
    expect(await plannedWith(false)).toEqual({ code: 0, hasKey: true });
  }, 120_000);
});
