import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MetallbConfig } from "../../../../stacks/metallb/schema/metallb";
import type { MetallbVersion } from "../../../../stacks/metallb/release/releases";
import { upstreamFolder } from "../upstream-manifest";

/** Two configurations, as lists of objects. */
export interface Pair {
  readonly bgpType: MetallbConfig["bgpType"];
  readonly one: readonly object[];
  readonly other: readonly object[];
}

/** What MetalLB made of them: "taken", or why it refused; and whether both are the same to it. */
export interface Verdict {
  readonly one: string;
  readonly other: string;
  readonly same: boolean;
}

/** The node that selectors are compared with. */
const nodes = [{ metadata: { name: "node1", labels: { rack: "a" } } }];

/** MetalLB's own parser of a version, built out of its Go module with compare.go in it. */
export class MetallbParser {
  private readonly folder = mkdtempSync(join(tmpdir(), "metallb-parser-"));
  private readonly program = join(this.folder, "compare.bin");

  constructor(version: MetallbVersion) {
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
    const input = JSON.stringify(pairs.map((pair) => ({ ...pair, nodes })));
    return JSON.parse(execFileSync(this.program, { input, encoding: "utf8", timeout: 30_000 })) as Verdict[];
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true });
  }
}
