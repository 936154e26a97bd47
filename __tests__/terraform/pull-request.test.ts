import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Testing } from "cdktf";
import { diffMarkdown } from "../../cli/diff-report";
import type { ClusterConfig } from "../../cluster/schema";
import { findDiff } from "../../day-two/diff";
import type { Stack } from "../../remote/terraform/stack";
import { Terraform } from "../../remote/terraform/terraform";
import { AddressPoolsStack } from "../../stacks/metallb/address-pools-stack";
import { NodesStack } from "../../stacks/nodes/nodes-stack";
import { cluster, hostKeys } from "../cluster-fixture";
import { project } from "../docs/markdown";
import { fault } from "../faults";
import { ProjectFixture } from "../remote/terraform/project-fixture";
import { describeWithProviders } from "./available";
import { ClusterApi } from "./cluster-api";
import { synthesiseTo } from "./terraform-project";

// What a pull request is told by the real stacks, Terraform and providers, word for word as docs/ci/comments.md shows it. The
// API is a stand-in, and no node is there: the stacks are applied without the scripts that would run on one.

describeWithProviders("comments on pull requests")("a pull request, in Terraform", () => {
  let api: ClusterApi;
  let fixture: ProjectFixture;
  beforeAll(async () => {
    api = await ClusterApi.start();
    fixture = new ProjectFixture();
    for (const namespace of ["default", "metallb-system"]) {
      api.put(`/api/v1/namespaces/${namespace}`, { metadata: {} });
    }
    api.put("/api/v1/namespaces/default/services/web", {
      metadata: { namespace: "default" },
      spec: { type: "LoadBalancer" },
      status: { loadBalancer: { ingress: [{ ip: "10.89.0.240" }] } },
    });
    mkdirSync(join(fixture.folder, ".state/lab"), { recursive: true });
    writeFileSync(join(fixture.folder, "key"), "no key, which no node is shown");
    const environment = { ...fixture.project.environment, HOME: homedir() };
    const terraform = new Terraform(environment);
    for (const stack of synthesised(declared({}))) {
      withoutScripts(stack);
      const { code, output } = await terraform.run(stack, ["apply", "-auto-approve", "-input=false"], 120);
      if (code !== 0) throw new Error(output);
    }
  }, 240_000);
  afterAll(async () => {
    fixture.dispose();
    await api.stop();
  });

  const declared = ({ range = "10.89.0.240-10.89.0.250", kubeProxy = {} }): ClusterConfig =>
    cluster({
      name: "lab",
      kubernetes: { version: "1.35.4", kubeconfig: api.kubeconfig, context: "admin" },
      ssh: { user: "ops", privateKeyFile: join(fixture.folder, "key") },
      nodes: [
        { name: "node1", address: "10.89.0.11", role: "control-plane", hostKey: hostKeys.node1 },
        { name: "node2", address: "10.89.0.12", role: "worker", hostKey: hostKeys.node1 },
      ],
      metallb: { version: "0.15.2", pools: [{ name: "default", protocol: "layer2", addresses: [range] }] },
      kubeProxy,
    });

  function synthesised(config: ClusterConfig): Stack[] {
    const app = Testing.app({ outdir: "cdktf.out" });
    const made = [new NodesStack(app, "nodes", config), new AddressPoolsStack(app, "address-pools", config)];
    const stacks = fixture.stacks(Object.fromEntries(made.map(({ node }) => [node.id, {}])));
    for (const stack of made) {
      stack.prepareStack();
      const folder = stacks.find(({ name }) => name === stack.node.id)?.folder;
      if (folder !== undefined) synthesiseTo(folder, stack);
    }
    return stacks;
  }

  /** Takes from a stack's resources what would connect to a node; no plan differs by that. */
  function withoutScripts({ folder }: Stack): void {
    const file = join(folder, "cdk.tf.json");
    const { resource, ...rest } = JSON.parse(readFileSync(file, "utf8")) as {
      resource: { null_resource: Record<string, { provisioner?: unknown }> };
    };
    for (const one of Object.values(resource.null_resource)) delete one.provisioner;
    writeFileSync(file, JSON.stringify({ ...rest, resource }));
  }

  async function comment(change: Parameters<typeof declared>[0]): Promise<{ status: string; text: string }> {
    const config = declared(change);
    synthesised(config);
    const given = { ...fixture.project, environment: { ...fixture.project.environment, HOME: homedir() } };
    const { report } = await findDiff({ config, project: given, home: fixture.folder, scratch: fixture.folder });
    const text = diffMarkdown(report).replace(/`[0-9a-f]{64}`/, "`9f86d08…`");
    return { status: report.status, text: text.trimEnd() };
  }
  const shown = () => readFileSync(join(project, "docs/ci/comments.md"), "utf8");

  test(`${fault(190)}: nothing, where nothing is changed`, async () => {
    expect((await comment({})).status).toBe("unchanged");
  }, 120_000);

  test(`${fault(190)}: another pool`, async () => {
    const { status, text } = await comment({ range: "10.89.0.240-10.89.0.252" });
    expect(status).toBe("changes");
    expect(shown()).toContain(text);
  }, 120_000);

  test(`${fault(190)}: another mode of kube-proxy, of which the nodes have to know`, async () => {
    const { status, text } = await comment({ kubeProxy: { mode: "iptables", strictARP: undefined } });
    expect(status).toBe("changes");
    expect(shown()).toContain(text);
  }, 120_000);

  test(`${fault(190)}: a gate that refuses: no pool holds the address of a Service any more`, async () => {
    const { status, text } = await comment({ range: "10.89.0.246-10.89.0.249" });
    expect(status).toBe("failed");
    expect(shown()).toContain(text);
  }, 120_000);
});
