import { relative, resolve } from "node:path";
import { openProject } from "../remote/terraform/project";
import { userMessage } from "../values/user-error";
import { synthesiseHcl } from "./synthesise-hcl";

// npm run synth:hcl [-- OUTPUT]: the stacks as HCL, a folder for each, hcl.out/stacks/nodes and so on. The local state is
// where cdktf has it, in .state beside the output.

async function main([output = "hcl.out"]: readonly string[]): Promise<void> {
  try {
    const folders = await synthesiseHcl(openProject(resolve(__dirname, ".."), process.env, { output }));
    for (const folder of folders) console.log(relative(process.cwd(), folder));
  } catch (error) {
    console.error(userMessage(error));
    process.exitCode = 1;
  }
}

main(process.argv.slice(2));
