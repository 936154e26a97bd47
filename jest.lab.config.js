// npm run test:lab -- --all: jest knows the option too, where it turns off what is not on here.
const all = process.argv.includes("--all");

/** @type {import("jest").Config} */
module.exports = {
  ...require("./jest.config.js"),
  testMatch: [`<rootDir>/__tests__/lab/${all ? "{core,matrix}" : "core"}/*.test.ts`],
  testPathIgnorePatterns: ["/node_modules/"],
  // One file after the other, by name. Those of core go on with the cluster that the one before left deployed; each of
  // matrix starts from nothing.
  testSequencer: "<rootDir>/__tests__/lab/core/in-order.js",
  globalSetup: undefined,
  moduleNameMapper: {},
  globalTeardown: "<rootDir>/__tests__/lab/core/teardown.ts",
  testTimeout: 600_000,
  // Each result as it comes: the whole takes minutes.
  verbose: true,
};
