/** @type {import("jest").Config} */
module.exports = {
  ...require("./jest.config.js"),
  testMatch: ["<rootDir>/__tests__/lab/core/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  // One file after the other, core first: each goes on with the cluster that the one before left deployed.
  testSequencer: "<rootDir>/__tests__/lab/core/in-order.js",
  globalTeardown: "<rootDir>/__tests__/lab/core/teardown.ts",
  testTimeout: 600_000,
  // Each result as it comes: the whole takes minutes.
  verbose: true,
};
