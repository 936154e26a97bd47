import { execFile } from "node:child_process";
import { bundled, withoutProgress } from "../programs";

/** Runs the program as a shell would, while servers of the test go on. A folder stands for the home directory. */
export function runProgram(
  folder: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) {
  const env = { PATH: process.env["PATH"], HOME: folder, CDKTF_OUTDIR: folder, ...environment };
  return new Promise<{ status: number; stdout: string; stderr: string }>((done) => {
    const child = execFile(
      process.execPath,
      [bundled("cli"), ...words],
      { cwd: folder, env },
      (_error, stdout, stderr) => done({ status: child.exitCode ?? -1, stdout, stderr: withoutProgress(stderr) }),
    );
    child.stdin?.end();
  });
}
