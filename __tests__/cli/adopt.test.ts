import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { CloudServer, organization } from "../remote/cloud/cloud-server";
import { helmWorkload } from "../day-two/helm-cluster";
import { helmRecord } from "../day-two/helm-record";
import { type Answer, ApiServer } from "../remote/kubernetes/api-server";
import { ProjectFixture } from "../remote/terraform/project-fixture";
import { runProgram } from "./run-program";

describe("adopt, as a shell runs it", () => {
  let fixture: ProjectFixture;
  let api: ApiServer;
  let cloud: CloudServer;
  beforeEach(async () => {
    cloud = await CloudServer.start();
    fixture = new ProjectFixture();
    const secretkey = Buffer.from("s3cret").toString("base64");
    const path = "/api/v1/namespaces/metallb-system/secrets/memberlist";
    api = await ApiServer.start({ [path]: { json: { data: { secretkey } } } });
  });
  afterEach(async () => {
    fixture.dispose();
    await Promise.all([api.stop(), cloud.dispose()]);
  });

  const metadata = { name: "memberlist", namespace: "metallb-system" };
  const ofMetallb = { metallb: { kubernetes_secret_v1: { memberlist: { metadata } } } };

  /** The project of a cluster, with a Terraform that knows of no resource and notes what it is asked for. */
  function project(
    sections: object,
    stacks: Readonly<Record<string, object>> = ofMetallb,
    plan: object = {},
  ): { readonly program: string; readonly calls: () => string } {
    const { folder } = fixture;
    const program = join(folder, "terraform");
    const shown = `[ "$1" != show ] || echo '${JSON.stringify({ format_version: "1.2", ...plan })}'`;
    writeFileSync(program, `#!/bin/sh\necho "$1" >>${folder}/calls\n${shown}\n[ "$1" != plan ] || exit 2\n`, {
      mode: 0o755,
    });
    const config = {
      ...clusterInput,
      kubernetes: { version: "1.35.4", kubeconfig: api.kubeconfig, context: "admin" },
      ssh: { user: "ops", agent: true },
      ...sections,
    };
    writeFileSync(join(folder, "cluster.yaml"), stringify(config));
    // The app of a project, which writes the stack into the folder that adopt has for itself.
    fixture.stacks(
      Object.fromEntries(Object.entries(stacks).map(([name, resource]) => [name, { configuration: { resource } }])),
    );
    writeFileSync(
      join(folder, "cdktf.json"),
      JSON.stringify({ app: `cp -r ${fixture.project.outdir}/. $CDKTF_OUTDIR`, output: "out" }),
    );
    return { program, calls: () => readFileSync(join(folder, "calls"), "utf8") };
  }

  test(`${fault(157)}: where a server runs Terraform, nothing is planned with the secret`, async () => {
    const state = { backend: "cloud", organization, hostname: cloud.hostname };
    const { program, calls } = project({ state });

    const { status, stdout, stderr } = await runProgram(fixture.folder, ["adopt", "--plan"], {
      CDKTF_OUTDIR: fixture.project.outdir,
      TERRAFORM_BINARY_NAME: program,
      ...cloud.environment,
    });

    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^the memberlist secret's value is its name for Terraform's import, and localhost:/);
    expect(calls()).toBe("state\n");
    expect(existsSync(`${fixture.project.outdir}.adopt`)).toBe(false);
  });

  test(`${fault(222)}: what a lost state of kube-proxy had is taken over, and its restart is said before`, async () => {
    const metadata = { name: "baremetal-lb-kube-proxy-original", namespace: "kube-system" };
    await api.stop();
    api = await ApiServer.start({ [`/api/v1/namespaces/kube-system/configmaps/${metadata.name}`]: { json: {} } });
    const changeOf = (type: string, name: string, change: object) => ({
      address: `${type}.${name}`,
      type,
      name,
      change,
    });
    const values = { metadata: [metadata] };
    const { program, calls } = project(
      {},
      { nodes: {}, "kube-proxy": { kubernetes_config_map_v1: { original: { metadata } } } },
      {
        resource_changes: [
          changeOf("kubernetes_config_map_v1", "original", {
            actions: ["no-op"],
            before: values,
            after: values,
            importing: { id: `${metadata.namespace}/${metadata.name}` },
          }),
          changeOf("random_id", "restart-id", { actions: ["create"], before: null, after: {} }),
        ],
      },
    );

    const { status, stdout, stderr } = await runProgram(fixture.folder, ["adopt", "--plan"], {
      CDKTF_OUTDIR: fixture.project.outdir,
      TERRAFORM_BINARY_NAME: program,
    });

    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toBe(`To import (1):
  ConfigMap kube-system/baremetal-lb-kube-proxy-original
To create (1):
  random_id.restart-id
Pods to restart, one after the other (1):
  DaemonSet kube-system/kube-proxy
To destroy: nothing.
`);
    expect(calls()).toBe("state\nplan\nshow\n");
  });

  test(`${fault(165)}: a secret that is to be in no state is not imported into it`, async () => {
    const { program, calls } = project({ metallb: { ...clusterInput.metallb, memberlistKey: "writeOnly" } });

    const { status, stdout, stderr } = await runProgram(fixture.folder, ["adopt", "--plan"], {
      CDKTF_OUTDIR: fixture.project.outdir,
      TERRAFORM_BINARY_NAME: program,
    });

    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(
      /^Terraform reads the Secrets that it imports into its state, which metallb\.memberlistKey: /,
    );
    expect(calls()).toBe("state\n");
  });

  describe(`${fault(94)}: a Helm release`, () => {
    const inMetallb = "namespaces/metallb-system";
    const controllers = `/apis/apps/v1/${inMetallb}/deployments`;
    const records = `/api/v1/${inMetallb}/secrets`;
    const kinds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    const pools = "ipaddresspools.metallb.io";
    const made = (apiVersion: string, kind: string, name: string) =>
      JSON.stringify({ apiVersion, kind, metadata: { name } });
    const record = helmRecord(
      "metallb",
      1,
      "deployed",
      [
        made("apiextensions.k8s.io/v1", "CustomResourceDefinition", pools),
        made("v1", "ServiceAccount", "metallb-controller"),
        made("apps/v1", "Deployment", "metallb-controller"),
      ].join("\n---\n"),
    );
    const controller = helmWorkload("controller", "metallb", "metallb-system");
    const named = { ...controller, metadata: { ...controller.metadata, name: "metallb-controller" } };
    const image = "quay.io/metallb/controller:v0.15.2";
    const running = { spec: { template: { spec: { containers: [{ name: "controller", image }] } } } };

    const answers = (path: string, query: URLSearchParams): Answer | undefined => {
      if (path === "/apis/apps/v1/deployments") {
        const isCharts = query.get("labelSelector")?.startsWith("app.kubernetes.io/name=metallb,");
        return { json: { items: isCharts ? [named] : [] } };
      }
      if (path === `${controllers}/metallb-controller`) return { json: running };
      if (path === records) return { json: { items: [record] } };
      if (path === `${kinds}/${pools}`) return { json: {} };
      return undefined;
    };

    const gate = { kubernetes_resources: { "daemon-sets-by-chart": { lifecycle: { postcondition: [] } } } };
    const metadata = { name: pools };
    const definition = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata };
    const stacks = {
      "metallb-crds": { kubernetes_manifest: { pools: { manifest: definition } } },
      metallb: {
        kubernetes_deployment_v1: { controller: { metadata: { name: "controller", namespace: "metallb-system" } } },
      },
    };

    const adopt = async (...options: string[]) => {
      await api.stop();
      api = await ApiServer.start(answers);
      const { program, calls } = project({ metallb: { ...clusterInput.metallb, version: "0.15.2" } }, stacks);
      for (const stack of Object.keys(stacks)) {
        const file = join(fixture.project.outdir, "stacks", stack, "cdk.tf.json");
        writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), data: gate }));
      }
      // Terraform notes whether the stack that it plans would refuse the release.
      writeFileSync(
        program,
        readFileSync(program, "utf8").replace(
          "\n",
          `\n[ "$1" != plan ] || grep -c lifecycle cdk.tf.json >>${fixture.folder}/refusals\n`,
        ),
      );
      const done = await runProgram(fixture.folder, ["adopt", ...options], {
        CDKTF_OUTDIR: fixture.project.outdir,
        TERRAFORM_BINARY_NAME: program,
      });
      return { ...done, calls: calls(), refusals: readFileSync(join(fixture.folder, "refusals"), "utf8") };
    };

    test("is planned past the refusal, with what of it is deleted, and nothing is changed", async () => {
      const { status, stdout, stderr, calls, refusals } = await adopt("--plan");
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout).toBe(`To delete of the Helm release metallb, which Helm then forgets (2):
  Deployment metallb-system/metallb-controller
  ServiceAccount metallb-system/metallb-controller
`);
      expect(calls).toBe("state\nplan\nshow\nstate\nplan\nshow\n");
      expect(refusals).toBe("0\n0\n");
      expect(api.changes).toEqual([]);
    });

    test("gives way right before MetalLB is made under its own names", async () => {
      const { status, stdout, stderr, calls } = await adopt("--yes");
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout).toContain("Adopted. From here on: npx cdktf deploy '*'");
      expect(calls).toBe("state\nplan\nshow\nstate\nplan\nshow\napply\napply\n");
      expect(api.changes.map(({ method, path }) => `${method} ${path}`)).toEqual([
        `DELETE ${records}/sh.helm.release.v1.metallb.v1`,
        `DELETE ${controllers}/metallb-controller`,
        `DELETE /api/v1/${inMetallb}/serviceaccounts/metallb-controller`,
      ]);
    });
  });
});
