import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removedWithUs } from "../remote/interruption";

/** Lends a folder that this user alone can read, for what holds secrets; it is gone afterwards, whatever happens. */
export async function inPrivateFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  // mkdtemp makes it with mode 0700.
  const folder = await mkdtemp(join(tmpdir(), "baremetal-lb-"));
  // Ctrl-C is for Terraform, which has it from the terminal too, ends in good order, and lets this come to its end.
  const wait = () => undefined;
  process.on("SIGINT", wait);
  const keep = removedWithUs(folder);
  try {
    return await work(folder);
  } finally {
    process.off("SIGINT", wait);
    await rm(folder, { recursive: true, force: true });
    keep();
  }
}
