/** A Go file that imports commands, so that go.mod and go.sum cover them. */
export function toolsFile(packages: readonly string[]): string {
  return [
    "//go:build tools",
    "",
    "package tools",
    "",
    "import (",
    ...packages.map((name) => `\t_ "${name}"`),
    ")",
    "",
  ].join("\n");
}

export const goEnvironment = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=mod -buildvcs=false", GOWORK: "off" };
