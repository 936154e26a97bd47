import { readFileSync } from "node:fs";
import { optionsDocument } from "../../docs/options-document";
import { fault } from "../faults";
import { metallbVersions } from "../../stacks/metallb/release/releases";

const document = optionsDocument();

test(`${fault(244)}: docs/options.md is made from the schema: npm run options`, () => {
  expect(readFileSync("docs/options.md", "utf8")).toBe(document);
});

test.each([
  [
    "a word of several",
    "`version`",
    `${metallbVersions.map((version) => `\`${version}\``).join(", ")} or text`,
    "required",
  ],
  ["a default", "`strictARP`", "`true`, `false`", "`true`"],
  ["bounds", "`peerPort`", "number from 1 to 65535", "`179`"],
  ["a word in a mapping's place", "`kubeProxy`", "`unmanaged` or [keys](#kubeproxy)", ""],
  ["a list of mappings", "`pools`", "list: [keys](#metallbpools)", "required"],
  ["a form of several places", "`frr`", "[an image](#an-image)", ""],
])("a row says %s: %s", (_what, ...cells) => {
  expect(document).toContain(`\n| ${cells.join(" | ")} | `);
});

test("a form of several places is told once, with the places that are in no other form", () => {
  expect(document.match(/\| `podAffinityTerm` \|/g)).toHaveLength(1);
  expect(document).toContain("### Affinity\n\n`metallb.controller.affinity`, `metallb.speaker.affinity`\n\n| key");
  expect(document).toContain("### A term of pods\n\n| key");
});

test("no word of the schema is taken for a tag", () => {
  expect(document.match(/<(?!!--)[^\n>]*>/g)).toBeNull();
});
