import { TerraformStack } from "cdktf";
import { type Grant, grantsOfStacks } from "../../day-two/rbac/grants";
import { addBackend } from "../../stacks/shared/constructs/backend";
import { addKubernetesProvider } from "../../stacks/shared/constructs/kubernetes-access";
import { fault } from "../faults";
import { describeWithProviders } from "./available";
import { ClusterApi } from "./cluster-api";
import { TerraformProject } from "./terraform-project";

// What the real provider asks of the API for each kind of resource and data source that the stacks have, over its whole
// life, beside what `rbac` gives: neither more nor less.

const namespace = "metallb-system";
const rule = [{ api_groups: [""], resources: ["pods"], verbs: ["list"] }];
const role_ref = (kind: string) => ({ api_group: "rbac.authorization.k8s.io", kind, name: "a" });
const subject = [{ kind: "ServiceAccount", name: "a", namespace }];

const podTemplate = (label: string) => ({
  selector: { match_labels: { app: "a" } },
  template: {
    metadata: { labels: { app: "a", label } },
    spec: { container: [{ name: "a", image: "registry.example.org/a:1" }] },
  },
});

/** One of each, with a text that an update changes. */
const resources = (label: string) => {
  const labels = { label };
  const here = { metadata: { name: "a", namespace, labels } };
  const clusterWide = { metadata: { name: "a", labels } };
  return {
    kubernetes_service_account_v1: { a: here },
    kubernetes_config_map_v1: { a: { ...here, data: { key: label } } },
    kubernetes_secret_v1: { a: { ...here, data: { key: label } } },
    kubernetes_role_v1: { a: { ...here, rule } },
    kubernetes_role_binding_v1: { a: { ...here, role_ref: role_ref("Role"), subject } },
    kubernetes_cluster_role_v1: { a: { ...clusterWide, rule } },
    kubernetes_cluster_role_binding_v1: { a: { ...clusterWide, role_ref: role_ref("ClusterRole"), subject } },
    kubernetes_daemon_set_v1: { a: { ...here, spec: podTemplate(label), wait_for_rollout: false } },
    kubernetes_deployment_v1: {
      a: { ...here, spec: { replicas: "1", ...podTemplate(label) }, wait_for_rollout: false },
    },
    kubernetes_service_v1: { a: { ...here, spec: { port: [{ port: 443 }], selector: { app: "a" } } } },
    kubernetes_validating_webhook_configuration_v1: {
      a: {
        ...clusterWide,
        webhook: [
          {
            name: "a.example.org",
            admission_review_versions: ["v1"],
            side_effects: "None",
            client_config: { service: { name: "a", namespace } },
            rule: [{ api_groups: [""], api_versions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
          },
        ],
      },
    },
    kubernetes_config_map_v1_data: {
      a: { metadata: { name: "kube-proxy", namespace: "kube-system" }, data: { key: label }, force: true },
    },
    kubernetes_annotations: {
      a: {
        api_version: "apps/v1",
        kind: "DaemonSet",
        metadata: { name: "kube-proxy", namespace: "kube-system" },
        annotations: { label },
        force: true,
      },
    },
    kubernetes_manifest: {
      a: {
        manifest: {
          apiVersion: "metallb.io/v1beta1",
          kind: "IPAddressPool",
          metadata: { name: "a", namespace },
          spec: { addresses: [`192.0.2.${label}/32`] },
        },
      },
    },
  };
};

const data = {
  kubernetes_config_map_v1: { a: { metadata: { name: "cilium-config", namespace: "kube-system" } } },
  kubernetes_resources: {
    services: { api_version: "v1", kind: "Service", namespace: "${each.key}", for_each: '${toset(["default"])}' },
    namespaces: { api_version: "v1", kind: "Namespace", field_selector: "metadata.name=metallb-system" },
    deployments: { api_version: "apps/v1", kind: "Deployment", namespace },
  },
};

/** What RBAC would ask for requests: each right once. */
function rightsFor(verbs: readonly string[], existing: readonly string[]): Set<string> {
  const there = new Set(existing);
  return new Set(
    verbs.flatMap((request) => {
      const [method = "", path = ""] = request.split(" ");
      const found = /^\/(?:api\/v1|apis\/([^/]+)\/[^/]+)(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+))?$/.exec(path);
      if (found === null) return [];
      const [, group = "", namespace, resource = "", name] = found;
      const right = (verb: string) =>
        keyOf({ group, namespace, resource, verb, ...(verb !== "create" && verb !== "list" && { name }) });
      const makes = method === "POST" || (method === "PATCH" && !there.has(path));
      if (method === "PATCH") there.add(path);
      const verb =
        method === "GET" ? (name === undefined ? "list" : "get") : { PATCH: "patch", DELETE: "delete" }[method];
      return [...(makes ? [right("create")] : []), ...(verb === undefined ? [] : [right(verb)])];
    }),
  );
}

const keyOf = ({ group, namespace, resource, name, verb }: Grant): string =>
  `${verb} ${[group, namespace, resource, name].filter((part) => part !== undefined && part !== "").join("/")}`;

async function succeeds(command: Promise<{ code: number; output: string }>): Promise<void> {
  const { code, output } = await command;
  if (code !== 0) throw new Error(output);
}

describeWithProviders("the rights that the provider needs")("the rights that the provider needs", () => {
  let cluster: ClusterApi;
  const project = new TerraformProject("metallb");
  beforeAll(async () => {
    cluster = await ClusterApi.start();
  });
  afterAll(async () => {
    project.dispose();
    await cluster.stop();
  });

  test(`${fault(187)}: are those that rbac gives, each of which is used`, async () => {
    const live = {
      "/api/v1/namespaces/kube-system/configmaps/kube-proxy": { kind: "ConfigMap", apiVersion: "v1" },
      "/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy": { kind: "DaemonSet", apiVersion: "apps/v1" },
    };
    for (const [path, object] of Object.entries(live)) {
      cluster.put(path, { ...object, metadata: { namespace: "kube-system" } });
    }
    const write = (label: string) =>
      project.write((scope, id) => {
        const stack = new TerraformStack(scope, id);
        addBackend(stack, { name: "demo", state: { backend: "local" } });
        addKubernetesProvider(stack, { source: "kubeconfig", path: cluster.kubeconfig, context: "admin" });
        stack.addOverride("resource", resources(label));
        stack.addOverride("data", data);
        stack.addOverride("terraform.required_providers.kubernetes", {
          source: "hashicorp/kubernetes",
          version: "2.38.0",
        });
        return stack;
      });
    await write("1").init();
    const given = grantsOfStacks([{ name: "metallb", folder: project.path("cdktf.out/stacks/metallb") }], {
      ownsNamespace: false,
    });

    // Whoever only plans only reads, custom resources too.
    const planned = async () => {
      expect((await project.plan()).code).toBe(2);
      return cluster.verbs.filter((verb) => !verb.startsWith("GET "));
    };
    expect(await planned()).toEqual([]);
    await succeeds(project.apply());
    write("2");
    const written = cluster.verbs.filter((verb) => !verb.startsWith("GET "));
    expect(await planned()).toEqual(written);
    await succeeds(project.apply());
    await succeeds(project.terraform("destroy", "-auto-approve"));

    // One that is asked in each namespace of the cluster is given for all of them.
    const asked = [...rightsFor(cluster.verbs, Object.keys(live))].map((right) => right.replace(" default/", " "));
    expect(asked.sort()).toEqual([...new Set(given.grants.map(keyOf))].sort());
  }, 180_000);
});
