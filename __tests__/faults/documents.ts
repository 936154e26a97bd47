import type { Section } from "./row";

export const documents: Section = {
  title: "Documents",
  rows: [
    {
      number: 244,
      slug: "option-not-told",
      fault: "a key of `cluster.yaml` is new, has another default, or takes other values",
      gets: "docs/options.md that says so: it is made from the schema",
    },
  ],
};
