import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize, relative, resolve } from "node:path";
import { devDependencies } from "../../site/package.json";
import { fault } from "../faults";

// The documents as a site, installed and built as npm run site does, in a folder of its own.

const project = resolve(__dirname, "../..");
const { vitepress } = devDependencies;

/** Why the package cannot be had; undefined where it can. */
function unavailable(): string | undefined {
  const view = ["view", `vitepress@${vitepress}`, "version", "--fetch-retries=0", "--fetch-timeout=20000"];
  const { status, stdout, stderr } = spawnSync("npm", view, { cwd: tmpdir(), encoding: "utf8", timeout: 60_000 });
  if (status === 0 && stdout.trim() === vitepress) return undefined;
  return `npm ${view.join(" ")}: ${stderr.trim() || "no answer"}`;
}

const reason = unavailable();
if (reason !== undefined) console.warn(`SKIPPED: the site, whose generator cannot be had: ${reason}`);

/** A network of its own that has nothing in it, where this machine lets one be made. */
const alone = spawnSync("unshare", ["-rn", "true"]).status === 0 ? ["unshare", "-rn"] : [];

const unescaped = (text: string): string =>
  text.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&amp;", "&");

(reason === undefined ? describe : describe.skip)("the site", () => {
  let scratch: string;
  let dist: string;
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  const run = (command: readonly string[], environment: NodeJS.ProcessEnv = {}) => {
    const [program = "", ...words] = command;
    const { status, stdout, stderr } = spawnSync(program, words, {
      cwd: join(scratch, "site"),
      encoding: "utf8",
      timeout: 280_000,
      env: { ...process.env, NO_COLOR: "1", ...environment },
    });
    return { status, output: stdout + stderr };
  };
  const build = (environment: NodeJS.ProcessEnv) => run([...alone, "npm", "run", "build"], environment);

  let built: ReturnType<typeof run>;
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), "baremetal-lb-site-"));
    dist = join(scratch, "site/.cache/dist");
    const left = [
      "node_modules",
      ".git",
      ".cache",
      ".state",
      "cdktf.out",
      "hcl.out",
      "site/node_modules",
      "site/.cache",
    ];
    cpSync(project, scratch, { recursive: true, filter: (path) => !left.includes(relative(project, path)) });
    const installed = run(["npm", "ci", "--no-audit", "--no-fund", "--prefer-offline"]);
    if (installed.status !== 0) throw new Error(installed.output);
    built = build({ GITHUB_SERVER_URL: undefined, GITHUB_REPOSITORY: undefined, GITHUB_SHA: undefined });
  }, 300_000);

  test("is built without a network, and without a warning", () => {
    expect(built.output).not.toMatch(/warn|\(!\)|error|dead link/i);
    expect(built.output).toContain("build complete");
    expect(built.status).toBe(0);
  });

  /** Every page by its file, with what it links and the ids that may be linked. */
  const pages = () =>
    new Map(
      readdirSync(dist, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".html") && file !== "404.html")
        .map((file) => {
          const text = readFileSync(join(dist, file), "utf8");
          const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = ""]) => unescaped(found));
          return [file, { links: all(/\s(?:href|src)="([^"]+)"/g), ids: all(/\sid="([^"]+)"/g) }] as const;
        }),
    );

  test(`${fault(246)}: no link leads nowhere, neither to a page nor to a heading`, () => {
    const found = pages();
    expect(found.size).toBeGreaterThan(40);
    const dead = [...found].flatMap(([file, { links }]) =>
      links.filter((link) => {
        if (/^[a-z]+:/.test(link)) return false;
        const [path = "", id] = decodeURIComponent(link).split("#");
        const target = path === "" ? file : normalize(join(path.startsWith("/") ? "." : dirname(file), path));
        const page = found.get(target) ?? found.get(join(target, "index.html"));
        if (page === undefined) return !existsSync(join(dist, target));
        return id !== undefined && id !== "" && !page.ids.includes(id);
      }),
    );
    expect(dead).toEqual([]);
  });

  test("is searched without a server", () => {
    const chunks = readdirSync(join(dist, "assets"), { recursive: true, encoding: "utf8" });
    expect(chunks.filter((file) => /localSearchIndex/.test(file))).not.toEqual([]);
  });

  test("asks no other server for anything", () => {
    const loaded = [...pages().keys()].flatMap((file) =>
      [
        ...readFileSync(join(dist, file), "utf8").matchAll(/<(?:script|link|img)\b[^>]*(?:href|src)="(https?:[^"]+)"/g),
      ].map(([, address]) => address),
    );
    expect(loaded).toEqual([]);
  });

  test("has the repository's files where it is known, below the address that it is published at", () => {
    const { status } = build({
      GITHUB_SERVER_URL: "https://example.org",
      GITHUB_REPOSITORY: "owner/name",
      GITHUB_SHA: "abc",
      SITE_BASE: "/name/",
    });
    expect(status).toBe(0);
    const options = readFileSync(join(dist, "options.html"), "utf8");
    expect(options).toContain('href="https://example.org/owner/name/blob/abc/cluster.schema.json"');
    expect(options).toContain('href="/name/versions.html#metallb"');
  }, 120_000);
});
