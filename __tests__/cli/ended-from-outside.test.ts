import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fault } from "../faults";

const project = resolve(__dirname, "../..");
const command = join(__dirname, "ended-from-outside.ts");

describe(`${fault(93)}: a command that is ended from outside`, () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ended-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = async (signal: NodeJS.Signals) => {
    const child = spawn(process.execPath, ["--import", "tsx", command, folder], {
      cwd: project,
      env: { ...process.env, TERRAFORM_BINARY_NAME: join(folder, "terraform") },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [data] = (await once(child.stdout, "data")) as [Buffer];
    const lent = data.toString().trim();
    expect(existsSync(join(lent, "a.tfplan"))).toBe(true);
    for (let waited = 0; existsSync(join(folder, "terraform")) && !existsSync(join(folder, "started")); waited += 1) {
      if (waited > 300) throw new Error("Terraform was not started");
      await new Promise((done) => setTimeout(done, 50));
    }
    child.kill(signal);
    const [code] = (await once(child, "exit")) as [number | null];
    return { code, left: existsSync(lent) };
  };

  it.each([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)(
    "by %s leaves no plan",
    async (signal, code) => {
      expect(await run(signal)).toEqual({ code, left: false });
    },
    30_000,
  );

  it("tells Terraform to end in good order, and waits for that", async () => {
    const script =
      "#!/bin/sh\ntrap 'sleep 1; echo in good order > ended; exit 1' INT\n: > started\nwhile :; do sleep 0.1; done\n";
    writeFileSync(join(folder, "terraform"), script, { mode: 0o755 });
    expect(await run("SIGTERM")).toEqual({ code: 143, left: false });
    expect(readFileSync(join(folder, "ended"), "utf8")).toBe("in good order\n");
  }, 30_000);
});
