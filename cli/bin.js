#!/usr/bin/env node
const { existsSync } = require("node:fs");
const { join } = require("node:path");

// In a clone tsx compiles TypeScript as it is loaded, so that there is no build to forget. The package has it compiled.
const isClone = existsSync(join(__dirname, "main.ts"));
if (isClone) require("tsx/cjs");
const { program } = isClone ? require("./main") : require("../dist/cli/main");

program().parseAsync();
