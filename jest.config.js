/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/__tests__/lab/(core|matrix)/"],
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out/", "<rootDir>/.cache/"],
  globalSetup: "<rootDir>/__tests__/bundle-programs.ts",
  globalTeardown: "<rootDir>/__tests__/remove-programs.ts",
  // All cores; the default leaves one idle.
  maxWorkers: "100%",
  cacheDirectory: "<rootDir>/.cache/jest",
  transform: { "^.+\\.[tj]s$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }] },
  transformIgnorePatterns: ["/node_modules/(?!(@kubernetes/client-node|openid-client|oauth4webapi|jose)/)"],
  testTimeout: 30_000,
};
