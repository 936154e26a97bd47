import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runChecked, type CommandOptions } from "../command";

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

/** How commands in a module's folder are run. */
export type ModuleOptions = Omit<CommandOptions, "timeoutSeconds">;

export interface ModuleStart {
  readonly logFile: string;
  /** Modules with their versions, such as "v0.15.2". */
  readonly require: Readonly<Record<string, string>>;
  /** The packages of commands that are to be built. */
  readonly packages: readonly string[];
}

/** Makes the folder of a module of our own that has other modules' commands, which it is to build. */
export function startModule(
  folder: string,
  goVersion: string,
  { logFile, require, packages }: ModuleStart,
): ModuleOptions {
  mkdirSync(folder);
  const go = /\d+\.\d+/.exec(goVersion)?.[0] ?? "1.25";
  const required = Object.entries(require).map(([name, version]) => `require ${name} ${version}\n`);
  writeFileSync(join(folder, "go.mod"), `module lab/build\n\ngo ${go}\n\n${required.join("")}`);
  writeFileSync(join(folder, "tools.go"), toolsFile(packages));
  return { cwd: folder, env: goEnvironment, logFile };
}

/** Downloads a module, such as "example.org/a@v1.0.0", and gives the folder of its sources. */
export async function downloadModule(module: string, options: ModuleOptions): Promise<string> {
  const { stdout } = await runChecked(["go", "mod", "download", "-json", module], { ...options, timeoutSeconds: 300 });
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}

/** Builds static programs into a folder, each named as its package. */
export async function buildModule(folder: string, packages: readonly string[], options: ModuleOptions): Promise<void> {
  await runChecked(["go", "mod", "tidy", "-e"], { ...options, timeoutSeconds: 600 });
  // -checklinkname=0: golang.org/x/net of MetalLB 0.13.7 refers to functions that Go keeps to itself from 1.23 on.
  const build = ["go", "build", "-ldflags", "-s -w -checklinkname=0", "-o", `${folder}/`, ...packages];
  await runChecked(build, { ...options, timeoutSeconds: 1200 });
}
