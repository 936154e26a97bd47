import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataResource, TerraformStack } from "cdktf";
import { PoolSafety } from "../../../../stacks/metallb/constructs/pool-safety";
import { cluster, clusterInput } from "../../../cluster-fixture";
import { fault } from "../../../faults";
import { synthesised } from "../../../synthesised";
import { terraformFile } from "../../../terraform-file";

// The condition and its message, by the real Terraform; only the list of Services is given to it.

const service = (name: string, ips: readonly string[], loadBalancerClass?: string) => ({
  metadata: { namespace: "default", name },
  spec: { type: "LoadBalancer", ...(loadBalancerClass && { loadBalancerClass }) },
  status: { loadBalancer: { ingress: ips.map((ip) => ({ ip })) } },
});

function judged(
  version: string,
  services: readonly object[],
  loadBalancerClass?: string,
): { holds: boolean; message: string } {
  const { nodes, metallb } = cluster({ metallb: { ...clusterInput.metallb, version, loadBalancerClass } });
  const { locals, resource } = synthesised((app) => {
    const stack = new TerraformStack(app, "metallb");
    const { precondition } = new PoolSafety(stack, { nodes, metallb });
    new DataResource(stack, "pools", { lifecycle: { precondition } });
    return stack;
  });
  const [{ condition, error_message }] = (resource.terraform_data?.pools?.lifecycle as never as Lifecycle).precondition;
  const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-safety-"));
  try {
    const given = { ...locals, services: JSON.stringify(services).replaceAll("${", "$${") };
    const text = JSON.stringify({
      locals: given,
      output: { holds: { value: condition }, message: { value: error_message } },
    });
    const objects = "flatten([for one in data.kubernetes_resources.services : one.objects])";
    writeFileSync(join(folder, "main.tf.json"), text.replaceAll(objects, "jsondecode(local.services)"));
    const args = ["apply", "-auto-approve", "-no-color", "-input=false"];
    const terraform = spawnSync(terraformFile, args, { cwd: folder, encoding: "utf8", timeout: 30_000 });
    if (terraform.status !== 0) throw new Error(terraform.stderr || String(terraform.error));
    const { outputs } = JSON.parse(readFileSync(join(folder, "terraform.tfstate"), "utf8"));
    return { holds: outputs.holds.value, message: outputs.message.value };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Lifecycle {
  readonly precondition: [{ readonly condition: string; readonly error_message: string }];
}

const head = "Services would lose their addresses, since no pool of cluster.yaml holds them: ";
const remedy = " Add a range with them to metallb.pools, or set metallb.allowAddressLoss: true if it is meant.";
const foreign =
  " Addresses of nodes come from another program that gives addresses to Services, such as k3s' ServiceLB: turn it off (k3s: --disable=servicelb on its servers), and set metallb.allowAddressLoss: true for the one deploy in which MetalLB gives these Services addresses of metallb.pools.";

const web = service("web", ["192.168.1.240"]);
const traefik = service("traefik", ["192.168.1.10", "192.168.1.11"]);

describe("the pools beside what Services have", () => {
  test(`${fault(35)}: an address that no pool holds is named, and what holds it`, () => {
    expect(judged("0.15.2", [web]).holds).toBe(true);
    expect(judged("0.15.2", [web, service("shop", ["10.0.0.1"])])).toEqual({
      holds: false,
      message: `${head}default/shop (10.0.0.1).${remedy}`,
    });
  });

  test(`${fault(115)}: addresses of nodes have another cause, and no range that check refuses is asked for`, () => {
    const addresses = "default/traefik (192.168.1.10), default/traefik (192.168.1.11)";
    expect(judged("0.15.2", [web, traefik])).toEqual({ holds: false, message: `${head}${addresses}.${foreign}` });
    expect(judged("0.9.6", [traefik, service("shop", ["10.0.0.1"])])).toEqual({
      holds: false,
      message: `${head}${addresses}, default/shop (10.0.0.1).${foreign}${remedy}`,
    });
  });

  test(`${fault(115)}: a Service of another program's class is no reason to refuse from 0.13 on, and one for 0.9`, () => {
    const tailscale = service("ts-app", ["100.101.102.103"], "tailscale");
    for (const version of ["0.13.12", "0.16.2"]) expect(judged(version, [tailscale]).holds).toBe(true);
    expect(judged("0.9.6", [tailscale])).toEqual({
      holds: false,
      message: `${head}default/ts-app (100.101.102.103).${remedy}`,
    });
  });

  test(`${fault(122)}: with a class its Services count, and no others`, () => {
    const ours = service("ours", ["10.0.0.1"], "example.org/lb");
    const others = [service("web", ["10.0.0.2"]), service("ts-app", ["10.0.0.3"], "tailscale")];
    expect(judged("0.15.2", others, "example.org/lb").holds).toBe(true);
    expect(judged("0.15.2", [ours, ...others], "example.org/lb")).toEqual({
      holds: false,
      message: `${head}default/ours (10.0.0.1).${remedy}`,
    });
  });
});
