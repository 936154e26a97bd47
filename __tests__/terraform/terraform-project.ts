import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformStack, Testing } from "cdktf";
import type { Construct } from "constructs";
import { hclOf } from "../../hcl/write";
import { run, type CommandResult } from "../../lab/command";
import { terraformProgram } from "../../stacks/shared/terraform-program";
import { addBackend } from "../../stacks/shared/constructs/backend";
import { addKubernetesProvider } from "../../stacks/shared/constructs/kubernetes-access";

/** A resource in the state: only one that finished has the status undefined. */
interface StateResource {
  readonly type: string;
  readonly name: string;
  readonly instances: readonly { readonly status?: string }[];
}

/** Synthesises a stack to a folder that is there, with what it has beside its configuration. */
export function synthesiseTo(folder: string, stack: TerraformStack): void {
  const outdir = Testing.fullSynth(stack);
  cpSync(join(outdir, "stacks", stack.node.id), folder, { recursive: true });
  rmSync(outdir, { recursive: true });
}

/** A stack in a scratch folder, laid out as cdktf does it, for the real Terraform. */
export class TerraformProject {
  private readonly scratch = mkdtempSync(join(tmpdir(), "terraform-project-"));
  /** Where Terraform runs. */
  readonly folder: string;

  /** @param environment names the program, as for cdktf. Another one may take over. */
  constructor(
    private readonly stack: string,
    public environment: NodeJS.ProcessEnv = process.env,
  ) {
    this.folder = join(this.scratch, "cdktf.out", "stacks", stack);
    mkdirSync(this.folder, { recursive: true });
  }

  /** A path in the scratch folder, for whatever else a test needs. */
  path(name: string): string {
    return join(this.scratch, name);
  }

  /** Synthesises what `build` makes; a second call replaces it. */
  write(build: (scope: Construct, id: string) => TerraformStack): this {
    const stack = build(Testing.app({ outdir: "cdktf.out" }), this.stack);
    stack.prepareStack();
    synthesiseTo(this.folder, stack);
    return this;
  }

  /** Synthesises what `build` makes in a stack with local state, on the cluster of a kubeconfig; a second call replaces it. */
  writeOnCluster(kubeconfig: string, build: (stack: TerraformStack) => void): this {
    return this.write((scope, id) => {
      const stack = new TerraformStack(scope, id);
      addBackend(stack, { name: "demo", state: { backend: "local" } });
      addKubernetesProvider(stack, { source: "kubeconfig", path: kubeconfig, context: "admin" });
      build(stack);
      return stack;
    });
  }

  /** Writes what was synthesised as HCL in its place. Terraform is initialised: it is asked what is a block. */
  async toHcl(): Promise<this> {
    const { code, stdout, output } = await this.terraform("providers", "schema", "-json");
    if (code !== 0) throw new Error(output);
    const json = join(this.folder, "cdk.tf.json");
    writeFileSync(join(this.folder, "main.tf"), hclOf(JSON.parse(readFileSync(json, "utf8")), JSON.parse(stdout)));
    rmSync(json);
    return this;
  }

  async init(): Promise<this> {
    const { code, output } = await this.terraform("init", "-input=false");
    if (code !== 0) throw new Error(output);
    return this;
  }

  /** As cdktf deploy runs it. */
  apply(): Promise<CommandResult> {
    return this.terraform("apply", "-auto-approve", "-input=false");
  }

  /** Exit code 0: nothing to change. */
  plan(): Promise<CommandResult> {
    return this.terraform("plan", "-detailed-exitcode", "-input=false");
  }

  terraform(command: string, ...args: string[]): Promise<CommandResult> {
    return run([terraformProgram(this.environment).file, command, ...args, "-no-color"], {
      cwd: this.folder,
      timeoutSeconds: 120,
      env: { ...this.environment, TF_PLUGIN_CACHE_DIR: undefined, CHECKPOINT_DISABLE: "1" },
    });
  }

  /** Of a stack on a cluster. */
  get stateFile(): string {
    return join(this.scratch, ".state", "demo", `${this.stack}.tfstate`);
  }

  /** The addresses of what the state says is finished; what failed halfway is tainted there. */
  finished(): string[] {
    const state = readFileSync(this.stateFile, "utf8");
    const { resources } = JSON.parse(state) as { resources: StateResource[] };
    return resources
      .filter(({ instances }) => instances.every(({ status }) => status === undefined))
      .map(({ type, name }) => `${type}.${name}`);
  }

  dispose(): void {
    rmSync(this.scratch, { recursive: true, force: true });
  }
}

/** Terraform's errors as running text: without the frame around them and the breaks that the terminal's width makes. */
export const running = (output: string): string => output.replace(/[│╷╵\s]+/g, " ");
