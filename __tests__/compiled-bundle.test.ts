import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

test("what Node.js compiled of a bundle is there for the next process, and does the same", () => {
  const folder = mkdtempSync(join(tmpdir(), "compiled-bundle-"));
  const file = join(folder, "bundle.js");
  writeFileSync(file, "#!/usr/bin/env node\nmodule.exports = { name: __filename };");
  const run = `const { script, keep } = require("./compiled-bundle").compiledBundle(${JSON.stringify(file)});
    const module = { exports: {} };
    script.runInThisContext()(module.exports, require, module, ${JSON.stringify(file)}, __dirname);
    keep();
    console.log(module.exports.name, script.cachedDataRejected);`;
  const start = () => spawnSync(process.execPath, ["-e", run], { cwd: __dirname, encoding: "utf8" }).stdout;
  expect([start(), start()]).toEqual([`${file} undefined\n`, `${file} false\n`]);
  rmSync(folder, { recursive: true });
});
