import { placeText, type StateBlock, stateBlock, terraformBlock } from "../../../stacks/shared/state-block";
import { NodesStack } from "../../../stacks/nodes/nodes-stack";
import { cluster } from "../../cluster-fixture";
import { synthesisedOnce } from "../../synthesised";

const folder = { outdir: "cdktf.out", stack: "nodes" };

describe("where a stack's state is", () => {
  const cases: [string, Record<string, unknown>, StateBlock["arguments"], string][] = [
    ["local", {}, { path: "../../../.state/demo/nodes.tfstate" }, "the file .state/demo/nodes.tfstate"],
    [
      "cloud",
      { organization: "acme" },
      { hostname: "app.terraform.io", organization: "acme", workspaces: { name: "demo-nodes" } },
      "the workspace demo-nodes on app.terraform.io",
    ],
    [
      "s3",
      { bucket: "states", region: "eu-central-1", keyPrefix: "teams/search" },
      {
        bucket: "states",
        region: "eu-central-1",
        key: "teams/search/demo/nodes.tfstate",
        encrypt: true,
        use_lockfile: true,
      },
      "the bucket states, teams/search/demo/nodes.tfstate",
    ],
    [
      "s3",
      { bucket: "states", region: "us-east-1", endpoint: "https://minio.example.org:9000", encrypt: false },
      {
        bucket: "states",
        region: "us-east-1",
        key: "demo/nodes.tfstate",
        encrypt: false,
        use_lockfile: true,
        endpoints: { s3: "https://minio.example.org:9000" },
        skip_credentials_validation: true,
        skip_region_validation: true,
        skip_requesting_account_id: true,
        skip_metadata_api_check: true,
        skip_s3_checksum: true,
        use_path_style: true,
      },
      "the bucket states, demo/nodes.tfstate",
    ],
    ["pg", {}, { schema_name: "demo-nodes" }, "PostgreSQL, schema demo-nodes"],
    [
      "kubernetes",
      { context: "management" },
      {
        namespace: "kube-system",
        secret_suffix: "demo-nodes",
        config_path: "~/.kube/config",
        config_context: "management",
      },
      "Kubernetes (context management), Secret kube-system/tfstate-default-demo-nodes",
    ],
    [
      "http",
      { address: "https://state.example.org/terraform" },
      {
        address: "https://state.example.org/terraform/demo-nodes",
        lock_address: "https://state.example.org/terraform/demo-nodes",
        lock_method: "LOCK",
        unlock_address: "https://state.example.org/terraform/demo-nodes",
        unlock_method: "UNLOCK",
      },
      "https://state.example.org/terraform/demo-nodes",
    ],
    [
      "http",
      { address: "https://gitlab.example.org/api/v4/projects/7/terraform/state", lockMethod: "POST" },
      {
        address: "https://gitlab.example.org/api/v4/projects/7/terraform/state/demo-nodes",
        update_method: "POST",
        lock_address: "https://gitlab.example.org/api/v4/projects/7/terraform/state/demo-nodes/lock",
        lock_method: "POST",
        unlock_address: "https://gitlab.example.org/api/v4/projects/7/terraform/state/demo-nodes/lock",
        unlock_method: "DELETE",
      },
      "https://gitlab.example.org/api/v4/projects/7/terraform/state/demo-nodes",
    ],
  ];

  test.each(cases)("%s, %j", (type, given, expected, text) => {
    const config = cluster({ state: { backend: type, ...given } });
    const block = stateBlock(config, folder);
    expect(block).toStrictEqual({ type, arguments: expected });
    expect(placeText(block)).toBe(text);
    const { terraform } = synthesisedOnce(NodesStack, "nodes", config) as unknown as {
      terraform: Record<string, unknown>;
    };
    const { backend, cloud } = terraform;
    expect(JSON.parse(JSON.stringify({ backend, cloud }))).toEqual(JSON.parse(JSON.stringify(terraformBlock(block))));
  });

  test("has another name for each stack and each cluster", () => {
    const states = [
      { backend: "local" },
      { backend: "cloud", organization: "acme" },
      { backend: "s3", bucket: "a", region: "b" },
      { backend: "pg" },
      { backend: "kubernetes", context: "a" },
      { backend: "http", address: "https://a" },
    ];
    const names = ["nodes", "kube-proxy", "metallb-crds", "address-pools", "metallb"];
    for (const state of states) {
      const blocks = ["demo", "other", "other-metallb", "demo-kube"].flatMap((name) =>
        names.map((stack) => JSON.stringify(stateBlock({ ...cluster({ name, state }) }, { outdir: "out", stack }))),
      );
      expect(new Set(blocks).size).toBe(blocks.length);
    }
  });

  test("no text is a template to Terraform", () => {
    const state = { backend: "kubernetes", context: "${odd}" };
    const block = stateBlock(cluster({ state }), folder);
    expect(terraformBlock(block)).toMatchObject({ backend: { kubernetes: { config_context: "$${odd}" } } });
  });

  test.each([
    ["s3", { bucket: "a", region: "b" }, ">= 1.10.0"],
    ["pg", {}, ">= 1.6.0"],
    ["kubernetes", { context: "a" }, ">= 1.5.0"],
  ])("%s needs a Terraform that knows it", (backend, more, expected) => {
    const config = cluster({ state: { backend, ...more } });
    const { terraform } = synthesisedOnce(NodesStack, "nodes", config) as unknown as {
      terraform: { required_version: string };
    };
    expect(terraform.required_version).toBe(expected);
  });
});
