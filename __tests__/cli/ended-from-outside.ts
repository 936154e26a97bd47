import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inPrivateFolder } from "../../cli/private-folder";
import { Terraform } from "../../remote/terraform/terraform";

// What ended-from-outside.test.ts ends: a command with a plan in its folder, whose Terraform (TERRAFORM_BINARY_NAME) works.
const [, , work = ""] = process.argv;

void inPrivateFolder(async (folder) => {
  writeFileSync(join(folder, "a.tfplan"), "secret");
  process.stdout.write(`${folder}\n`);
  const stack = { name: "one", folder: work };
  if (existsSync(join(work, "terraform"))) await new Terraform({ ...process.env }).run(stack, ["apply"], 60);
  else await new Promise((done) => setTimeout(done, 60_000));
});
