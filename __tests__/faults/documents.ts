import type { Section } from "./row";

export const documents: Section = {
  title: "Documents",
  rows: [
    {
      number: 243,
      slug: "example-that-does-not-work",
      fault: "a file of `examples/` is copied, and the schema or a check has changed since it was written",
      gets: "none that is out of date: `check` has nothing to say against any of them, and each is synthesised",
    },
    {
      number: 244,
      slug: "option-not-told",
      fault: "a key of `cluster.yaml` is new, has another default, or takes other values",
      gets: "docs/options.md that says so: it is made from the schema",
    },
    {
      number: 245,
      slug: "step-that-does-not-work",
      fault: "a command of docs/start.md is renamed, or does not go on with what the one before it left",
      gets: "a page that is right: each of its commands is run, those that change a cluster in the lab",
    },
    {
      number: 246,
      slug: "dead-link-of-the-site",
      fault: "a document is renamed, or a heading of it",
      gets: "a site whose links lead to a page and a heading that are there: another one is not built, or is found",
    },
    {
      number: 247,
      slug: "picture-of-another-output",
      fault: "a command prints something else than the picture of its screen shows",
      gets: "a picture of what it prints now: it is drawn by the command's own words and colours",
    },
  ],
};
