import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformStack } from "cdktf";

/**
 * Has a file written into the stack's folder, beside its configuration, when CDKTF synthesises the stack, and gives the
 * expression of its text. What may not refer to a local, as a provisioner at destroy, reads a long text from there: Terraform
 * takes apart each text that stands in its configuration, in every command several times over.
 */
export function fileBeside(stack: TerraformStack, name: string, text: string): string {
  const { synthesizer } = stack;
  stack.synthesizer = {
    synthesize: (session) => {
      synthesizer.synthesize(session);
      writeFileSync(join(session.outdir, session.manifest.forStack(stack).workingDirectory, name), text);
    },
  };
  return `\${file("\${path.module}/${name}")}`;
}
