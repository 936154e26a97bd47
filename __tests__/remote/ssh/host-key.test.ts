import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseHostKey } from "../../../remote/ssh/host-key";
import { shellWord } from "../../../stacks/shared/shell-word";

describe("A host key", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each(["ecdsa", "ed25519", "rsa"])("of type %s has the fingerprint that ssh-keygen prints", (type) => {
    const file = join(folder, "key");
    spawnSync("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", "comment", "-f", file]);
    const [, printed] = spawnSync("ssh-keygen", ["-l", "-f", `${file}.pub`], { encoding: "utf8" }).stdout.split(" ");
    const text = readFileSync(`${file}.pub`, "utf8").split(" ").slice(0, 2).join(" ");
    expect(parseHostKey(text)).toStrictEqual({ type: text.split(" ")[0], text, fingerprint: printed });
  });
});

describe("A word of the shell", () => {
  it.each(["", "it's", '$HOME `id` "x" \\', "two\nlines", "-n"])("stays what it is: %j", (word) => {
    expect(spawnSync("sh", ["-c", `printf %s ${shellWord(word)}`], { encoding: "utf8" }).stdout).toBe(word);
  });
});
