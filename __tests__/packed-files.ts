/** What a user of the package has use for: programs, documents, and what new and init write down. */
const wanted = [
  /^dist\/((cli|cluster|day-two|remote|stacks|values)\/.*|index|main)(\.js|\.d\.ts|\.sh)$/,
  /^dist\/package\.json$/,
  /^docs\/.*\.(md|yml|svg)$/,
  /^(CHANGELOG\.md|LICENSE|README\.md|cdktf\.json|cli\/bin\.js|package\.json)$/,
  /^cluster\.(example\.yaml|schema\.json)$/,
];

/** Those of a package's files that no user of it has use for. */
export const useless = (files: readonly string[]): string[] =>
  files.filter((file) => !wanted.some((pattern) => pattern.test(file)));
