const { existsSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { Script } = require("node:vm");

/**
 * `script`: a function of what Node.js gives a module. `keep`: to be called when it has run, keeps what Node.js compiled of
 * it for the next process: to read 2 MB of JavaScript takes longer than most of what the programs do.
 */
function compiledBundle(file) {
  const compiled = `${file}.compiled`;
  let known = existsSync(compiled);
  const text = readFileSync(file, "utf8").replace(/^#!.*/, "");
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${text}\n})`, {
    filename: file,
    cachedData: known ? readFileSync(compiled) : undefined,
  });
  const keep = () => {
    if (known) return;
    known = true;
    writeFileSync(compiled + process.pid, script.createCachedData());
    renameSync(compiled + process.pid, compiled);
  };
  return { script, keep };
}

module.exports = { compiledBundle };
