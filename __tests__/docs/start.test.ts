import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check } from "../../cli/check";
import { runProgram } from "../cli/run-program";
import { controlPlane, deployed, node } from "../day-two/init/clusters";
import { answersOf, paths } from "../day-two/verify/healthy-cluster";
import { fault } from "../faults";
import { bundled } from "../programs";
import { ApiServer, writeKubeconfig } from "../remote/kubernetes/api-server";
import { ecdsaKey, ed25519Key } from "../remote/ssh/keys";
import { SshHost } from "../remote/ssh/ssh-host";
import { describeWithUpstream, upstreamManifestFile } from "../stacks/metallb/upstream-manifest";
import { project } from "./markdown";

const read = (path: string): string => readFileSync(join(project, path), "utf8");

/** The commands of a document's blocks of shell, one a line. */
const commandsOf = (path: string): string[] =>
  [...read(path).matchAll(/^```sh\n([^]*?)^```/gm)].flatMap(([, block = ""]) => block.trim().split("\n"));

const commands = commandsOf("docs/start.md");

test("docs/start.md has six commands or fewer, which are README's, in their order", () => {
  expect(commands.length).toBeLessThanOrEqual(6);
  expect(read("README.md")).toContain(`\n\`\`\`sh\n${commands.join("\n")}\n\`\`\`\n`);
});

/** Where the lab, which has a cluster, runs what cannot be run here. */
const inTheLab = {
  "npx cdktf deploy '*'": /"deploy"/,
  "npx baremetal-lb diff": /\bdiff\b/,
  "npx baremetal-lb verify --service": /verify\("--service"\)/,
};

test.each(Object.entries(inTheLab))("the lab runs %s", (command, words) => {
  const folder = join(project, "__tests__/lab");
  const tests = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  expect(commands).toContain(command);
  expect(tests.some((name) => words.test(readFileSync(join(folder, name), "utf8")))).toBe(true);
});

describeWithUpstream("docs/start.md, in an empty home", ["0.15.2"], () => {
  const folder = mkdtempSync(join(tmpdir(), "start-"));
  const userKey = ed25519Key();
  const hosts: SshHost[] = [];
  let server: ApiServer;
  beforeAll(async () => {
    const first = await SshHost.start({ userKey, hostKeys: [ecdsaKey()] });
    const { port } = first;
    hosts.push(first, await SshHost.start({ userKey, hostKeys: [ecdsaKey()], address: "127.0.0.2", port }));
    const { objects } = deployed({
      version: "0.15.2",
      pools: [{ name: "default", addresses: ["192.168.1.240-192.168.1.250"] }],
    });
    const items = [node("node1", ["127.0.0.1"], { labels: controlPlane }), node("node2", ["127.0.0.2"])];
    server = await ApiServer.start(answersOf({ ...objects, [paths.nodes]: { items } }));
    for (const name of [".ssh", ".kube"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, ".ssh/id_ed25519"), userKey.private, { mode: 0o600 });
    writeKubeconfig(join(folder, ".kube/config"), `http://127.0.0.1:${server.port}`);
  });
  afterAll(async () => {
    await server.stop();
    await Promise.all(hosts.map((host) => host.stop()));
    rmSync(folder, { recursive: true });
  });

  /** A command of the page; the words in place of an answer, of port 22 and of GitHub are added. */
  async function run(command: string, ...added: string[]) {
    expect(commands).toContain(command);
    return runProgram(folder, [...command.split(" ").slice(2), ...added]);
  }

  test(`${fault(245)}: each command works on what the one before left, up to the stacks that are deployed`, async () => {
    const port = String(hosts[0]?.port);
    const trusted = await run("npx baremetal-lb init --trust", "--yes", "--context", "admin", "--ssh-port", port);
    expect(trusted.stdout).toMatch(/\nNext: npx baremetal-lb manifest\n$/);
    expect(trusted.status).toBe(0);

    const fetched = await run("npx baremetal-lb manifest", "--from", upstreamManifestFile("0.15.2"));
    expect(fetched).toEqual({
      status: 0,
      stderr: "",
      stdout: `${folder}/metallb-v0.15.2-native.yaml is upstream's manifest of MetalLB 0.15.2\n`,
    });

    expect(check({ config: join(folder, "cluster.yaml") }, {}, folder)).toMatchObject({ exitCode: 0 });
    const synthesised = spawnSync("node", [bundled("main")], {
      cwd: project,
      encoding: "utf8",
      env: {
        PATH: process.env["PATH"],
        HOME: folder,
        CLUSTER_CONFIG: join(folder, "cluster.yaml"),
        CDKTF_OUTDIR: join(folder, "cdktf.out"),
      },
    });
    expect(synthesised.status).toBe(0);
    expect(readdirSync(join(folder, "cdktf.out/stacks")).sort()).toEqual([
      "address-pools",
      "kube-proxy",
      "metallb",
      "metallb-crds",
      "nodes",
    ]);
    expect(existsSync(join(folder, ".gitignore"))).toBe(true);
    expect(server.changes).toEqual([]);
  }, 120_000);
});
