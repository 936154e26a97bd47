import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { parse } from "yaml";
import { check } from "../../cli/check";
import { readCluster } from "../../cluster/read";
import { usesCustomResources } from "../../stacks/metallb/release/releases";
import { files, project } from "../docs/markdown";
import { fault } from "../faults";
import { bundled } from "../programs";
import { ecdsaKey } from "../remote/ssh/keys";
import { describeWithUpstream, upstreamManifestFile } from "../stacks/metallb/upstream-manifest";

// Each file of examples/ is taken whole, in a folder of its own, on a machine that has what it names.

const examples = files.filter((file) => /^examples\/.*\.yaml$/.test(file));
const text = (file: string): string => readFileSync(join(project, file), "utf8");
const clusters = examples.filter((file) => text(file).includes("\nmetallb:\n"));

const read = (file: string) => {
  const { config } = readCluster(text(file), file);
  if (config === undefined) throw new Error(`${file} cannot be read`);
  return config;
};

describeWithUpstream("the examples", ["0.15.2"], () => {
  const folder = mkdtempSync(join(tmpdir(), "examples-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A copy of an example, with upstream's manifest where it needs one; and a home with the key and the kubeconfig. */
  function placed(file: string): { config: string; home: string } {
    const home = join(folder, file);
    const { metallb } = read(file);
    const { kubernetes } = parse(text(file)) as { kubernetes: { kubeconfig?: string; context: string } };
    mkdirSync(join(home, ".ssh"), { recursive: true });
    writeFileSync(join(home, ".ssh/id_ed25519"), ecdsaKey().private, { mode: 0o600 });
    const kubeconfig = (kubernetes.kubeconfig ?? "~/.kube/config").replace("~", home);
    mkdirSync(dirname(kubeconfig), { recursive: true });
    writeFileSync(
      kubeconfig,
      `apiVersion: v1\nkind: Config\ncontexts: [{ name: ${kubernetes.context}, context: {} }]\n`,
      { mode: 0o600 },
    );
    const config = join(home, basename(file));
    copyFileSync(join(project, file), config);
    for (const own of metallb.resources) copyFileSync(join(project, dirname(file), own), join(home, own));
    if (usesCustomResources(metallb.version)) {
      const name = `metallb-v${metallb.version}-${metallb.bgpType}.yaml`;
      if (!existsSync(join(home, name)))
        symlinkSync(upstreamManifestFile(metallb.version, metallb.bgpType), join(home, name));
    }
    return { config, home };
  }

  test.each(clusters)(`${fault(243)}: %s: check has nothing to say against it`, (file) => {
    const { config, home } = placed(file);
    const { stderr, exitCode } = check({ config, json: false }, {}, home);
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  });

  describe(`${fault(243)}: synthesised`, () => {
    const outdirOf = (home: string) => join(home, "out", "cdktf.out");
    // One process for all, with the packages: to load them takes longer than to synthesise.
    const runEach = `for (const environment of JSON.parse(process.argv[2])) {
      Object.assign(process.env, environment);
      for (const file of Object.keys(require.cache)) if (!file.includes("/node_modules/")) delete require.cache[file];
      require(process.argv[1]);
    }`;
    let said: { status: number | null; stderr: string };
    beforeAll(() => {
      const environments = clusters.map(placed).map(({ config, home }) => {
        mkdirSync(dirname(outdirOf(home)), { recursive: true });
        return { HOME: home, CLUSTER_CONFIG: config, CDKTF_OUTDIR: outdirOf(home) };
      });
      const { status, stderr } = spawnSync("node", ["-e", runEach, bundled("main"), JSON.stringify(environments)], {
        cwd: project,
        encoding: "utf8",
        timeout: 240_000,
        env: { PATH: process.env["PATH"] },
      });
      said = { status, stderr };
    }, 250_000);

    test("without a word", () => expect(said).toEqual({ status: 0, stderr: "" }));

    test.each(clusters)("%s, every stack of it", (file) => {
      const { stacks } = JSON.parse(readFileSync(join(outdirOf(join(folder, file)), "manifest.json"), "utf8"));
      const later = usesCustomResources(read(file).metallb.version) ? ["address-pools", "metallb-crds"] : [];
      expect(Object.keys(stacks).sort()).toEqual([...later, "kube-proxy", "metallb", "nodes"].sort());
    });
  });
});

test("the Service of Elasticsearch asks for a pool that its cluster has, at both ports", () => {
  const { metadata, spec } = parse(text("examples/elasticsearch/service.yaml"));
  const { metallb } = read("examples/elasticsearch/cluster.yaml");
  expect(metallb.pools.map(({ name }) => name)).toContain(metadata.annotations["metallb.universe.tf/address-pool"]);
  expect([spec.type, ...spec.ports.map(({ port }: { port: number }) => port)]).toEqual(["LoadBalancer", 9200, 9300]);
});

test("the clusters of one repository share no name and no address", () => {
  const several = clusters.filter((file) => file.startsWith("examples/several-clusters/")).map(read);
  const [names, addresses] = [
    several.map(({ name }) => name),
    several.flatMap(({ nodes }) => nodes.map(({ address }) => address)),
  ];
  expect(several.length).toBeGreaterThan(1);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(addresses).size).toBe(addresses.length);
});

describe("docs/recipes.md", () => {
  const recipes = text("docs/recipes.md");

  test.each(examples)("links %s", (file) => {
    expect(recipes).toContain(`](../${file})`);
  });
});
