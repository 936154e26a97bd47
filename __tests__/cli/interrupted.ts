import { existsSync } from "node:fs";
import { inPrivateFolder } from "../../cli/private-folder";
import { withProgress } from "../../cli/terminal";

// What terminal.test.ts runs on a terminal: work that goes on for a while, in a folder with secrets.

async function main(): Promise<void> {
  let folder = "";
  await inPrivateFolder((lent) => {
    folder = lent;
    return withProgress("working", () => new Promise((resolve) => setTimeout(resolve, 4000)));
  });
  console.log(`came to its end, the folder ${existsSync(folder) ? "is left" : "is gone"}`);
}

void main();
