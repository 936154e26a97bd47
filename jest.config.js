const { dependencies } = require("./package.json");

/**
 * The client for Kubernetes as one file, which __tests__/bundle-programs.ts makes. In a folder of this name, as the client
 * itself is: of what code elsewhere does that Node.js deprecates, it warns.
 */
const kubernetesClient = `${__dirname}/.cache/node_modules/kubernetes-client-${dependencies["@kubernetes/client-node"]}.js`;

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/__tests__/(lab/(core|matrix)|registry|terraform)/"],
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out/", "<rootDir>/hcl.out/", "<rootDir>/dist/", "<rootDir>/.cache/run-"],
  globalSetup: "<rootDir>/__tests__/bundle-programs.ts",
  globalTeardown: "<rootDir>/__tests__/remove-run-folder.ts",
  // All cores; the default leaves one idle.
  maxWorkers: "100%",
  cacheDirectory: "<rootDir>/.cache/jest",
  transform: { "^.+\\.[tj]s$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }] },
  transformIgnorePatterns: ["/node_modules/", "/.cache/"],
  moduleNameMapper: {
    "^@kubernetes/client-node$": kubernetesClient,
    // CDKTF's and constructs'.
    "^\\.[./a-z]*/stack-trace$": "<rootDir>/__tests__/no-stack-traces.js",
  },
  testTimeout: 30_000,
};
