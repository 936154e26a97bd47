import js from "@eslint/js";
import { importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

// main.ts → stacks → constructs → config and scripts; cli → operations → nodes, kubernetes, terraform → ssh → config and
// scripts. A folder may import from those to its right only, and only stacks and constructs know the framework
// (docs/adr/0001-cdktf.md).
const synthesis = ["constructs", "stacks"];
const commands = ["ssh", "nodes", "kubernetes", "terraform", "operations", "cli"];
const programs = ["lab", "bench", "main.ts"];
const zone = (folder, ...not) => ({ target: `./${folder}`, from: not.flat().map((other) => `./${other}`) });
const layers = [
  zone("config", synthesis, commands, programs),
  zone("scripts", synthesis, commands, programs),
  zone("constructs", "stacks", commands, programs),
  zone("stacks", commands, programs),
  zone("ssh", synthesis, ["nodes", "kubernetes", "terraform", "operations", "cli"], programs),
  zone("nodes", synthesis, ["kubernetes", "terraform", "operations", "cli"], programs),
  zone("kubernetes", synthesis, ["nodes", "terraform", "operations", "cli"], programs),
  zone("terraform", synthesis, ["ssh", "nodes", "kubernetes", "operations", "cli"], programs),
  zone("operations", synthesis, "cli", programs),
  zone("cli", synthesis, programs),
  zone("lab", synthesis, commands, "bench", "main.ts"),
];
const framework = ["cdktf", "cdktf/*", "constructs", "@cdktf/*"];

export default tseslint.config(
  { ignores: ["cdktf.out/", "node_modules/", "coverage/"] },
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
    files: ["{config,scripts,ssh,nodes,kubernetes,terraform,operations,cli,lab}/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: framework, message: "Only stacks and constructs know the framework." }] },
      ],
    },
  },
  {
    files: ["**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "ImportDeclaration[source.value=/^@cdktf.provider-[a-z]+$/]",
          message: "Import one resource: @cdktf/provider-kubernetes/lib/config-map-v1. A barrel costs seconds.",
        },
      ],
    },
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
