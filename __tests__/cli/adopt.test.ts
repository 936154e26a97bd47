import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { CloudServer, organization } from "../remote/cloud/cloud-server";
import { ApiServer } from "../remote/kubernetes/api-server";
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
});
