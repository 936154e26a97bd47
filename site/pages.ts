import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** A part of the site: its heading beside the pages, and the documents that are its pages, by their paths in the repository. */
export interface Part {
  readonly text: string;
  readonly files: readonly string[];
}

/** Every page that a document is made into, in the order in which they are read. */
export const parts: readonly Part[] = [
  {
    text: "Begin",
    files: [
      "README.md",
      "docs/start.md",
      "docs/how-it-works.md",
      "docs/by-hand.md",
      "docs/recipes.md",
      "docs/comparison.md",
    ],
  },
  {
    text: "cluster.yaml",
    files: [
      "docs/init.md",
      "docs/options.md",
      "docs/pools.md",
      "docs/metallb-pods.md",
      "docs/helm-values.md",
      "docs/monitoring.md",
      "docs/versions.md",
      "docs/distributions.md",
    ],
  },
  {
    text: "Every day",
    files: [
      "docs/symptoms.md",
      "docs/explain.md",
      "docs/report.md",
      "docs/terraform-errors.md",
      "docs/day-two.md",
      "docs/stacks.md",
      "docs/undo.md",
      "docs/faults.md",
    ],
  },
  {
    text: "In a team",
    files: [
      "docs/state.md",
      "docs/ci/README.md",
      "docs/ci/comments.md",
      "docs/terraform-cloud.md",
      "docs/own-repository.md",
      "docs/api.md",
      "docs/rights.md",
      "docs/security.md",
      "SECURITY.md",
    ],
  },
  {
    text: "The project",
    files: [
      "CHANGELOG.md",
      "CONTRIBUTING.md",
      "docs/lab.md",
      "bench/README.md",
      "docs/adr/README.md",
      "docs/adr/0001-cdktf.md",
      "docs/adr/0002-kube-proxy.md",
      "docs/adr/0003-state-and-credentials.md",
      "docs/adr/0004-gates-between-stacks.md",
      "docs/adr/0005-day-two.md",
      "docs/adr/0006-kube-proxy-modes.md",
      "docs/adr/0007-metallb-by-custom-resources.md",
      "docs/adr/0008-rooms-by-subject.md",
      "docs/adr/0009-scripts-on-nodes.md",
      "docs/adr/0010-memberlist-key.md",
      "docs/adr/0011-package.md",
    ],
  },
];

/** Files that are a page as they are, below what docs/recipes.md says of them. */
const isExample = (file: string): boolean => /^examples\/.*\.yaml$/.test(file);

const documents = new Set(parts.flatMap(({ files }) => files));

/** Where a file of the repository is in the site, from its root; undefined for one that is no page and no picture. */
export function siteFile(file: string): string | undefined {
  if (file === "README.md") return "index.md";
  if (documents.has(file)) {
    return file.startsWith("docs/")
      ? file.replace(/^docs\//, "").replace(/README\.md$/, "index.md")
      : `project/${file.toLowerCase().replace(/\/readme\.md$/, ".md")}`;
  }
  if (isExample(file)) return file.replace(/yaml$/, "md");
  return file.startsWith("docs/pictures/") ? file.replace(/^docs\//, "") : undefined;
}

/**
 * A link of a document as the site has it.
 * @param repository the address of the repository's files at one commit, such as https://github.com/OWNER/NAME/blob/main
 * @returns undefined where it leads to a file that is no page, and nobody knows where the repository is
 */
export function siteLink(from: string, target: string, repository: string | undefined): string | undefined {
  if (/^([a-z]+:|#)/.test(target)) return target;
  const [path = "", id] = target.split("#");
  const file = normalize(join(dirname(from), path)).replace(/\/$/, "");
  const page = siteFile(file) ?? siteFile(`${file}/README.md`);
  if (page !== undefined) return `/${page}${id === undefined ? "" : `#${id}`}`;
  return repository === undefined ? undefined : `${repository}/${file}`;
}

/** A document's title: its first heading. */
export const titleOf = (project: string, file: string): string =>
  /^# (.+)$/m.exec(readFileSync(join(project, file), "utf8"))?.[1]?.replaceAll("`", "") ?? file;

/** An example as a page: its file's name, and the whole of it. */
const examplePage = (file: string, text: string): string =>
  `# ${file.replace(/^examples\//, "")}\n\nOne of the [recipes](../../docs/recipes.md).\n\n\`\`\`yaml\n${text}\`\`\`\n`;

/** The source of every page, by its path in the site, in a folder of their own. */
export function writePages(project: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const examples = readdirSync(join(project, "examples"), { recursive: true, encoding: "utf8" })
    .map((name) => `examples/${name}`)
    .filter(isExample);
  for (const file of [...documents, ...examples]) {
    const text = readFileSync(join(project, file), "utf8");
    const page = join(folder, siteFile(file) ?? file);
    mkdirSync(dirname(page), { recursive: true });
    // A comment is for who reads the source, such as that a document is made by a program.
    writeFileSync(page, isExample(file) ? examplePage(file, text) : text.replace(/^<!-- .* -->\n/gm, ""));
  }
  cpSync(join(project, "docs/pictures"), join(folder, "pictures"), { recursive: true });
}

/** The document or example that a page of the site is made of. */
export function sourceOf(page: string): string {
  const document = [...documents].find((file) => siteFile(file) === page);
  return document ?? page.replace(/md$/, "yaml");
}
