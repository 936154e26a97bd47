import { hclOf, type JsonObject } from "../../hcl/write";

const schemas = {
  provider_schemas: {
    "registry.terraform.io/hashicorp/kubernetes": {
      provider: { block: { block_types: { exec: { block: {} } } } },
      resource_schemas: {
        kubernetes_service_v1: {
          block: { block_types: { spec: { block: { block_types: { port: { block: {} } } } } } },
        },
      },
      data_source_schemas: {
        kubernetes_resource: { block: { block_types: { metadata: { block: {} } } } },
      },
    },
  },
};

test("a resource: its provider's blocks and Terraform's own, once or several times", () => {
  const configuration: JsonObject = {
    "//": { metadata: {} },
    resource: {
      kubernetes_service_v1: {
        web: {
          "//": "a comment",
          spec: {
            port: [{ port: 80 }, { port: 443, name: null }],
            selector: { "app.kubernetes.io/name": "web", for: "a" },
          },
          count: 1,
          wait: false,
          list: [],
          depends_on: ["null_resource.gate"],
          lifecycle: {
            ignore_changes: ["spec"],
            replace_triggered_by: ["null_resource.gate"],
            precondition: [{ condition: "${local.ready}", error_message: 'not "ready"' }],
          },
          provisioner: [
            {
              "remote-exec": {
                when: "destroy",
                inline: ["echo a", "${local.script}", "a\nb\n"],
                connection: { host: "10.0.0.1", port: 22 },
              },
            },
          ],
        },
      },
    },
  };
  expect(hclOf(configuration, schemas)).toBe(`resource "kubernetes_service_v1" "web" {
spec {
port {
port = 80
}
port {
port = 443
}
selector = {
"app.kubernetes.io/name" = "web"
"for" = "a"
}
}
count = 1
wait = false
list = []
depends_on = [null_resource.gate]
lifecycle {
ignore_changes = [spec]
replace_triggered_by = [null_resource.gate]
precondition {
condition = local.ready
error_message = "not \\"ready\\""
}
}
provisioner "remote-exec" {
when = destroy
inline = [
"echo a",
local.script,
<<EOT
a
b
EOT
,
]
connection {
host = "10.0.0.1"
port = 22
}
}
}
`);
});

test("a configuration: its parts in the order in which they are read", () => {
  const configuration: JsonObject = {
    import: [{ id: "a/b", to: "kubernetes_service_v1.web" }],
    moved: [{ from: "null_resource.a", to: "null_resource.b" }],
    data: { kubernetes_resource: { live: { metadata: { name: "a" } } } },
    provider: { kubernetes: [{ config_path: "~/.kube/config", exec: { command: "a" } }] },
    locals: { current: "${data.kubernetes_resource.live}" },
    variable: { token: { type: "string", sensitive: true } },
    terraform: {
      required_version: ">= 1.5.0",
      backend: { local: { path: "${a}.tfstate" } },
      required_providers: { kubernetes: { source: "hashicorp/kubernetes", version: "2.38.0" } },
    },
  };
  expect(hclOf(configuration, schemas)).toBe(`terraform {
required_version = ">= 1.5.0"
backend "local" {
path = "$\${a}.tfstate"
}
required_providers {
kubernetes = {
source = "hashicorp/kubernetes"
version = "2.38.0"
}
}
}

variable "token" {
type = string
sensitive = true
}

locals {
current = data.kubernetes_resource.live
}

provider "kubernetes" {
config_path = "~/.kube/config"
exec {
command = "a"
}
}

data "kubernetes_resource" "live" {
metadata {
name = "a"
}
}

moved {
from = null_resource.a
to = null_resource.b
}

import {
id = "a/b"
to = kubernetes_service_v1.web
}
`);
});

test("the workspace of HCP Terraform is a block in a block", () => {
  const cloud = { organization: "example", workspaces: { name: "demo-nodes" } };
  expect(hclOf({ terraform: { cloud } }, {})).toBe(`terraform {
cloud {
organization = "example"
workspaces {
name = "demo-nodes"
}
}
}
`);
});

test("what is not known is not left out", () => {
  expect(() => hclOf({ module: {}, locals: {} }, {})).toThrow("not known how to write as HCL: module");
});

test("a resource without a schema is not guessed at, but for Terraform's own", () => {
  const resource = (type: string) => hclOf({ resource: { [type]: { one: { input: { a: 1 } } } } }, schemas);
  expect(() => resource("null_resource")).toThrow("no provider has a schema of null_resource");
  expect(resource("terraform_data")).toBe(`resource "terraform_data" "one" {
input = {
a = 1
}
}
`);
});

test("a check of Terraform's", () => {
  const assert = [{ condition: "${local.ready}", error_message: "not ready" }];
  expect(hclOf({ check: { pools: { assert } } }, {})).toBe(`check "pools" {
assert {
condition = local.ready
error_message = "not ready"
}
}
`);
});
