import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openProject, type Project, stacksOf } from "../../../remote/terraform/project";
import type { Stack } from "../../../remote/terraform/stack";

/**
 * A project in a folder of its own, whose app writes stacks of Terraform's built-in resources: real Terraform, with no
 * provider and no registry.
 */
export class ProjectFixture {
  readonly folder = mkdtempSync(join(tmpdir(), "baremetal-lb-project-"));

  constructor() {
    writeFileSync(join(this.folder, "cdktf.json"), JSON.stringify({ app: "true", output: "out" }));
  }

  get project(): Project {
    return openProject(this.folder, { PATH: process.env["PATH"], HOME: this.folder });
  }

  /** Writes stacks, each with the ones that it depends on and its Terraform configuration. */
  stacks(stacks: Readonly<Record<string, { dependencies?: string[]; configuration?: object }>>): Stack[] {
    const { outdir } = this.project;
    const manifest = Object.entries(stacks).map(([name, { dependencies = [], configuration = {} }]) => {
      const workingDirectory = join("stacks", name);
      mkdirSync(join(outdir, workingDirectory), { recursive: true });
      writeFileSync(join(outdir, workingDirectory, "cdk.tf.json"), JSON.stringify(configuration));
      return [name, { name, workingDirectory, dependencies }];
    });
    writeFileSync(join(outdir, "manifest.json"), JSON.stringify({ stacks: Object.fromEntries(manifest) }));
    return stacksOf(outdir);
  }

  stack(configuration: object): Stack {
    const [stack] = this.stacks({ only: { configuration } });
    if (stack === undefined) throw new Error("no stack was written");
    return stack;
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
