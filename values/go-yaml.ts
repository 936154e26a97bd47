import type { DocumentOptions, ParseOptions, ScalarTag, SchemaOptions, Tags } from "yaml";

/** Plain words and numbers as Kubernetes' own programs read them, which turn YAML into JSON by go-yaml v2. */
export const goYaml: DocumentOptions & SchemaOptions & ParseOptions = {
  version: "1.1",
  logLevel: "silent",
  customTags: (tags) => [...goTags, ...tags.filter((tag) => typeof tag !== "object" || !unlikeGo(tag))] as Tags,
};

/** What go-yaml v2 has and YAML 1.1 does not. */
const goTags: readonly ScalarTag[] = [
  {
    tag: "tag:yaml.org,2002:int",
    default: true,
    test: /^[-+]?0o[0-7_]+$/,
    resolve: (text) => Number(text.replace(/^[-+]|_/g, "")) * (text.startsWith("-") ? -1 : 1),
  },
  {
    tag: "tag:yaml.org,2002:binary",
    resolve: (text) => Buffer.from(text, "base64").toString("utf8"),
  },
];

/** What YAML 1.1 has and go-yaml v2 does not: numbers to the base of 60, and dates, which it leaves as text. */
const unlikeGo = ({ tag, format }: { readonly tag: string; readonly format?: string }): boolean =>
  format === "TIME" || tag === "tag:yaml.org,2002:timestamp" || tag === "tag:yaml.org,2002:binary";
