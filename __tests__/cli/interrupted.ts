import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { inPrivateFolder } from "../../cli/private-folder";
import { confirmed, say, withProgress } from "../../cli/terminal";

// What terminal.test.ts runs on a terminal: work that goes on for a while, or a question, in a folder with secrets.

async function main(): Promise<void> {
  let folder = "";
  await inPrivateFolder((lent) => {
    folder = lent;
    if (process.argv[2] === "question") {
      return confirmed("Apply this?").then((answer) => console.log(`answered with ${answer ? "yes" : "no"}`));
    }
    return withProgress("working", async () => {
      await sleep(3500);
      say("something meanwhile\n");
      await sleep(500);
    });
  });
  console.log(`came to its end, the folder ${existsSync(folder) ? "is left" : "is gone"}`);
}

void main();
