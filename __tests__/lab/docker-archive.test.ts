import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assembleRoot, writeDockerArchive } from "../../lab/build/docker-archive";

describe("writeDockerArchive", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "docker-archive-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const archiveOf = async (file: string, fileTime = 0) => {
    const program = join(folder, "program");
    writeFileSync(program, "a program", { mode: 0o755 });
    utimesSync(program, fileTime, fileTime);
    const images = ["one", "two"].map((name) => ({
      reference: `docker.io/lab/${name}:1`,
      root: assembleRoot(mkdtempSync(join(folder, "root-")), { [`bin/${name}`]: program }),
      entrypoint: [`/bin/${name}`],
    }));
    await writeDockerArchive(file, images);
  };
  const unpack = (file: string) => {
    const target = mkdtempSync(join(folder, "unpacked-"));
    execFileSync("tar", ["-xf", file, "-C", target]);
    return target;
  };

  test("tar reads back a manifest that names each image's configuration and layer", async () => {
    await archiveOf(join(folder, "images.tar"));
    const unpacked = unpack(join(folder, "images.tar"));
    const manifest = JSON.parse(readFileSync(join(unpacked, "manifest.json"), "utf8")) as {
      Config: string;
      RepoTags: string[];
      Layers: string[];
    }[];
    expect(manifest.map(({ RepoTags }) => RepoTags)).toStrictEqual([["docker.io/lab/one:1"], ["docker.io/lab/two:1"]]);
    expect(readdirSync(unpacked).sort()).toStrictEqual(
      [...manifest.flatMap(({ Config, Layers }) => [Config, ...Layers]), "manifest.json"].sort(),
    );
    for (const [index, { Config, Layers }] of manifest.entries()) {
      const name = ["one", "two"][index] ?? "";
      const [layer = ""] = Layers;
      const digest = createHash("sha256")
        .update(readFileSync(join(unpacked, layer)))
        .digest("hex");
      expect(JSON.parse(readFileSync(join(unpacked, Config), "utf8"))).toStrictEqual({
        architecture: "amd64",
        os: "linux",
        config: {
          Entrypoint: [`/bin/${name}`],
          Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
        },
        rootfs: { type: "layers", diff_ids: [`sha256:${digest}`] },
      });
      const root = unpack(join(unpacked, layer));
      expect(readFileSync(join(root, "bin", name), "utf8")).toBe("a program");
      const listing = execFileSync("tar", ["--numeric-owner", "-tvf", join(unpacked, layer), `./bin/${name}`]);
      expect(listing.toString()).toMatch(/^-rwxr-xr-x 0\/0 /);
    }
  });

  test("the same content makes the same archive, whenever it was made, and nothing else is left", async () => {
    mkdirSync(join(folder, "a"));
    mkdirSync(join(folder, "b"));
    await archiveOf(join(folder, "a", "images.tar"), 1000);
    await archiveOf(join(folder, "b", "images.tar"), 2000);
    const digests = ["a", "b"].map((name) =>
      createHash("sha256")
        .update(readFileSync(join(folder, name, "images.tar")))
        .digest("hex"),
    );
    expect(digests[0]).toBe(digests[1]);
    expect(readdirSync(join(folder, "a"))).toStrictEqual(["images.tar"]);
  });
});
