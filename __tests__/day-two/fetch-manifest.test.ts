import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { releaseOf } from "../../stacks/metallb/release/releases";
import { fetchManifest, upstreamUrl } from "../../day-two/fetch-manifest";
import { sha256 } from "../../stacks/metallb/release/manifest";
import { UserError } from "../../values/user-error";
import { fault } from "../faults";
import { upstreamManifestFile } from "../stacks/metallb/upstream-manifest";

const metallb = { version: "0.15.2", bgpType: "native" } as const;
const hash = releaseOf("0.15.2").manifests?.native;
/** Of "changed", by sha256sum. */
const otherHash = "d67e2e944994496c8d8ec76eed0cf9f09679448d584b532bebf941852a37f5ed";

describe("fetchManifest", () => {
  let folder: string;
  let server: Server;
  let base: string;
  let content: Buffer | undefined;
  const target = () => join(folder, "manifests", "metallb.yaml");

  beforeAll(async () => {
    server = createServer((_, response) =>
      content === undefined ? response.writeHead(404).end() : response.end(content),
    ).listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metallb.yaml`;
  });
  afterAll(() => server.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fetch-manifest-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("takes it from upstream's repository at the tag", () => {
    expect(upstreamUrl({ version: "0.16.2", bgpType: "frr" })).toBe(
      "https://raw.githubusercontent.com/metallb/metallb/v0.16.2/config/manifests/metallb-frr.yaml",
    );
  });

  test("writes what has the pinned hash, and makes the folder", async () => {
    content = readFileSync(upstreamManifestFile("0.15.2"));
    expect(await fetchManifest(metallb, target(), base)).toBe(target());
    expect(readFileSync(target())).toEqual(content);
    expect(readdirSync(join(folder, "manifests"))).toEqual(["metallb.yaml"]);
  }, 180_000);

  test("takes a file of this machine", async () => {
    await fetchManifest(metallb, target(), upstreamManifestFile("0.15.2"));
    expect(existsSync(target())).toBe(true);
  }, 180_000);

  test("refuses another content, and leaves what was there", async () => {
    const source = join(folder, "source.yaml");
    writeFileSync(source, "changed");
    await expect(fetchManifest(metallb, target(), source)).rejects.toThrow(
      `${source} has SHA-256 ${otherHash}; upstream's config/manifests/metallb-native.yaml of MetalLB v0.15.2 has ${hash}. Nothing was written`,
    );
    expect(existsSync(target())).toBe(false);
  });

  describe("of a version that is not in the table of releases", () => {
    const version = "0.15.100";
    const path = "config/manifests/metallb-native.yaml";
    const source = () => join(folder, "source.yaml");
    /** Upstream's manifest of 0.15.2 as that of another version. */
    const write = () => {
      const text = readFileSync(upstreamManifestFile("0.15.2"), "utf8").replaceAll("v0.15.2", `v${version}`);
      writeFileSync(source(), text);
      return sha256(text);
    };
    const fetched = (manifestSHA256?: string) =>
      fetchManifest({ version, bgpType: "native", manifestSHA256 }, target(), source());

    test("writes what has the hash of cluster.yaml", async () => {
      expect(await fetched(write())).toBe(target());
      expect(readFileSync(target())).toEqual(readFileSync(source()));
    }, 180_000);

    test(`${fault(49)}: tells the hash that cluster.yaml lacks, how to compare it and where to write it, and writes nothing`, async () => {
      const hash = write();
      await expect(fetched()).rejects.toThrow(
        new UserError(
          `${source()} has SHA-256 ${hash}. MetalLB 0.15.100 is none of the versions that the stacks know, so that they cannot say whether it is upstream's: compare it with the one of another network or of a clone (git show v0.15.100:${path} | sha256sum), write it into cluster.yaml, below metallb, as manifestSHA256: ${hash}, and run this again. Nothing was written`,
        ),
      );
      expect(existsSync(target())).toBe(false);
    });

    test(`${fault(49)}: refuses another content`, async () => {
      const hash = write();
      await expect(fetched(otherHash)).rejects.toThrow(
        new UserError(`${source()} has SHA-256 ${hash}; metallb.manifestSHA256 says ${otherHash}. Nothing was written`),
      );
      expect(existsSync(target())).toBe(false);
    });

    test.each([
      ["with its hash", otherHash],
      ["without", undefined],
    ])(`${fault(49)}: refuses what is no manifest of it, %s`, async (_hash, pinned) => {
      writeFileSync(source(), "changed");
      await expect(fetched(pinned)).rejects.toThrow(
        new UserError(
          `${source()}, which is no list of Kubernetes' objects in YAML, is not upstream's ${path} of MetalLB v0.15.100. Nothing was written`,
        ),
      );
      expect(existsSync(target())).toBe(false);
    });
  });

  test("names what cannot be had, and the way without a network", async () => {
    content = undefined;
    await expect(fetchManifest(metallb, target(), base)).rejects.toThrow(
      `${base} cannot be had (HTTP 404). Fetch it on another machine, and give it with --from FILE`,
    );
  });

  test("MetalLB 0.9 needs none", async () => {
    expect(await fetchManifest({ version: "0.9.6", bgpType: "native" }, target(), base)).toBeUndefined();
    expect(existsSync(target())).toBe(false);
  });
});
