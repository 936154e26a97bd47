#!/usr/bin/env node
// tsx compiles TypeScript as it is loaded, so that there is no build to forget.
require("tsx/cjs");
const { program } = require("./main");

program().parseAsync();
