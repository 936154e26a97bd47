import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import {
  type BgpType,
  bgpTypesIn,
  metallbVersions,
  type MetallbVersion,
  usesCustomResources,
} from "../stacks/metallb/release/releases";

// npm run same-synthesis -- REVISION: whether this tree synthesises what another revision does, byte for byte: for the
// example, each release of MetalLB with each bgpType, each mode of kube-proxy, and both kinds of credentials and state.
// What a refactoring shows before it is merged.

const project = resolve(__dirname, "..");
const scratch = mkdtempSync(join(tmpdir(), "same-synthesis-"));
const run = (command: string, args: readonly string[], options: object = {}) =>
  execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], timeout: 180_000, ...options });

interface Case {
  readonly name: string;
  /** The release that it is of, which the other revision may not know. */
  readonly metallb?: MetallbVersion;
  /** How it does BGP, which the other revision may not know either. */
  readonly bgpType?: BgpType;
  readonly change: (cluster: Example) => void;
}
// The example's own keys, as far as they are changed here.
interface Example {
  kubernetes: Record<string, unknown>;
  ssh: Record<string, unknown>;
  kubeProxy: unknown;
  metallb: { version: string; pools: object[]; [key: string]: unknown };
  state: unknown;
}

const bgp = (cluster: Example) => {
  cluster.metallb.pools.push({ name: "routed", protocol: "bgp", addresses: ["10.200.0.0/24"] });
  cluster.metallb["peers"] = [{ peerAddress: "192.168.1.1", peerASN: 64513, myASN: 64512 }];
};
const on = (version: string) => ({ version, kubeconfig: "~/.kube/config", context: "admin" });

const cases: readonly Case[] = [
  { name: "example", change: () => undefined },
  ...metallbVersions.flatMap((version) =>
    bgpTypesIn(version).map((bgpType) => ({
      name: `metallb-${version}-${bgpType}`,
      metallb: version,
      bgpType,
      change: (cluster: Example) => {
        cluster.kubernetes = on("1.35.4");
        cluster.metallb = { ...cluster.metallb, version, ...(usesCustomResources(version) && { bgpType }) };
        bgp(cluster);
      },
    })),
  ),
  ...["iptables", "nftables"].map((mode) => ({
    name: mode,
    change: (cluster: Example) => {
      cluster.kubernetes = on("1.35.4");
      cluster.kubeProxy = { mode };
      cluster.state = { backend: "cloud", organization: "example" };
    },
  })),
  {
    name: "unmanaged",
    change: (cluster) => {
      cluster.kubeProxy = "unmanaged";
    },
  },
  {
    name: "variables",
    change: (cluster) => {
      cluster.kubernetes = { version: "1.30", credentials: "variables" };
      cluster.ssh = { user: "ops", privateKeyVariable: true };
    },
  },
];

/** Each stack's JSON by "case/stack". */
function synthesise(tree: string, compared: readonly Case[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { name, change } of compared) {
    const folder = join(scratch, "case");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const cluster = parse(readFileSync(join(project, "cluster.example.yaml"), "utf8")) as Example;
    change(cluster);
    writeFileSync(join(folder, "cluster.yaml"), stringify(cluster));
    const { version, bgpType = "native" } = cluster.metallb as { version: MetallbVersion; bgpType?: string };
    if (usesCustomResources(version))
      cpSync(manifest(version, bgpType), join(folder, `metallb-v${version}-${bgpType}.yaml`));
    const environment = {
      ...process.env,
      CLUSTER_CONFIG: join(folder, "cluster.yaml"),
      CDKTF_OUTDIR: join(folder, "cdktf.out"),
    };
    run("node", ["--import", "tsx", "main.ts"], { cwd: tree, env: environment, stdio: ["ignore", "ignore", "pipe"] });
    const stacks = join(folder, "cdktf.out", "stacks");
    for (const stack of readdirSync(stacks)) {
      for (const file of readdirSync(join(stacks, stack)).filter((file) => /\.(json|sh)$/.test(file))) {
        found.set(`${name}/${stack}/${file}`, readFileSync(join(stacks, stack, file), "utf8"));
      }
    }
  }
  return found;
}

/** Upstream's, out of its Go module. */
function manifest(version: string, bgpType: string): string {
  const text = run("go", ["mod", "download", "-json", `go.universe.tf/metallb@v${version}`], { cwd: tmpdir() });
  return join((JSON.parse(text) as { Dir: string }).Dir, "config", "manifests", `metallb-${bgpType}.yaml`);
}

const [revision = "HEAD"] = process.argv.slice(2);
const other = join(scratch, "other");
run("git", ["worktree", "add", "--detach", other, revision], { cwd: project });
try {
  symlinkSync(join(project, "node_modules"), join(other, "node_modules"));
  const releases = readFileSync(join(other, "stacks/metallb/release/releases.ts"), "utf8");
  const isKnown = ({ metallb, bgpType = "native" }: Case) =>
    metallb === undefined || (releases.includes(`"${metallb}": `) && releases.includes(`"${bgpType}"`));
  const compared = cases.filter(isKnown);
  for (const { name } of cases.filter((one) => !isKnown(one))) console.log(`new, not compared: ${name}`);
  const [before, after] = [synthesise(other, compared), synthesise(project, compared)];
  const different = [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => before.get(key) !== after.get(key),
  );
  for (const key of different) console.log(`different: ${key}`);
  console.log(`${before.size} stacks of ${compared.length} clusters, ${different.length} different from ${revision}`);
  process.exitCode = different.length === 0 ? 0 : 1;
} finally {
  run("git", ["worktree", "remove", "--force", other], { cwd: project });
  rmSync(scratch, { recursive: true, force: true });
}
