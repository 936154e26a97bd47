import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { check } from "../../cli/check";
import { program } from "../../cli/main";
import { scripts } from "../../package.json";
import { ecdsaKey } from "../remote/ssh/keys";
import { cdktfCommands, refusal } from "./commands";
import { code, documents, files, headingIds, prose, project } from "./markdown";

const all = documents.map((document) => [document.path, document] as const);
const handWritten = all.filter(([, { generated }]) => !generated);

test("there are documents to look at", () => {
  expect(all.map(([path]) => path)).toEqual(
    expect.arrayContaining(["README.md", "CONTRIBUTING.md", "docs/stacks.md", "docs/adr/0001-cdktf.md"]),
  );
  expect(all.filter(([, { generated }]) => generated).map(([path]) => path)).toEqual([
    "docs/faults.md",
    "docs/options.md",
    "docs/versions.md",
  ]);
});

/** Characters of a table's cell that fit on a line beside another one, and of a line of text. */
const longest = { cell: 120, line: 130 };

test.each(handWritten)("%s has no line and no table cell that is too long to read", (_path, { text }) => {
  const tooLong = prose(text).flatMap(([line, number]) => {
    if (!line.trimStart().startsWith("|")) return line.length > longest.line ? [`line ${number}: ${line}`] : [];
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return cells.filter((cell) => cell.length > longest.cell && !/^-+$/.test(cell)).map((cell) => `${number}: ${cell}`);
  });
  expect(tooLong).toEqual([]);
});

test.each(all)("%s links to files and headings that are there", (path, { text }) => {
  const source = prose(text)
    .map(([line]) => line.replace(/`[^`]*`/g, (words) => words.replace(/[[\]()]/g, "")))
    .join("\n");
  const targets = [...source.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = ""]) => target);
  const broken = targets.filter((target) => {
    if (/^(https?|mailto):/.test(target)) return false;
    const [file = "", heading] = target.split("#");
    const linked = file === "" ? path : normalize(join(dirname(path), file));
    if (!existsSync(join(project, linked))) return true;
    return heading !== undefined && !headingIds(readFileSync(join(project, linked), "utf8")).includes(heading);
  });
  expect(broken).toEqual([]);
});

const commandNames = program().commands.map((command) => command.name());
const optionsOf = (name: string): string[] => [
  "--help",
  ...(program().commands.find((command) => command.name() === name)?.options ?? []).map(({ long }) => long ?? ""),
];

test.each(commandNames)("the README says what npx baremetal-lb %s is for", (name) => {
  expect(readFileSync(join(project, "README.md"), "utf8")).toMatch(
    new RegExp(`(npx baremetal-lb |\\n\\| \`)${name}\\b`),
  );
});

test.each(all)("%s names commands that are there", (_path, { text }) => {
  const wrong = code(text).flatMap((words) => {
    const npm = [...words.matchAll(/\bnpm run (?:-s )?([a-z:-]+)/g)].filter(([, name = ""]) => !(name in scripts));
    const ours = [...words.matchAll(/\bbaremetal-lb ([a-z]+)((?: --[a-z-]+)*)/g)].filter(
      ([, name = "", options = ""]) =>
        !commandNames.includes(name) ||
        options.split(" ").some((option) => option !== "" && !optionsOf(name).includes(option)),
    );
    return [...npm, ...ours].map(([command]) => command);
  });
  expect(wrong).toEqual([]);
});

test.each(all)("%s names cdktf commands that cdktf does not refuse", (_path, { text }) => {
  const refused = cdktfCommands(text).flatMap(({ command, verb, words }) => {
    const reason = refusal(verb, words);
    return reason === undefined ? [] : [`${command}: ${reason}`];
  });
  expect(refused).toEqual([]);
});

/** What programs make, and paths of other trees: the lab's folder, the package's, upstream's sources. */
const elsewhere = [
  ".cache/",
  ".state/",
  "dist/",
  "baremetal-lb/cluster.schema.json",
  "cache/",
  "run/",
  "config/manifests/metallb-native.yaml",
  "config/manifests/metallb-frr.yaml",
  "config/manifests/metallb-frr-k8s.yaml",
];

test.each(handWritten)("%s names paths that are there", (path, { text }) => {
  const folders = new Set(files.flatMap((file) => [...file.matchAll(/\//g)].map(({ index }) => file.slice(0, index))));
  const isThere = (name: string): boolean => files.includes(name) || folders.has(name.replace(/\/$/, ""));
  const missing = code(text)
    .flatMap((words) => words.split(/\s/))
    .filter((word) => /^[\w.-]+(\/[\w.-]+)*(\/|\/[\w.-]+\.(ts|js|mjs|sh|md|yml|yaml|json|svg))$/.test(word))
    .filter((word) => !elsewhere.includes(word))
    .filter((word) => !isThere(word) && !isThere(normalize(join(dirname(path), word))))
    // A place in every room: scripts/lib, constructs/.
    .filter((word) => ![...folders].some((folder) => folder.endsWith(`/${word.replace(/\/$/, "")}`)));
  expect(missing).toEqual([]);
});

test("docs/start.md shows what check says of the example", () => {
  const home = mkdtempSync(join(tmpdir(), "home-"));
  try {
    for (const [folder, file, text] of [
      [
        ".kube",
        "config",
        "apiVersion: v1\nkind: Config\ncontexts: [{ name: kubernetes-admin@kubernetes, context: {} }]\n",
      ],
      [".ssh", "id_ed25519", ecdsaKey().private],
    ] as const) {
      mkdirSync(join(home, folder));
      writeFileSync(join(home, folder, file), text, { mode: 0o600 });
    }
    const { stdout, stderr } = check({ config: join(project, "cluster.example.yaml"), json: false }, {}, home);
    expect(stderr).toBe("");
    expect(readFileSync(join(project, "docs/start.md"), "utf8")).toContain(`\n\`\`\`\n${stdout}\`\`\`\n`);
  } finally {
    rmSync(home, { recursive: true });
  }
});

describe("the pictures", () => {
  const pictures = files.filter((file) => file.startsWith("docs/pictures/"));

  test.each(pictures)("%s says in words what it shows, and is legible in the dark", (picture) => {
    const text = readFileSync(join(project, picture), "utf8");
    expect(text).toMatch(/^<svg [^>]*role="img" aria-labelledby="title desc">\n\s*<title id="title">\S/);
    expect(text).toMatch(/<desc id="desc">\s*\S/);
    expect(text).toContain("@media (prefers-color-scheme: dark)");
    // Every colour of a light page has another one in the dark.
    const [light = "", dark = ""] = text.split("@media (prefers-color-scheme: dark)");
    const coloured = (css: string) =>
      new Set([...css.matchAll(/^ *([.\w, -]+) \{[^}]*#/gm)].flatMap(([, names = ""]) => names.trim().split(", ")));
    expect(coloured(dark)).toEqual(coloured(light));
  });

  test.each(pictures)("%s is shown by a document", (picture) => {
    const shown = documents.flatMap(({ path, text }) =>
      [...text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, target = ""]) => normalize(join(dirname(path), target))),
    );
    expect(shown).toContain(picture);
  });
});

/** Sources of this project that say to their reader what to run. */
const sources = files.filter((file) => /^(stacks|day-two|cli|lab)\/.*\.(ts|sh)$/.test(file));

test("messages name cdktf commands that cdktf does not refuse", () => {
  const refused = sources.flatMap((file) =>
    cdktfCommands(readFileSync(join(project, file), "utf8")).flatMap(({ command, verb, words }) => {
      const reason = refusal(verb, words);
      return reason === undefined ? [] : [`${file}: ${command}: ${reason}`];
    }),
  );
  expect(refused).toEqual([]);
});

test.each([
  ["deploy", ["nodes"], undefined],
  ["deploy", ["kube-proxy"], "not included: nodes"],
  ["deploy", ["nodes", "kube-proxy"], undefined],
  ["deploy", ["metallb"], "not included: nodes, kube-proxy"],
  ["deploy", ["metallb", "--ignore-missing-stack-dependencies"], undefined],
  ["deploy", ["metallb-crds", "address-pools", "metallb"], "not included: nodes, kube-proxy"],
  ["deploy", ["'*'"], undefined],
  ["destroy", ["metallb"], undefined],
  ["destroy", ["kube-proxy"], "not included: metallb"],
  ["destroy", ["address-pools", "metallb-crds"], "not included: metallb"],
  ["destroy", ["metallb", "address-pools", "metallb-crds"], undefined],
])("what cdktf 0.21 said of %s %j: %s", (verb, words, reason) => {
  expect(refusal(verb, words)).toBe(reason);
});
