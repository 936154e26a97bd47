import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { documents, files, project } from "../docs/markdown";
import { parts, siteFile, siteLink, sourceOf, writePages } from "../../site/pages";

const listed = parts.flatMap((part) => part.files);
const examples = files.filter((file) => /^examples\/.*\.yaml$/.test(file));

test("every document is a page, once, and every page has an address of its own", () => {
  const read = documents.map(({ path }) => path).filter((path) => !path.startsWith(".github/"));
  expect([...listed].sort()).toEqual([...read].sort());
  const addresses = [...listed, ...examples].map(siteFile);
  expect(new Set(addresses).size).toBe(addresses.length);
});

test("a page tells what it is made of", () => {
  expect([...listed, ...examples].map((file) => sourceOf(siteFile(file) ?? ""))).toEqual([...listed, ...examples]);
});

const repository = "https://example.org/owner/name/blob/main";

test.each([
  ["docs/start.md", "init.md", "/init.md"],
  ["docs/start.md", "day-two.md#adopt", "/day-two.md#adopt"],
  ["docs/start.md", "#x", "#x"],
  ["docs/start.md", "https://example.org/a.md", "https://example.org/a.md"],
  ["README.md", "docs/ci/README.md", "/ci/index.md"],
  ["README.md", "docs/pictures/overview.svg", "/pictures/overview.svg"],
  ["docs/security.md", "../SECURITY.md", "/project/security.md"],
  ["docs/ci/README.md", "../state.md", "/state.md"],
  ["docs/adr/0002-kube-proxy.md", "../../bench/README.md#x", "/project/bench.md#x"],
  ["docs/adr/README.md", "../../README.md", "/index.md"],
  ["README.md", "docs/ci/", "/ci/index.md"],
  ["docs/recipes.md", "../examples/bgp/cluster.yaml", "/examples/bgp/cluster.md"],
  ["docs/recipes.md", "../cluster.schema.json", `${repository}/cluster.schema.json`],
  ["docs/ci/README.md", "drift.yml", `${repository}/docs/ci/drift.yml`],
])("%s links %s as %s", (from, target, expected) => {
  expect(siteLink(from, target, repository)).toBe(expected);
});

test("a file that is no page is no link where nobody knows the repository", () => {
  expect(siteLink("docs/recipes.md", "../cluster.schema.json", undefined)).toBeUndefined();
});

test("the pages are documents without comments, and whole examples", () => {
  const folder = mkdtempSync(join(tmpdir(), "pages-"));
  try {
    writePages(project, folder);
    const written = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"));
    expect(written.sort()).toEqual([...listed, ...examples].map(siteFile).sort());
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    expect(read("options.md")).toMatch(/^# Every option\n\n\nWhat `cluster\.yaml` may say\./);
    expect(read("examples/bgp/cluster.md")).toBe(
      `# bgp/cluster.yaml\n\nOne of the [recipes](../../docs/recipes.md).\n\n\`\`\`yaml\n${readFileSync(
        join(project, "examples/bgp/cluster.yaml"),
        "utf8",
      )}\`\`\`\n`,
    );
    expect(existsSync(join(folder, "pictures/overview.svg"))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
