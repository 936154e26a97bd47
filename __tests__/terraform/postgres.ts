import { spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const versions = "/usr/lib/postgresql";

/** The folder of PostgreSQL's own programs, as Debian installs them; undefined where there are none. */
const programs: string | undefined = existsSync(versions)
  ? readdirSync(versions)
      .map((version) => join(versions, version, "bin"))
      .find((folder) => existsSync(join(folder, "initdb")))
  : undefined;

/** `describe` where there is a PostgreSQL; elsewhere its tests count as skipped, and it says why. */
export function describeWithPostgres(what: string): jest.Describe {
  if (programs !== undefined && process.getuid?.() === 0) return describe;
  const why = programs === undefined ? "apt-get install postgresql was not run" : "its server is started by root alone";
  console.warn(`SKIPPED: ${what}, since there is no PostgreSQL: ${why}`);
  return describe.skip;
}

/** A PostgreSQL server on loopback, in a folder of its own, with a database of one role. */
export class Postgres {
  private readonly folder = mkdtempSync(join(tmpdir(), "postgres-"));
  readonly password = "kept-out-of-files";

  private constructor(private readonly port: number) {
    const [user, group] = ["-u", "-g"].map((option) => Number(this.run(["id", option, "postgres"]).trim()));
    chownSync(this.folder, user ?? 0, group ?? 0);
    writeFileSync(join(this.folder, "password"), "of-the-administrator", { mode: 0o644 });
    this.asPostgres("initdb", "-D", this.data, "-A", "scram-sha-256", "--pwfile", join(this.folder, "password"));
    const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c fsync=off -k ${this.folder}`;
    this.asPostgres("pg_ctl", "-D", this.data, "-w", "-l", join(this.folder, "log"), "-o", settings, "start");
    this.sql(`create role terraform login password '${this.password}'`);
    this.sql("create database terraform owner terraform");
  }

  static async start(): Promise<Postgres> {
    return new Postgres(await freePort());
  }

  /** What Terraform's backend takes from the environment. */
  get environment(): Record<string, string> {
    return { PG_CONN_STR: `postgres://terraform:${this.password}@127.0.0.1:${this.port}/terraform?sslmode=disable` };
  }

  /** The same by way of a socket in the file system, for another network namespace. */
  get environmentOfSocket(): Record<string, string> {
    const { folder: host, port, password } = this;
    return {
      PG_CONN_STR: `host=${host} port=${port} user=terraform password=${password} dbname=terraform sslmode=disable`,
    };
  }

  /** What a query prints. */
  sql(query: string, database = "postgres"): string {
    const address = ["-h", "127.0.0.1", "-p", String(this.port), "-U", "postgres", "-d", database];
    return this.run(["psql", ...address, "-X", "-A", "-t", "-c", query], { PGPASSWORD: "of-the-administrator" });
  }

  stop(): void {
    this.asPostgres("pg_ctl", "-D", this.data, "-m", "immediate", "stop");
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get data(): string {
    return join(this.folder, "data");
  }

  private asPostgres(program: string, ...words: string[]): void {
    this.run([
      "setpriv",
      "--reuid=postgres",
      "--regid=postgres",
      "--clear-groups",
      join(programs ?? "", program),
      ...words,
    ]);
  }

  private run([program = "", ...words]: readonly string[], environment: Record<string, string> = {}): string {
    // The server goes on after pg_ctl, and would keep a pipe open.
    const { status, stdout, stderr } = spawnSync(program, words, {
      cwd: "/",
      encoding: "utf8",
      timeout: 60_000,
      env: { PATH: process.env["PATH"], ...environment },
      stdio: ["ignore", words.includes("start") ? "ignore" : "pipe", words.includes("start") ? "ignore" : "pipe"],
    });
    if (status !== 0) throw new Error(`${program} ${words.join(" ")}: ${stdout ?? ""}${stderr ?? ""}`);
    return stdout ?? "";
  }
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
