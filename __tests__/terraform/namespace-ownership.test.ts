import { existsSync, writeFileSync } from "node:fs";
import { DataKubernetesResources } from "@cdktf/provider-kubernetes/lib/data-kubernetes-resources";
import { TerraformStack } from "cdktf";
import { MetallbNamespace, sharedNamespace } from "../../stacks/metallb/constructs/namespace";
import { fault } from "../faults";
import { type Answer, ApiServer, type Change } from "../remote/kubernetes/api-server";
import { describeWithProviders } from "./available";
import { running, TerraformProject } from "./terraform-project";

// The real Terraform and the real provider, against an API server that has namespaces and nothing else.

const annotation = "baremetal-lb/stack";

interface Metadata {
  name: string;
  uid: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

const map = { type: "object", additionalProperties: { type: "string" } };
const text = { type: "string" };

/** What the provider asks for the shape of what it lists. */
const openApi = {
  swagger: "2.0",
  info: { title: "Kubernetes", version: "v1.35.4" },
  paths: {},
  definitions: {
    "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta": {
      type: "object",
      properties: { name: text, uid: text, labels: map, annotations: map },
    },
    "io.k8s.api.core.v1.Namespace": {
      type: "object",
      properties: {
        apiVersion: text,
        kind: text,
        metadata: { $ref: "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" },
      },
      "x-kubernetes-group-version-kind": [{ group: "", kind: "Namespace", version: "v1" }],
    },
  },
};

// The provider looks for the kind among the CRDs as well.
const version = { groupVersion: "apiextensions.k8s.io/v1", version: "v1" };
const definitions = { name: "apiextensions.k8s.io", versions: [version], preferredVersion: version };

const resourceList = (groupVersion: string, name: string, kind: string) => ({
  kind: "APIResourceList",
  apiVersion: "v1",
  groupVersion,
  resources: [{ name, singularName: "", namespaced: false, kind, verbs: ["get", "list"] }],
});

/** A cluster's one namespace. */
class Namespaces {
  metadata: Metadata | undefined;
  readonly deleted: string[] = [];
  private made = 0;

  /** As `kubectl create namespace` or a release's manifest makes it. */
  create({ annotations, labels }: Partial<Metadata> = {}): unknown {
    this.made += 1;
    this.metadata = { name: "metallb-system", uid: `uid-${this.made}`, labels, annotations };
    return this.object;
  }

  /** As `kubectl annotate` writes whose it is, or takes it away. */
  annotate(owner: string | undefined): void {
    const annotations = owner === undefined ? undefined : { [annotation]: owner };
    this.metadata = { ...(this.metadata as Metadata), annotations };
  }

  private get object(): unknown {
    return { apiVersion: "v1", kind: "Namespace", metadata: this.metadata, spec: {}, status: { phase: "Active" } };
  }

  readonly answer = (path: string): Answer | undefined => {
    switch (path) {
      case "/api":
        return { json: { kind: "APIVersions", versions: ["v1"] } };
      case "/apis":
        return { json: { kind: "APIGroupList", apiVersion: "v1", groups: [definitions] } };
      case "/apis/apiextensions.k8s.io/v1":
        return {
          json: resourceList("apiextensions.k8s.io/v1", "customresourcedefinitions", "CustomResourceDefinition"),
        };
      case "/apis/apiextensions.k8s.io/v1/customresourcedefinitions":
        return { json: { kind: "CustomResourceDefinitionList", apiVersion: "apiextensions.k8s.io/v1", items: [] } };
      case "/api/v1":
        return { json: resourceList("v1", "namespaces", "Namespace") };
      case "/openapi/v2":
        return { json: openApi };
      case "/api/v1/namespaces":
        return {
          json: { kind: "NamespaceList", apiVersion: "v1", metadata: {}, items: this.metadata ? [this.object] : [] },
        };
      default:
        return this.metadata && path === "/api/v1/namespaces/metallb-system" ? { json: this.object } : undefined;
    }
  };

  readonly change = ({ method, body }: Change): unknown => {
    if (method === "POST") return this.create((body as { metadata: Partial<Metadata> }).metadata);
    if (this.metadata === undefined) throw new Error(`${method} of a namespace that is not there`);
    if (method === "DELETE") {
      this.deleted.push(this.metadata.uid);
      const object = this.object;
      this.metadata = undefined;
      return object;
    }
    // JSON Patch, of the two maps only.
    for (const { op, path, value } of body as { op: string; path: string; value: never }[]) {
      const [, field, key] = /^\/metadata\/(labels|annotations)(?:\/(.+))?$/.exec(path) ?? [];
      if (field !== "labels" && field !== "annotations") throw new Error(`unexpected patch of ${path}`);
      const name = key?.replaceAll("~1", "/").replaceAll("~0", "~");
      if (name === undefined) this.metadata[field] = value;
      else if (op === "remove") delete this.metadata[field]?.[name];
      else (this.metadata[field] ??= {})[name] = value;
    }
    return this.object;
  };
}

type Build = (stack: TerraformStack) => void;

/** As MetalLB 0.9 has it. */
const of09: Build = (stack) => new MetallbNamespace(stack, "namespace", { podSecurityLabels: true });
/** As MetalLB 0.13 and later have it. */
const shared: Build = (stack) => sharedNamespace(stack);
/** The same before stacks remembered whose it is. */
const forgetful: Build = (stack) => {
  new DataKubernetesResources(stack, "namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    fieldSelector: "metadata.name=metallb-system",
  });
  const objects = "data.kubernetes_resources.namespaces.objects";
  const owner = `length(${objects}) == 0 ? "metallb-crds" : try(${objects}[0].metadata.annotations["${annotation}"], "metallb")`;
  const namespace = new MetallbNamespace(stack, "namespace", {
    podSecurityLabels: true,
    ...(stack.node.id === "metallb-crds" && { annotations: { [annotation]: "metallb-crds" } }),
  });
  namespace.addOverride("count", `\${(${owner}) == "${stack.node.id}" ? 1 : 0}`);
};

type StackName = "metallb-crds" | "metallb";

/** The two stacks and their cluster. */
class Deployment {
  readonly cluster = new Namespaces();
  private readonly projects = new Map<StackName, TerraformProject>();

  private constructor(private readonly api: ApiServer) {}

  static async start(): Promise<Deployment> {
    const deployment: Deployment[] = [];
    const api = await ApiServer.start(
      (path) => deployment[0]?.cluster.answer(path),
      (change) => deployment[0]?.cluster.change(change),
    );
    deployment.push(new Deployment(api));
    return deployment[0] as Deployment;
  }

  async stop(): Promise<void> {
    for (const project of this.projects.values()) project.dispose();
    await this.api.stop();
  }

  async declare(name: StackName, build: Build, imports: readonly object[] = []): Promise<TerraformProject> {
    const known = this.projects.get(name);
    const project = known ?? new TerraformProject(name);
    this.projects.set(name, project);
    project.writeOnCluster(this.api.kubeconfig, (stack) => {
      build(stack);
    });
    writeFileSync(project.path(`cdktf.out/stacks/${name}/import.tf.json`), JSON.stringify({ import: imports }));
    return known ?? project.init();
  }

  private of(name: StackName): TerraformProject {
    const project = this.projects.get(name);
    if (project === undefined) throw new Error(`${name} is not declared`);
    return project;
  }

  /** What an apply did, in Terraform's words. */
  async apply(name: StackName): Promise<string> {
    const { code, output } = await this.of(name).apply();
    if (code !== 0) throw new Error(output);
    return /Apply complete! Resources: (.*)\./.exec(output)?.[1] ?? output;
  }

  async failing(name: StackName): Promise<string> {
    const { code, output } = await this.of(name).apply();
    expect(code).toBe(1);
    return running(output);
  }

  /** The addresses that a plan would change, each with what. */
  async plan(name: StackName): Promise<string[]> {
    const { code, output } = await this.of(name).plan();
    if (code === 1) throw new Error(output);
    return [...output.matchAll(/^ {2}# (.*?) (will be .*|must be replaced)$/gm)].map(
      ([, what, how]) => `${what} ${how}`,
    );
  }

  async destroy(name: StackName): Promise<void> {
    const { code, output } = await this.of(name).terraform("destroy", "-auto-approve", "-input=false");
    if (code !== 0) throw new Error(output);
  }

  async state(name: StackName): Promise<string[]> {
    const { output } = await this.of(name).terraform("state", "list");
    return output.split("\n").filter((line) => /^(kubernetes|terraform)_\S+$/.test(line));
  }
}

describeWithProviders("whose the namespace is")("the namespace of two stacks, in Terraform", () => {
  let deployment: Deployment;
  beforeEach(async () => {
    deployment = await Deployment.start();
  });
  afterEach(() => deployment.stop());

  const both = async (build: Build) => {
    await deployment.declare("metallb-crds", build);
    await deployment.declare("metallb", build);
  };
  const plans = async () => [await deployment.plan("metallb-crds"), await deployment.plan("metallb")];
  const nothing = [[], []];
  const remember = "terraform_data.namespace-owner will be created";

  test(`${fault(110)}: of a new cluster, stays where the annotation is lost, and where the namespace is`, async () => {
    const { cluster } = deployment;
    await both(shared);
    expect(await deployment.apply("metallb-crds")).toBe("2 added, 0 changed, 0 destroyed");
    expect(await deployment.apply("metallb")).toBe("1 added, 0 changed, 0 destroyed");
    expect(cluster.metadata?.annotations).toEqual({ [annotation]: "metallb-crds" });
    expect(await plans()).toEqual(nothing);

    // when: the annotation is lost
    cluster.annotate(undefined);
    expect(await plans()).toEqual([["kubernetes_namespace_v1.namespace[0] will be updated in-place"], []]);
    expect(await deployment.apply("metallb")).toBe("0 added, 0 changed, 0 destroyed");
    expect(await deployment.apply("metallb-crds")).toBe("0 added, 1 changed, 0 destroyed");
    expect(cluster.metadata?.annotations).toEqual({ [annotation]: "metallb-crds" });

    // when: the namespace is, and somebody makes it anew
    cluster.create();
    expect(await deployment.apply("metallb-crds")).toBe("0 added, 1 changed, 0 destroyed");
    expect(await deployment.apply("metallb")).toBe("0 added, 0 changed, 0 destroyed");
    cluster.metadata = undefined;
    expect(await deployment.apply("metallb-crds")).toBe("1 added, 0 changed, 0 destroyed");
    expect(await plans()).toEqual(nothing);
    expect(cluster.deleted).toEqual([]);

    await deployment.destroy("metallb");
    expect(cluster.deleted).toEqual([]);
    await deployment.destroy("metallb-crds");
    expect(cluster.deleted).toEqual(["uid-3"]);
  }, 240_000);

  test(`${fault(110)}: that MetalLB 0.9 had stays with the stack metallb; one that is deleted is made once, and kept by both`, async () => {
    const { cluster } = deployment;
    await deployment.declare("metallb", of09);
    await deployment.apply("metallb");
    await both(shared);
    expect(await plans()).toEqual([[remember], [remember]]);
    await deployment.apply("metallb-crds");
    await deployment.apply("metallb");
    expect(cluster.metadata?.uid).toBe("uid-1");

    // when: somebody writes the annotation of the other stack onto it
    cluster.annotate("metallb");
    expect(await plans()).toEqual(nothing);

    // when: the namespace is deleted
    cluster.metadata = undefined;
    expect(await deployment.apply("metallb-crds")).toBe("1 added, 0 changed, 0 destroyed");
    expect(await deployment.apply("metallb")).toBe("0 added, 0 changed, 0 destroyed");
    expect(await plans()).toEqual(nothing);
    expect([cluster.metadata, cluster.deleted]).toMatchObject([{ uid: "uid-2" }, []]);

    // when: the annotation of the new one is lost, too
    cluster.annotate(undefined);
    expect(await deployment.apply("metallb")).toBe("0 added, 0 changed, 0 destroyed");
    const refused = await deployment.failing("metallb-crds");
    expect(refused).toContain("The namespace metallb-system does not say that the stack metallb-crds made it");
    expect(cluster.deleted).toEqual([]);
    cluster.annotate("metallb-crds");
    expect(await plans()).toEqual(nothing);

    await deployment.destroy("metallb");
    await deployment.destroy("metallb-crds");
    expect(cluster.deleted).toEqual(["uid-2"]);
  }, 240_000);

  test(`${fault(110)}: of a state from before is kept by its first plan, with and without the annotation`, async () => {
    const { cluster } = deployment;
    await both(forgetful);
    await deployment.apply("metallb-crds");
    await deployment.apply("metallb");
    await both(shared);
    expect(await plans()).toEqual([[remember], [remember]]);

    // when: the annotation is lost before anything is remembered
    cluster.annotate(undefined);
    const refused = await deployment.failing("metallb-crds");
    expect(refused).toContain(
      'The namespace metallb-system does not say that the stack metallb-crds made it: its annotation baremetal-lb/stack is lost, or names another. With it would go MetalLB and all addresses, so it was not deleted. If metallb-crds made it, say so: kubectl annotate --overwrite namespace metallb-system baremetal-lb/stack=metallb-crds. If not, take it out of its state: terraform -chdir=cdktf.out/stacks/metallb-crds state rm "kubernetes_namespace_v1.namespace[0]".',
    );
    expect(cluster.deleted).toEqual([]);

    // when: as the message says
    cluster.annotate("metallb-crds");
    expect(await plans()).toEqual([[], [remember]]);
    await deployment.apply("metallb");
    expect(await plans()).toEqual(nothing);
  }, 240_000);

  test(`${fault(110)}: an owner that somebody wrote into the cluster is no shell`, async () => {
    const { cluster } = deployment;
    await both(shared);
    await deployment.apply("metallb-crds");
    const file = deployment["projects"].get("metallb-crds")?.path("ran") ?? "";
    for (const owner of [`'; touch ${file}; '`, `$(touch ${file})`, `metallb-crds ] || touch ${file}; [ x`]) {
      cluster.annotate(owner);
      await expect(deployment.destroy("metallb-crds")).rejects.toThrow("does not say that the stack metallb-crds");
    }
    expect(existsSync(file)).toBe(false);
    expect(cluster.deleted).toEqual([]);
  }, 240_000);

  test(`${fault(110)}: that upstream's manifest made is imported into the stack metallb`, async () => {
    const { cluster } = deployment;
    cluster.create({ labels: { app: "other" } });
    await deployment.declare("metallb-crds", shared);
    const address = "kubernetes_namespace_v1.namespace[0]";
    await deployment.declare("metallb", shared, [{ to: address, id: "metallb-system" }]);
    expect(await deployment.apply("metallb-crds")).toBe("1 added, 0 changed, 0 destroyed");
    expect(await deployment.apply("metallb")).toBe("1 imported, 1 added, 1 changed, 0 destroyed");
    expect(await deployment.state("metallb")).toEqual([address, "terraform_data.namespace-owner"]);
    expect(await plans()).toEqual(nothing);
    expect(cluster.metadata?.labels).toMatchObject({ app: "metallb" });
  }, 240_000);
});
