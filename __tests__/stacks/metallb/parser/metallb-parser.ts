import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { MetallbConfig } from "../../../../stacks/metallb/schema/metallb";
import type { MetallbVersion } from "../../../../stacks/metallb/release/releases";
import { runFolder } from "../../../run-folder";
import { upstreamFolder } from "../upstream-manifest";

/** Two configurations, as lists of objects. */
export interface Pair {
  readonly bgpType: MetallbConfig["bgpType"];
  readonly one: readonly object[];
  readonly other: readonly object[];
  /** The nodes that selectors are compared with. @default node1, with the label rack: a */
  readonly nodes?: readonly object[];
  /** @default none */
  readonly namespaces?: readonly object[];
}

/** What MetalLB made of them: "taken", or why it refused; and whether both are the same to it. */
export interface Verdict {
  readonly one: string;
  readonly other: string;
  readonly same: boolean;
}

const nodes = [{ metadata: { name: "node1", labels: { rack: "a" } } }];

/** MetalLB's own parser of a version, built out of its Go module with compare.go in it. */
export class MetallbParser {
  private static readonly known = new Map<MetallbVersion, MetallbParser>();

  private readonly folder = mkdtempSync(join(runFolder(), "metallb-parser-"));
  private readonly program = join(this.folder, "compare.bin");

  /** The parser of a version, which is built at the first call. */
  static of(version: MetallbVersion): MetallbParser {
    const parser = this.known.get(version) ?? new MetallbParser(version);
    this.known.set(version, parser);
    return parser;
  }

  private constructor(version: MetallbVersion) {
    const upstream = upstreamFolder(version);
    for (const part of ["go.mod", "go.sum", "api", "internal"]) {
      cpSync(join(upstream, part), join(this.folder, part), { recursive: true });
    }
    // Go's modules are read-only, and so are their copies.
    execFileSync("chmod", ["-R", "u+w", this.folder]);
    mkdirSync(join(this.folder, "compare"));
    cpSync(join(__dirname, "compare.go"), join(this.folder, "compare", "main.go"));
    execFileSync("go", ["build", "-o", this.program, "./compare"], { cwd: this.folder, timeout: 600_000 });
  }

  compare(pairs: readonly Pair[]): Verdict[] {
    const input = JSON.stringify(pairs.map((pair) => ({ nodes, ...pair })));
    return JSON.parse(execFileSync(this.program, { input, encoding: "utf8", timeout: 30_000 })) as Verdict[];
  }
}
