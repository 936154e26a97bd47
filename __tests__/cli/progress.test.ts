import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { stringify } from "yaml";
import { program } from "../../cli/main";
import { clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { bundled } from "../programs";
import { writeKubeconfig } from "../remote/kubernetes/api-server";
import { ecdsaKey } from "../remote/ssh/keys";

/** Those that ask nobody. */
const atOnce = ["new", "check", "completion"];

/** Each other command with what it says where something does not answer. */
const commands: Readonly<Record<string, readonly [words: readonly string[], says: string]>> = {
  init: [["--kubeconfig", "kubeconfig", "--context", "admin", "--output", "new.yaml"], "asking the Kubernetes API …"],
  trust: [[], "asking every node …"],
  manifest: [["--config", "new-metallb.yaml", "--from", "URL"], "fetching upstream's manifest …"],
  diff: [[], "planning every stack …"],
  apply: [["--approved", "a"], "planning every stack …"],
  drift: [[], "planning every stack, looking at every node …"],
  heal: [[], "planning every stack, looking at every node …"],
  verify: [[], "looking at every node and the cluster …"],
  status: [[], "asking the Kubernetes API …"],
  explain: [["default/web"], "following default/web …"],
  report: [[], "gathering the report …"],
  adopt: [[], "looking at what is there, planning to adopt it …"],
  upgrade: [[], "planning every stack …"],
  "state move": [["--config", "elsewhere.yaml"], "reading the states at both places …"],
  rbac: [[], "synthesising the stacks …"],
  "cloud setup": [["--config", "cloud.yaml"], "asking Terraform for its version …"],
};

const leaves = (command: Command): string[] =>
  command.commands.flatMap((one) => {
    const below = leaves(one);
    return below.length === 0 ? [one.name()] : below.map((name) => `${one.name()} ${name}`);
  });

describe(`${fault(234)}: a command that takes longer than two seconds`, () => {
  let folder: string;
  let silent: Server;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
    silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    url = `http://127.0.0.1:${port}`;
    writeKubeconfig(join(folder, "kubeconfig"), url);
    writeFileSync(join(folder, "key"), ecdsaKey().private, { mode: 0o600 });
    writeFileSync(join(folder, "terraform"), "#!/bin/sh\nexec sleep 30\n", { mode: 0o755 });
    writeFileSync(join(folder, "cdktf.json"), '{ "app": "exec sleep 30" }');
    const input = {
      ...clusterInput,
      kubernetes: { ...clusterInput.kubernetes, kubeconfig: join(folder, "kubeconfig"), context: "admin" },
      ssh: { user: "ops", privateKeyFile: join(folder, "key"), port },
      nodes: [{ name: "node1", address: "127.0.0.1", role: "control-plane", hostKey: ecdsaKey().public }],
    };
    const files = {
      cluster: input,
      "new-metallb": { ...input, metallb: { ...clusterInput.metallb, version: "0.16.2" } },
      elsewhere: { ...input, state: { backend: "pg" } },
      cloud: { ...input, state: { backend: "cloud", organization: "acme", execution: "local" } },
    };
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(folder, `${name}.yaml`), stringify(content));
  });
  afterAll(() => {
    silent.close();
    rmSync(folder, { recursive: true });
  });

  test("is each that asks something", () => {
    expect(Object.keys(commands)).toEqual(leaves(program()).filter((name) => !atOnce.includes(name)));
  });

  /** The first line of the error stream. */
  const firstLine = async (name: string) => {
    const [words] = commands[name] ?? [[]];
    const args = words.map((word) => (word === "URL" ? url : word));
    const env = { PATH: process.env.PATH, HOME: folder, TERRAFORM_BINARY_NAME: join(folder, "terraform") };
    const child = spawn(process.execPath, [bundled("cli"), ...name.split(" "), ...args], { cwd: folder, env });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.includes("\n")) child.kill();
    });
    await once(child, "close");
    return said.split("\n")[0];
  };

  // A few at a time: each starts a program.
  const groups = Object.keys(commands).reduce<string[][]>(
    (all, name, index) => (index % 5 === 0 ? [...all, [name]] : [...all.slice(0, -1), [...(all.at(-1) ?? []), name]]),
    [],
  );
  test.each(groups.map((names) => [names.join(", "), names] as const))(
    "%s",
    async (_, names) => {
      const found = await Promise.all(names.map(async (name) => [name, await firstLine(name)]));
      expect(found).toEqual(names.map((name) => [name, commands[name]?.[1]]));
    },
    60_000,
  );
});
