import js from "@eslint/js";
import { importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

// main.ts → cluster, stacks → values; cli → day-two → remote → stacks, values; hcl → remote. A room may import from those to its right
// only; below stacks a room from those before it. Only stacks know the framework, and there only what ends in -stack.ts or
// stands below constructs/: whatever else is in their rooms is plain, and the rest of the house may use it
// (docs/adr/0001-cdktf.md, docs/adr/0008-rooms-by-subject.md).
const zone = (room, ...not) => ({ target: `./${room}`, from: not.flat().map((other) => `./${other}`) });
const programs = ["lab", "bench", "hcl", "main.ts", "index.ts", "docs", "site"];
const commands = ["remote", "day-two", "cli"];
const layers = [
  zone("values", "stacks", "cluster", commands, programs),
  zone("stacks", "cluster", commands, programs),
  zone(
    "stacks/shared",
    ["nodes", "kube-proxy", "metallb"].map((room) => `stacks/${room}`),
  ),
  zone(
    "stacks/nodes",
    ["kube-proxy", "metallb"].map((room) => `stacks/${room}`),
  ),
  zone("stacks/kube-proxy", "stacks/metallb"),
  zone("cluster", commands, programs),
  zone("remote", "cluster", "day-two", "cli", programs),
  zone("day-two", "cli", programs),
  zone("cli", programs),
  zone("lab", "cluster", commands, "bench", "hcl", "main.ts", "docs"),
  zone("hcl", "cluster", "day-two", "cli", "lab", "bench", "main.ts", "docs"),
];
const frameworkFiles = ["stacks/**/*-stack.ts", "stacks/**/constructs/**"];
const framework = ["cdktf", "cdktf/*", "constructs", "@cdktf/*"];

const barrels = {
  selector: "ImportDeclaration[source.value=/^@cdktf.provider-[a-z]+$/]",
  message: "Import one resource: @cdktf/provider-kubernetes/lib/config-map-v1. A barrel costs seconds.",
};
const message = "The files of metallb.resources have some, too: allPools(metallb), allPeers(metallb).";
const sectionsAlone = [
  { selector: "MemberExpression[object.name='metallb'][property.name=/^(pools|peers)$/]", message },
  { selector: "MemberExpression[object.property.name='metallb'][property.name=/^(pools|peers)$/]", message },
  {
    selector: "VariableDeclarator[init.name='metallb'] > ObjectPattern > Property[key.name=/^(pools|peers)$/]",
    message,
  },
  {
    selector: "VariableDeclarator[init.property.name='metallb'] > ObjectPattern > Property[key.name=/^(pools|peers)$/]",
    message,
  },
];

export default tseslint.config(
  { ignores: ["**/.cache/", "cdktf.out/", "hcl.out/", "dist/", "node_modules/", "coverage/"] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts"],
    plugins: { "import-x": importX },
    settings: { "import-x/extensions": [".ts"], "import-x/resolver": { node: { extensions: [".ts", ".js"] } } },
    rules: {
      "import-x/no-cycle": "error",
      "import-x/no-restricted-paths": ["error", { zones: layers }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      eqeqeq: "error",
    },
  },
  {
    files: ["{values,cluster,remote,day-two,cli,lab,hcl,docs}/**/*.ts", "stacks/**/*.ts"],
    ignores: frameworkFiles,
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: framework, message: "Only *-stack.ts and constructs/ know the framework." },
            { group: ["**/constructs/*", "**/*-stack"], message: "It imports the framework." },
          ],
        },
      ],
    },
  },
  { files: ["**/*.ts"], rules: { "no-restricted-syntax": ["error", barrels] } },
  {
    // The checks are not among them: they read a draft in which the files' objects stand already.
    files: ["{cli,day-two}/**/*.ts", "stacks/metallb/{constructs,monitoring}/**/*.ts", "stacks/metallb/*-stack.ts"],
    rules: { "no-restricted-syntax": ["error", barrels, ...sectionsAlone] },
  },
  {
    files: ["**/*.js", "**/*.mjs", "**/*.cjs"],
    languageOptions: {
      globals: {
        module: "writable",
        require: "readonly",
        process: "readonly",
        console: "readonly",
        __dirname: "readonly",
      },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
);
