import { join } from "node:path";
import { run } from "../../../lab/command";
import { cdktfEnvironment } from "../../../lab/deploy";
import * as lab from "../../../lab/lab";
import { runFiles } from "../../../lab/run-files";
import { terraformProgram } from "../../../stacks/shared/terraform-program";
import { answer } from "./cluster";

interface StateResource {
  readonly type: string;
  readonly name: string;
  readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
}

/** What the state of a stack has, by the program itself: the file may be encrypted. */
export async function resourcesInState(stack: string): Promise<readonly StateResource[]> {
  const { lab: running } = lab.runningLab();
  const cwd = join(runFiles(running).cdktfOutput, "stacks", stack);
  const text = await answer(
    run([terraformProgram(process.env).file, "state", "pull"], {
      cwd,
      env: cdktfEnvironment(running),
      timeoutSeconds: 120,
    }),
  );
  return (JSON.parse(text) as { readonly resources: readonly StateResource[] }).resources;
}
