/** @type {import("jest").Config} */
module.exports = {
  ...require("./jest.config.js"),
  testMatch: ["<rootDir>/__tests__/terraform/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  // They start none of our programs, and no client for Kubernetes.
  globalSetup: "<rootDir>/__tests__/run-folder.ts",
  moduleNameMapper: {},
};
