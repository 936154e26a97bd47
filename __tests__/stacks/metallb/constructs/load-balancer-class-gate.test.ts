import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataResource, TerraformStack } from "cdktf";
import { LoadBalancerClassGate } from "../../../../stacks/metallb/constructs/load-balancer-class-gate";
import { cluster, clusterInput } from "../../../cluster-fixture";
import { fault } from "../../../faults";
import { synthesised } from "../../../synthesised";
import { terraformFile } from "../../../terraform-file";

// The conditions and their messages, by the real Terraform; only the lists of the API are given to it.

const service = (name: string, ip?: string, loadBalancerClass?: string) => ({
  metadata: { namespace: "default", name },
  spec: { type: "LoadBalancer", ...(loadBalancerClass && { loadBalancerClass }) },
  status: { loadBalancer: ip === undefined ? null : { ingress: [{ ip }] } },
});

const controller = (version: string, ...args: string[]) => ({
  spec: {
    template: {
      spec: {
        containers: [
          { name: "controller", image: `quay.io/metallb/controller:v${version}`, args: ["--port=7472", ...args] },
          { name: "sidecar", image: "sidecar:1", args: ["--lb-class=no"] },
        ],
      },
    },
  },
});

interface Condition {
  readonly condition: string;
  readonly error_message: string;
}

interface Case {
  readonly declared?: string;
  readonly running?: object;
  readonly services: readonly object[];
  readonly version?: string;
}

/** What the gate refuses; nothing where it lets pass. */
function refusals(cases: Readonly<Record<string, Case>>): Record<string, string[]> {
  const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-class-"));
  try {
    const modules = Object.entries(cases).map(([name, { declared, running, services, version = "0.15.2" }]) => {
      const { nodes, metallb } = cluster({
        metallb: { ...clusterInput.metallb, version, loadBalancerClass: declared },
      });
      const { locals, resource } = synthesised((app) => {
        const stack = new TerraformStack(app, "metallb");
        const { precondition } = new LoadBalancerClassGate(stack, {
          nodes,
          metallb,
          services: "jsondecode(local.services)",
        });
        new DataResource(stack, "pools", { lifecycle: { precondition } });
        return stack;
      });
      const conditions = (resource.terraform_data?.pools?.lifecycle as never as { precondition: Condition[] })
        .precondition;
      const given = {
        ...locals,
        services: JSON.stringify(services),
        controllers: JSON.stringify(running === undefined ? [] : [running]),
      };
      const output = Object.fromEntries(
        conditions.flatMap(({ condition, error_message }, index) => [
          [`holds${index}`, { value: condition }],
          [`message${index}`, { value: error_message }],
        ]),
      );
      const text = JSON.stringify({ locals: given, output });
      const file = text.replaceAll(
        "data.kubernetes_resources.running-controller.objects",
        "jsondecode(local.controllers)",
      );
      return [name, file] as const;
    });
    for (const [name, file] of modules) {
      spawnSync("mkdir", [join(folder, name)]);
      writeFileSync(join(folder, name, "main.tf.json"), file);
    }
    const main = {
      module: Object.fromEntries(modules.map(([name]) => [name, { source: `./${name}` }])),
      output: { all: { value: Object.fromEntries(modules.map(([name]) => [name, `\${module.${name}}`])) } },
    };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify(main));
    for (const args of [["get"], ["apply", "-auto-approve", "-no-color", "-input=false"]]) {
      const terraform = spawnSync(terraformFile, args, { cwd: folder, encoding: "utf8", timeout: 60_000 });
      if (terraform.status !== 0) throw new Error(terraform.stderr || String(terraform.error));
    }
    const { outputs } = JSON.parse(readFileSync(join(folder, "terraform.tfstate"), "utf8"));
    return Object.fromEntries(
      Object.entries(outputs.all.value as Record<string, Record<string, never>>).map(([name, found]) => [
        name,
        [0, 1].flatMap((index) => (found[`holds${index}`] ? [] : [String(found[`message${index}`])])),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const silent = (services: string, now: string, declared: string, made: string, prefix = "metallb.io") =>
  `Services would fall silent: ${services}. MetalLB runs ${now}, and cluster.yaml declares ${declared}: no node would announce their addresses, which stay in their status, and MetalLB may give them to other Services. The safe way: delete each of these Services and create it ${made} and with the annotation ${prefix}/loadBalancerIPs: its address, since the class of a Service cannot be changed; then deploy, which gives it that address again. It is silent from the one to the other. Or set metallb.allowAddressLoss: true for this one deploy if it is meant. Nothing was changed.`;
const taken = (services: string, now: string, declared: string) =>
  `Services would be taken from another program: ${services}. MetalLB runs ${now}, and cluster.yaml declares ${declared}: MetalLB would give them addresses of metallb.pools in place of theirs. Declare a class that none of them has, or set metallb.allowAddressLoss: true for this one deploy if MetalLB is to have them. Nothing was changed.`;

const ours = "example.org/lb";
const services = [
  service("web", "192.168.1.240"),
  service("shop", "192.168.1.241", ours),
  service("old", "192.168.1.242", "old"),
  // k3s' ServiceLB gives the nodes' own.
  service("traefik", "192.168.1.10"),
  service("waits"),
  service("waits-too", undefined, ours),
  service("ts-app", "100.101.102.103", "tailscale"),
];

test(`${fault(121)}: another loadBalancerClass than that of the MetalLB which runs is refused, with the Services that it concerns`, () => {
  const now = { none: "with no loadBalancerClass", old: "with the loadBalancerClass old" };
  const every = "looking after Services of every class";
  const as = `with spec.loadBalancerClass: ${ours}`;
  const found = refusals({
    fresh: { declared: ours, services },
    same: { declared: ours, running: controller("0.15.2", `--lb-class=${ours}`), services },
    "same-none": { running: controller("0.15.2"), services },
    set: { declared: ours, running: controller("0.15.2"), services },
    "set-013": { declared: ours, running: controller("0.13.12"), services, version: "0.13.12" },
    changed: { declared: ours, running: controller("0.15.2", "-lb-class", "old"), services },
    removed: { running: controller("0.15.2", "--lb-class=old"), services },
    "from-09": { declared: ours, running: controller("0.9.6"), services },
    // It is MetalLB's before and after; that no pool holds its address is another condition's matter.
    "from-09-of-the-class": {
      declared: ours,
      running: controller("0.9.6"),
      services: [service("moved", "10.0.0.9", ours)],
    },
    "set-while-none-has-an-address": {
      declared: ours,
      running: controller("0.15.2"),
      services: services.filter(({ metadata }) => metadata.name !== "web"),
    },
    "set-on-one-of-another-program": {
      declared: "tailscale",
      running: controller("0.15.2"),
      services: services.filter(({ metadata }) => metadata.name !== "web"),
    },
  });
  expect(found).toStrictEqual({
    fresh: [],
    same: [],
    "same-none": [],
    set: [silent("default/web (192.168.1.240)", now.none, ours, as)],
    "set-013": [silent("default/web (192.168.1.240)", now.none, ours, as, "metallb.universe.tf")],
    changed: [silent("default/old (192.168.1.242)", now.old, ours, as)],
    removed: [
      silent("default/old (192.168.1.242)", now.old, "none", "without spec.loadBalancerClass,"),
      taken("default/traefik (192.168.1.10)", now.old, "none"),
    ],
    "from-09": [silent("default/web (192.168.1.240), default/old (192.168.1.242)", every, ours, as)],
    "from-09-of-the-class": [],
    "set-while-none-has-an-address": [],
    "set-on-one-of-another-program": [taken("default/ts-app (100.101.102.103)", now.none, "tailscale")],
  });
}, 120_000);
