// build.js [--remove]: makes dist/, which is what the package has in place of the TypeScript: JavaScript, types, and the
// scripts that are read as it runs. npm pack and npm publish run it before, and with --remove behind: a clone works without.
const { execFileSync } = require("node:child_process");
const { cpSync, readdirSync, rmSync } = require("node:fs");
const { join } = require("node:path");

const project = join(__dirname, "..");
const dist = join(project, "dist");

function build() {
  execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "--project", "tsconfig.package.json"], {
    cwd: project,
    stdio: "inherit",
  });
  for (const room of ["stacks", "day-two"]) {
    for (const path of readdirSync(join(project, room), { recursive: true })) {
      if (path.endsWith(".sh")) cpSync(join(project, room, path), join(dist, room, path));
    }
  }
}

rmSync(dist, { recursive: true, force: true });
if (!process.argv.includes("--remove")) build();
