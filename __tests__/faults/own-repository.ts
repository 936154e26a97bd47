import type { Section } from "./row";

export const ownRepository: Section = {
  title: "A repository of your own",
  rows: [
    {
      number: 237,
      slug: "new-not-empty",
      fault: "`new` is given a folder with files in it, or a file",
      gets: "nothing is written: what is in the way is named; .git, as a clone of an empty repository has it, is not",
    },
    {
      number: 238,
      slug: "new-package",
      fault: "`new --package` names a tarball that is not there, or a folder, which npm would only link",
      gets: "nothing is written: what was given, and how to make a tarball",
    },
    {
      number: 239,
      slug: "package-lacks",
      fault: "the package lacks what is read as it runs: a script for nodes, the schema, a workflow",
      gets: "no such package: one that is installed elsewhere checks, synthesises the same JSON as a clone, and writes the same repository",
    },
    {
      number: 240,
      slug: "package-other-cdktf",
      fault: "a CDKTF application of one's own has another CDKTF than the stacks are made for",
      gets: "npm refuses it, and names both; there are never two copies, whose types would not fit",
    },
    {
      number: 241,
      slug: "package-schema",
      fault: "cluster.yaml lies where the schema for editors is not beside it, but in the package",
      gets: "the first line names the schema in node_modules, of a folder above, too",
    },
    {
      number: 242,
      slug: "package-keeps",
      fault: "a clone has a state, a cluster.yaml, keys and what programs made in it as it is packed",
      gets: "nothing of it is in the package, nor tests, lab and measurements",
    },
  ],
};
