import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { clusterInput } from "../../cluster-fixture";
import { bundled } from "../../programs";
import { ProjectFixture } from "../../remote/terraform/project-fixture";

/** A request to the platform, with the text of each file that it names as `name@file` or by --body-file. */
export type PlatformRequest = readonly string[];

export interface Answer {
  /** What the platform's client prints, or curl writes to --output. */
  readonly says: unknown;
  /** What is in the request's words, all of it. */
  readonly to: readonly string[];
}

/**
 * A machine of a CI service: a checked-out project of Terraform's built-in resources, the real program and the real
 * Terraform; of the platform's own clients, gh and curl, there are stand-ins that note what they are asked for.
 */
export class CiMachine {
  readonly fixture = new ProjectFixture();
  private readonly bin = join(this.fixture.folder, "bin");
  private readonly notes = join(this.fixture.folder, "requests.jsonl");

  constructor(answers: readonly Answer[] = []) {
    const { folder } = this.fixture;
    mkdirSync(this.bin);
    writeFileSync(join(folder, "key"), "no key, which no node is shown");
    const ssh = { user: "ops", privateKeyFile: join(folder, "key"), insecureIgnoreHostKeys: true };
    const nodes = [{ name: "node1", address: "192.168.1.10", role: "control-plane" }];
    writeFileSync(join(folder, "cluster.yaml"), stringify({ ...clusterInput, ssh, nodes }));
    writeFileSync(join(folder, "answers.json"), JSON.stringify(answers));
    for (const client of ["gh", "curl"]) this.program(client, `#!${process.execPath}\n${platform}`);
    this.program("npm", "#!/bin/sh\nexit 0\n");
    this.program(
      "npx",
      `#!/bin/sh\ntest "$1" = baremetal-lb && shift && exec ${process.execPath} ${bundled("cli")} "$@"\n`,
    );
  }

  path(name: string): string {
    return join(this.fixture.folder, name);
  }

  read(name: string): string {
    return existsSync(this.path(name)) ? readFileSync(this.path(name), "utf8") : "";
  }

  /** In the place of npx: a command of ours that said this, with the exit code. */
  recorded(markdown: string, code: number): void {
    writeFileSync(this.path("recorded.md"), markdown);
    // Its last word is the file, after --markdown.
    this.program("npx", `#!/bin/sh\nfor file; do :; done\ncp ${this.path("recorded.md")} "$file"\nexit ${code}\n`);
  }

  program(name: string, text: string): void {
    writeFileSync(join(this.bin, name), text);
    chmodSync(join(this.bin, name), 0o755);
  }

  /** What the platform was asked for, in order. */
  get requests(): PlatformRequest[] {
    return this.read("requests.jsonl")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as PlatformRequest);
  }

  /** Runs a script as the service does. */
  shell(
    words: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): Promise<{ code: number; output: string }> {
    const [program = "", ...args] = words;
    const env = {
      PATH: `${this.bin}:${process.env["PATH"] ?? ""}`,
      HOME: this.fixture.folder,
      CDKTF_OUTDIR: this.fixture.project.outdir,
      ANSWERS: this.path("answers.json"),
      REQUESTS: this.notes,
      ...environment,
    };
    return new Promise((done) => {
      const child = execFile(program, args, { cwd: this.fixture.folder, env }, (_error, stdout, stderr) =>
        done({ code: child.exitCode ?? -1, output: stdout + stderr }),
      );
      child.stdin?.end();
    });
  }

  dispose(): void {
    this.fixture.dispose();
  }
}

const platform = `
const { appendFileSync, readFileSync, writeFileSync } = require("fs");
const words = process.argv.slice(2);
const withFiles = words.map((word, index) => {
  const [, name, file] = /^(body|description)=?@(.+)$/.exec(word) ?? [];
  if (name !== undefined) return name + "=" + readFileSync(file, "utf8");
  return words[index - 1] === "--body-file" ? readFileSync(word, "utf8") : word;
});
appendFileSync(process.env.REQUESTS, JSON.stringify(withFiles) + "\\n");
const answers = JSON.parse(readFileSync(process.env.ANSWERS, "utf8"));
const answer = answers.find(({ to }) => to.every((wanted) => words.some((word) => word === wanted)));
const said = answer === undefined ? "" : typeof answer.says === "string" ? answer.says : JSON.stringify(answer.says);
const output = words.indexOf("--output");
if (output >= 0) writeFileSync(words[output + 1], said);
else process.stdout.write(said);
`;
