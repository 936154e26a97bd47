import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { tmpdir } from "node:os";
import { relative, resolve } from "node:path";
import { run } from "../../lab/command";

export const project = resolve(__dirname, "../..");

/** Why a package cannot be had from npm's registry; undefined where it can. */
export function unavailable(name: string, version: string): string | undefined {
  const view = ["view", `${name}@${version}`, "version", "--fetch-retries=0", "--fetch-timeout=20000"];
  const { status, stdout, stderr } = spawnSync("npm", view, { cwd: tmpdir(), encoding: "utf8", timeout: 60_000 });
  if (status === 0 && stdout.trim() === version) return undefined;
  return `npm ${view.join(" ")}: ${stderr.trim() || "no answer"}`;
}

/** What programs make in the project's folder, and packages. */
const left = ["node_modules", ".git", ".cache", ".state", "cdktf.out", "hcl.out", "dist"];

/** The project without its packages in another folder. */
export const copyProject = (folder: string): void =>
  cpSync(project, folder, { recursive: true, filter: (path) => !left.includes(relative(project, path)) });

/** Runs a command, and gives what it printed. @throws Error where it fails or runs out of time. */
export async function checked(
  cwd: string,
  timeoutSeconds: number,
  command: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const { code, output } = await run(command, { cwd, timeoutSeconds, env: { ...process.env, ...env } });
  if (code !== 0) throw new Error(`${command.join(" ")}: ${code}\n${output}`);
  return output;
}
