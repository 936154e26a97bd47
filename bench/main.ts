import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { type Command, inTurn, measure } from "./measure";
import { print } from "./print";

// What synth and plan cost, for the example and for 1,000 nodes; each figure beside one that it can be compared with.
//   npm run bench            the plans need Terraform's providers

const project = resolve(__dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-bench-"));
const runs = 5;
const nodeCount = 1000;

/** A cluster of 1,000 nodes and 100 pools. */
function manyNodes(): string {
  const file = join(folder, "many.yaml");
  const key = join(folder, "key");
  writeFileSync(key, "a stand-in: plan reads the file, and does not use it");
  const pools = Array.from({ length: 100 }, (_, i) => ({ name: `pool${i}`, addresses: [`10.20.${i}.16/28`] }));
  const nodes = Array.from({ length: nodeCount }, (_, i) => ({
    name: `node${i}`,
    address: `10.10.${Math.floor(i / 250)}.${(i % 250) + 1}`,
    ...(i === 0 && { role: "control-plane" }),
  }));
  const config = {
    name: "bench",
    kubernetes: { version: "1.35", context: "bench" },
    ssh: { user: "root", privateKeyFile: key, insecureIgnoreHostKeys: true },
    nodes,
    metallb: { version: "0.9.6", pools },
  };
  writeFileSync(file, stringify(config));
  return file;
}

function synth(name: string, cluster: string): Command {
  const output = join(folder, name, "cdktf.out");
  mkdirSync(output, { recursive: true });
  const env = { CLUSTER_CONFIG: cluster, CDKTF_OUTDIR: output };
  const peakMemoryFile = join(folder, `${name}.memory`);
  return { command: ["node", "--import", "tsx", "main.ts"], cwd: project, env, peakMemoryFile };
}

/** The same resources as one, with for_each over a local: how a hand-written configuration would do it. */
function forEach(stackFile: string): Command {
  const stack = JSON.parse(readFileSync(stackFile, "utf8"));
  const nodes = stack.resource.null_resource as Record<string, Record<string, unknown>>;
  const [first] = Object.values(nodes);
  const triggers = Object.fromEntries(Object.entries(nodes).map(([name, node]) => [name, node["triggers"]]));
  stack.locals = { ...stack.locals, nodes: triggers };
  stack.resource.null_resource = { node: { ...first, for_each: "${local.nodes}", triggers: "${each.value}" } };
  return plan("for_each", JSON.stringify(stack));
}

function plan(name: string, stack: string): Command {
  const cwd = join(folder, `plan-${name}`);
  mkdirSync(cwd);
  const configuration = JSON.parse(stack);
  delete configuration.terraform.backend;
  writeFileSync(join(cwd, "cdk.tf.json"), JSON.stringify(configuration));
  measure({ command: ["terraform", "init", "-input=false"], cwd });
  return { command: ["terraform", "plan", "-input=false", "-no-color"], cwd };
}

try {
  const synths = {
    "node --import tsx, nothing to do": {
      command: ["node", "--import", "tsx", "-e", "0"],
      cwd: project,
      peakMemoryFile: join(folder, "floor.memory"),
    },
    "synth of cluster.example.yaml": synth("example", "cluster.example.yaml"),
    "synth of 1,000 nodes and 100 pools": synth("many", manyNodes()),
  } satisfies Record<string, Command>;
  print("Synth", inTurn(synths, runs), runs);

  const stack = join(folder, "many/cdktf.out/stacks/nodes/cdk.tf.json");
  const text = readFileSync(stack, "utf8");
  print(
    `terraform plan of the nodes stack, 1,000 nodes (${(text.length / 1e6).toFixed(1)} MB of JSON)`,
    inTurn(
      { "a resource per node, as synthesised": plan("nodes", text), "for_each over a local": forEach(stack) },
      runs,
    ),
    runs,
  );
} finally {
  rmSync(folder, { recursive: true });
}
