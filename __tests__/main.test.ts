import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fault } from "./faults";
import { runIn } from "./cli/run-program";
import { bundled } from "./programs";
import { upstreamManifestFile } from "./stacks/metallb/upstream-manifest";
import type { Blocks } from "./synthesised";

const project = resolve(__dirname, "..");

describe("main.ts, as cdktf runs it", () => {
  let folder: string;
  const makeFolder = () => {
    folder = mkdtempSync(join(tmpdir(), "main-"));
  };
  const removeFolder = () => rmSync(folder, { recursive: true });

  const places = (config: string) => {
    const out = join(folder, "out");
    const outdir = join(out, "cdktf.out");
    mkdirSync(out, { recursive: true });
    const environment = { PATH: process.env["PATH"], HOME: folder, CLUSTER_CONFIG: config, CDKTF_OUTDIR: outdir };
    const resources = (stack: string): Blocks =>
      JSON.parse(readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8")).resource;
    const manifest = (): Record<string, { dependencies: string[] }> =>
      JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")).stacks;
    return { environment, found: () => ({ resources, manifest, written: readdirSync(out) }) };
  };

  const synth = async (config: string, more: Readonly<Record<string, string>> = {}) => {
    const { environment, found } = places(config);
    const { status, stderr } = await runIn(project, "main", [], { ...environment, ...more });
    return { status, stderr, ...found() };
  };

  describe("with the example", () => {
    const stacks = ["kube-proxy", "metallb", "nodes"];
    const folderOf = (stack: string) => join(folder, "out/cdktf.out/stacks", stack);
    let synthesised: Awaited<ReturnType<typeof synth>>;
    // Once for all: they only look.
    beforeAll(async () => {
      makeFolder();
      for (const stack of stacks) {
        mkdirSync(folderOf(stack), { recursive: true, mode: 0o755 });
        writeFileSync(join(folderOf(stack), "plan"), "what the state holds");
      }
      synthesised = await synth("cluster.example.yaml");
    });
    afterAll(removeFolder);

    test("orders the stacks: nodes, kube-proxy, metallb", () => {
      const { status, manifest } = synthesised;
      expect(status).toBe(0);
      expect(
        Object.fromEntries(Object.entries(manifest()).map(([name, { dependencies }]) => [name, dependencies])),
      ).toEqual({ nodes: [], "kube-proxy": ["nodes"], metallb: ["kube-proxy"] });
    });

    test(`${fault(152)}: the folders of stacks are their user's alone, and the plan of the last cdktf diff goes`, () => {
      expect(
        stacks.map((stack) => [(statSync(folderOf(stack)).mode & 0o777).toString(8), readdirSync(folderOf(stack))]),
      ).toEqual([
        ["700", ["cdk.tf.json", "restore-configuration.sh", "restore-node.sh"]],
        ["700", ["cdk.tf.json"]],
        ["700", ["cdk.tf.json", "remove-preparation.sh"]],
      ]);
    });

    test(`${fault(12)}: a missing key file is a warning here, since the machine that applies may have it`, () => {
      expect(synthesised.stderr).toContain(
        'warning: ssh.privateKeyFile: given "~/.ssh/id_ed25519", which does not exist;',
      );
    });
  });

  describe("in a folder of each test's own", () => {
    beforeEach(makeFolder);
    afterEach(removeFolder);

    test("synthesises the example, the walkthrough's cluster: PodSecurityPolicies and MetalLB 0.9.5", () => {
      const { environment, found } = places("cluster.example.yaml");
      const words = ["--import", "tsx", "main.ts"];
      const { status } = spawnSync("node", words, { cwd: project, timeout: 30_000, env: environment });
      const { resources } = found();
      expect(status).toBe(0);
      expect(Object.keys(resources("nodes")["null_resource"] ?? {})).toEqual([
        "_removal-master1",
        "_removal-worker1",
        "_removal-worker2",
        "master1",
        "worker1",
        "worker2",
      ]);
      expect(Object.keys(resources("metallb")["kubernetes_pod_security_policy_v1beta1"] ?? {})).toEqual([
        "controller",
        "speaker",
      ]);
      expect(JSON.stringify(resources("metallb")["kubernetes_daemon_set_v1"])).toContain(
        '"image":"docker.io/metallb/speaker:v0.9.5"',
      );
    });

    describe("with MetalLB 0.15.2", () => {
      const write = (metallb: string) => {
        const file = join(folder, "cluster.yaml");
        const example = readFileSync(join(project, "cluster.example.yaml"), "utf8");
        const newer = example.replace(`version: "1.18"`, `version: "1.35"`);
        writeFileSync(file, newer.replace("  version: 0.9.5\n", `  version: 0.15.2\n${metallb}`));
        return file;
      };

      test("orders five stacks, the address pools before MetalLB", async () => {
        const { status, manifest, resources } = await synth(write(`  manifest: ${upstreamManifestFile("0.15.2")}\n`));
        expect(status).toBe(0);
        const stacks = Object.entries(manifest());
        expect(Object.fromEntries(stacks.map(([name, { dependencies }]) => [name, dependencies]))).toEqual({
          nodes: [],
          "kube-proxy": ["nodes"],
          "metallb-crds": ["kube-proxy"],
          "address-pools": ["metallb-crds"],
          metallb: ["address-pools"],
        });
        expect(JSON.stringify(resources("metallb")["kubernetes_daemon_set_v1"])).toContain(
          '"image":"quay.io/metallb/speaker:v0.15.2"',
        );
      }, 180_000);

      test("asks no Terraform for its version, which is for the stacks to say to the one that runs them", async () => {
        writeFileSync(join(folder, "terraform"), `#!/bin/sh\necho "$@" >>'${join(folder, "asked")}'\n`, {
          mode: 0o755,
        });
        const { status } = await synth(write(`  manifest: ${upstreamManifestFile("0.15.2")}\n`), {
          PATH: `${folder}:${process.env["PATH"]}`,
        });
        expect(status).toBe(0);
        expect(readdirSync(folder).sort()).toEqual(["cluster.yaml", "out", "terraform"]);
      });

      test("synthesises a version that is not in the table of releases, out of the manifest that the file pins", async () => {
        const text = readFileSync(upstreamManifestFile("0.15.2"), "utf8").replaceAll("v0.15.2", "v0.15.100");
        writeFileSync(join(folder, "metallb-v0.15.100-native.yaml"), text);
        const pinned = write(`  manifestSHA256: ${createHash("sha256").update(text).digest("hex")}\n`);
        writeFileSync(pinned, readFileSync(pinned, "utf8").replace("version: 0.15.2", "version: 0.15.100"));
        const { status, resources } = await synth(pinned);
        expect(status).toBe(0);
        const ofPinned = JSON.stringify(resources("metallb"));
        expect(ofPinned).toContain('"image":"quay.io/metallb/speaker:v0.15.100"');
        await synth(write(`  manifest: ${upstreamManifestFile("0.15.2")}\n`));
        expect(ofPinned).toBe(JSON.stringify(resources("metallb")).replaceAll("v0.15.2", "v0.15.100"));
      }, 180_000);

      test(`${fault(49)}: without its manifest nothing is written`, async () => {
        const { status, stderr, written } = await synth(write(""));
        expect({ status, written }).toEqual({ status: 1, written: [] });
        expect(stderr).toContain(`metallb.manifest: given ${folder}/metallb-v0.15.2-native.yaml, which does not exist`);
        expect(stderr).not.toMatch(/^\s+at /m);
      });
    });

    describe("the team's lock file", () => {
      const block = (provider: string, version: string) =>
        `provider "registry.terraform.io/hashicorp/${provider}" {\n  version     = "${version}"\n  constraints = "${version}"\n  hashes = [\n    "h1:${provider}=",\n  ]\n}\n`;
      const locked = { kubernetes: "2.38.0", null: "3.2.4", random: "3.7.2" };
      const blocks = (versions: Readonly<Record<string, string>>) =>
        Object.entries(versions).map(([provider, version]) => block(provider, version));
      const commit = (versions: Readonly<Record<string, string>>) => {
        mkdirSync(join(folder, "out"));
        const text = ["# This file is maintained automatically.\n", ...blocks(versions)].join("\n");
        writeFileSync(join(folder, "out/.terraform.lock.hcl"), text);
      };
      const ofStack = (stack: string) =>
        readFileSync(join(folder, "out/cdktf.out/stacks", stack, ".terraform.lock.hcl"), "utf8");

      test(`${fault(194)}: each stack gets its part of it, and what was in the folder goes`, async () => {
        commit(locked);
        mkdirSync(join(folder, "out/cdktf.out/stacks/nodes"), { recursive: true });
        writeFileSync(join(folder, "out/cdktf.out/stacks/nodes/.terraform.lock.hcl"), block("null", "3.2.3"));
        expect((await synth("cluster.example.yaml")).status).toBe(0);
        expect(ofStack("nodes")).toBe(block("null", "3.2.4"));
        const [kubernetes, ofNull, random] = blocks(locked);
        expect(ofStack("metallb")).toBe([kubernetes, ofNull, random].join("\n"));
      });

      test.each([
        [{ ...locked, kubernetes: "2.37.1" }, "hashicorp/kubernetes 2.37.1, and the stacks use 2.38.0"],
        [{ kubernetes: "2.38.0", null: "3.2.4" }, "nothing for hashicorp/random, and the stacks use 3.7.2"],
      ])(`${fault(194)}: %j is not what the stacks use`, async (versions, given) => {
        commit(versions);
        const { status, stderr } = await synth("cluster.example.yaml");
        expect(status).toBe(1);
        expect(stderr).toContain(
          `${join(folder, "out/.terraform.lock.hcl")}: given ${given}; move it away, and make it anew as docs/ci/README.md says under "Providers"\n`,
        );
        expect(stderr).not.toMatch(/^\s+at /m);
      });
    });

    test(`${fault(152)}: with Terraform Cloud nothing but the configuration is uploaded`, async () => {
      const example = readFileSync(join(project, "cluster.example.yaml"), "utf8");
      const file = join(folder, "cluster.yaml");
      writeFileSync(file, example.replace("  backend: local", "  backend: cloud\n  organization: acme"));
      expect((await synth(file)).status).toBe(0);
      const stack = join(folder, "out/cdktf.out/stacks/metallb");
      expect(readdirSync(stack)).toEqual([".terraformignore", "cdk.tf.json"]);
      expect(readFileSync(join(stack, ".terraformignore"), "utf8")).toBe(
        ".git/\n.terraform/\nplan\n*.tfplan\n*.tfstate\n*.tfstate.*\n",
      );
    });

    test(`${fault(159)}: a local state of what is to be in Terraform Cloud is a warning`, async () => {
      const example = readFileSync(join(project, "cluster.example.yaml"), "utf8");
      const file = join(folder, "cluster.yaml");
      writeFileSync(file, example.replace("  backend: local", "  backend: cloud\n  organization: acme"));
      const states = join(folder, "out/.state/search");
      mkdirSync(states, { recursive: true });
      const state = (...modes: string[]) => JSON.stringify({ version: 4, resources: modes.map((mode) => ({ mode })) });
      writeFileSync(join(states, "nodes.tfstate"), state("managed", "managed", "data"));
      writeFileSync(join(states, "kube-proxy.tfstate"), state("data"));
      writeFileSync(join(states, "metallb.tfstate"), "");
      const { status, stderr } = await synth(file);
      expect(status).toBe(0);
      expect(stderr.split("\n").filter((line) => line.includes("tfstate"))).toEqual([
        `${states}/nodes.tfstate: warning: given a local state of 2 resources, with state.backend: cloud; expected none: a deploy makes anew what the state in the workspace search-nodes on app.terraform.io does not have; npx baremetal-lb state move takes it along (docs/state.md); or write backend: local again; or, if it was moved by hand, move the file away`,
      ]);
    });

    describe("by cdktf, which keeps TF_VAR_ from synthesis", () => {
      const byCdktf = (state: string, environment: Record<string, string>, command = "synth") => {
        const example = readFileSync(join(project, "cluster.example.yaml"), "utf8");
        const file = join(folder, "cluster.yaml");
        const variables = example
          .replace("  kubeconfig: ~/.kube/config\n", "  credentials: variables\n")
          .replace(/^ {2}context: .*\n/m, "");
        writeFileSync(file, variables.replace("  backend: local", state));
        const outdir = join(folder, "out");
        // setsid: a session of its own has no terminal.
        const { status, stdout, stderr } = spawnSync(
          "setsid",
          [
            ...["--wait", "node", join(project, "node_modules/.bin/cdktf"), command],
            ...["--output", outdir, "--app", `node ${bundled("main")}`],
          ],
          {
            cwd: project,
            encoding: "utf8",
            timeout: 60_000,
            env: {
              PATH: process.env["PATH"],
              HOME: folder,
              CLUSTER_CONFIG: file,
              CI: "1",
              CHECKPOINT_DISABLE: "1",
              ...environment,
            },
          },
        );
        return { status, written: existsSync(join(outdir, "manifest.json")), output: stdout + stderr };
      };

      test(`${fault(150)}: stops at one that Terraform would send`, () => {
        const state = "  backend: cloud\n  organization: acme";
        const { output, ...outcome } = byCdktf(state, { TF_VAR_kubernetes_token: "s3cret" });
        expect(outcome).toEqual({ status: 1, written: false });
        expect(output).toContain(
          "environment: error: TF_VAR_kubernetes_token: given a value (not shown); expected this variable unset: Terraform sends it to app.terraform.io in clear text",
        );
        expect(output).not.toContain("s3cret");
      }, 60_000);

      test(`${fault(182)}: a deploy stops where the state was not moved to the declared place`, async () => {
        const file = join(folder, ".state/search/nodes.tfstate");
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, JSON.stringify({ version: 4, resources: [{ mode: "managed" }] }));
        const variables = { TF_VAR_kubernetes_host: "https://a", TF_VAR_kubernetes_token: "b" };
        const given = { ...variables, TF_VAR_kubernetes_ca_certificate: "c", TF_INPUT: "0" };
        const { output, ...outcome } = byCdktf("  backend: pg", given, "deploy");
        expect(outcome).toEqual({ status: 1, written: false });
        expect(output).toContain(`${file}: error: given a local state of 1 resource, with state.backend: pg;`);
        expect((await synth(join(folder, "cluster.yaml"))).status).toBe(0);
      }, 60_000);

      test(`${fault(153)}: stops at one that Terraform would ask for, where nobody can answer`, () => {
        const given = { TF_VAR_kubernetes_host: "https://a", TF_VAR_kubernetes_token: "b" };
        const { output, ...outcome } = byCdktf("  backend: local", given);
        expect(outcome).toEqual({ status: 1, written: false });
        expect(output.match(/environment: error: \w+: given nothing; expected a value/g)?.at(-1)).toBe(
          "environment: error: TF_VAR_kubernetes_ca_certificate: given nothing; expected a value",
        );
        expect(output).not.toContain("TF_VAR_kubernetes_token: given nothing");
      }, 60_000);
    });

    test("prints a user's mistakes without a stack trace, exits 1, and writes nothing", async () => {
      const file = join(folder, "cluster.yaml");
      writeFileSync(file, "name: Search\nnodes: []\n");
      const { status, stderr, written } = await synth(file);
      expect({ status, written }).toEqual({ status: 1, written: [] });
      expect(stderr).toContain(`${file}:1:7: error: name: given "Search"`);
      expect(stderr).toContain(`${file}:2:1: error: nodes: given an empty list`);
      expect(stderr).not.toMatch(/^\s+at /m);
    });
  });
});
