import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ClusterConfig } from "../../cluster/schema";
import { type PlannedMove, withStateMove } from "../../day-two/state/move";
import { applyPlan } from "../../remote/terraform/apply";
import { planStack, type StackPlan } from "../../remote/terraform/plan";
import { openProject, stacksOf } from "../../remote/terraform/project";
import type { Stack } from "../../remote/terraform/stack";
import { snapshotOf, type StateSnapshot } from "../../remote/terraform/state-transfer";
import { Terraform } from "../../remote/terraform/terraform";
import { stateFile } from "../../stacks/shared/local-state";
import { stateBlock, terraformBlock } from "../../stacks/shared/state-block";
import { cluster } from "../cluster-fixture";

const { null: ofNull, random } = {
  null: { source: "hashicorp/null", version: "3.2.4" },
  random: { source: "hashicorp/random", version: "3.7.2" },
};

const checkOf = (value: string) => [{ condition: `\${${value} != null}`, error_message: "It has a value." }];

/** Two stacks on the real providers, with a secret in the second one's state. */
const stacks: Readonly<Record<string, { terraform: object; [block: string]: object }>> = {
  nodes: {
    terraform: { required_providers: { null: ofNull } },
    resource: {
      null_resource: { worker1: { triggers: { script: "1" } } },
      // Its checks stand in the state, in no order.
      terraform_data: {
        one: { input: "a", lifecycle: { postcondition: checkOf("self.input") } },
      },
    },
    check: Object.fromEntries(
      ["a", "b", "c", "d", "e", "f"].map((name) => [name, { assert: checkOf("terraform_data.one.input") }]),
    ),
  },
  metallb: {
    terraform: { required_providers: { random } },
    resource: { random_password: { memberlist: { length: 40 } }, random_id: { id: { byte_length: 8 } } },
  },
};

/** A project of a cluster whose states move, in a folder of its own, laid out as cdktf does it, with the real Terraform. */
export class MovedProject {
  readonly folder = mkdtempSync(join(tmpdir(), "moved-project-"));
  private declared = cluster();

  constructor(private readonly environment: Readonly<Record<string, string>> = {}) {
    // An app that writes what declare() has said.
    const app = `cp -r '${join(this.folder, "synthesised")}/.' "$CDKTF_OUTDIR"`;
    writeFileSync(join(this.folder, "cdktf.json"), JSON.stringify({ app, output: "cdktf.out" }));
  }

  get project() {
    return openProject(this.folder, { ...process.env, TF_PLUGIN_CACHE_DIR: undefined, ...this.environment });
  }

  get stacks(): Stack[] {
    return stacksOf(this.project.outdir);
  }

  /** Says in cluster.yaml where the states are, and synthesises. */
  declare(state: object): ClusterConfig {
    this.declared = cluster({ state });
    const entries = Object.entries(stacks).map(([name, { terraform, ...rest }]) => {
      const workingDirectory = join("stacks", name);
      const block = terraformBlock(stateBlock(this.declared, { outdir: this.project.outdir, stack: name }));
      const text = JSON.stringify({ terraform: { ...terraform, ...block }, ...rest });
      for (const outdir of [join(this.folder, "synthesised"), this.project.outdir]) {
        const file = join(outdir, workingDirectory, "cdk.tf.json");
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
      return [name, { name, workingDirectory, dependencies: name === "metallb" ? ["nodes"] : [] }] as const;
    });
    const manifest = JSON.stringify({ stacks: Object.fromEntries(entries) });
    for (const outdir of ["synthesised", "cdktf.out"])
      writeFileSync(join(this.folder, outdir, "manifest.json"), manifest);
    return this.declared;
  }

  /** What a plan of each stack says. */
  async plan(): Promise<StackPlan[]> {
    const plans: StackPlan[] = [];
    for (const stack of this.stacks) {
      plans.push(await planStack(this.terraform(), stack, { out: join(this.folder, `${stack.name}.tfplan`) }, 1));
    }
    return plans;
  }

  async deploy(): Promise<void> {
    for (const plan of await this.plan()) await applyPlan(this.terraform(), plan);
  }

  terraform(): Terraform {
    return new Terraform(this.project.environment);
  }

  /** Moves what is at another place to the declared one. */
  async move(from: object, work = moveAll): Promise<PlannedMove["moves"]> {
    const options = {
      from: { name: "demo", state: cluster({ state: from }).state },
      config: this.declared,
      project: this.project,
      now: new Date(),
    };
    return withStateMove(options, work);
  }

  localState(stack: string): StateSnapshot | undefined {
    const file = stateFile("demo", { outdir: this.project.outdir, stack });
    return existsSync(file) ? snapshotOf(readFileSync(file, "utf8")) : undefined;
  }

  /** The copies that moves made, by folder. */
  get backups(): string[] {
    return readdirSync(join(this.folder, ".state", "demo")).filter((name) => name.startsWith("moved-"));
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function moveAll({ moves, move }: PlannedMove): Promise<PlannedMove["moves"]> {
  for (const one of moves) await move(one);
  return moves;
}
