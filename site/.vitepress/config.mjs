import { join } from "node:path";
import { fileURLToPath, URL } from "node:url";
import { defineConfig } from "vitepress";
import { headingId } from "../../docs/heading-id";
import { parts, siteFile, siteLink, sourceOf, titleOf, writePages } from "../pages";

const project = fileURLToPath(new URL("../..", import.meta.url));
const made = join(project, "site/.cache");

// In GitHub Actions, where the repository is known: GITHUB_… are set there.
const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name, GITHUB_SHA: commit, SITE_BASE: base = "/" } = process.env;
const repository = server && name && commit ? `${server}/${name}/blob/${commit}` : undefined;

writePages(project, join(made, "pages"));

const item = (file) => ({ text: titleOf(project, file), link: `/${siteFile(file)}` });

/** Links of documents lead to pages; one that leads to no page leads to the repository, or is its text alone. */
function links(md) {
  md.core.ruler.push("links-of-documents", ({ tokens, env }) => {
    const from = sourceOf(env.relativePath);
    for (const { children } of tokens.filter(({ type }) => type === "inline")) {
      const dropped = [];
      for (const token of children) {
        if (token.type === "link_close" && dropped.pop()) token.hidden = true;
        const attribute = { link_open: "href", image: "src" }[token.type];
        if (attribute === undefined) continue;
        const target = siteLink(from, token.attrGet(attribute), repository);
        if (token.type === "link_open") dropped.push(target === undefined);
        if (target === undefined) token.hidden = true;
        else token.attrSet(attribute, target);
      }
    }
  });
}

export default defineConfig({
  title: "baremetal-lb",
  description: "LoadBalancer Services for bare-metal Kubernetes: kube-proxy and MetalLB, declared, proven and kept so",
  lang: "en",
  base,
  srcDir: join(made, "pages"),
  outDir: join(made, "dist"),
  cacheDir: join(made, "vite"),
  markdown: {
    // Documents are Markdown without tags, as GitHub shows them: <name> is a name.
    html: false,
    linkify: false,
    anchor: { slugify: headingId },
    config: links,
  },
  themeConfig: {
    nav: ["docs/start.md", "docs/options.md", "docs/symptoms.md", "docs/day-two.md"].map(item),
    sidebar: parts.map(({ text, files }) => ({ text, items: files.map(item) })),
    outline: { level: [2, 3] },
    search: { provider: "local" },
    ...(repository && { socialLinks: [{ icon: "github", link: `${server}/${name}` }] }),
    footer: { message: "Apache-2.0" },
  },
});
