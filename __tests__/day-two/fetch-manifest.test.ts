import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { releaseOf } from "../../stacks/metallb/release/releases";
import { fetchManifest, upstreamUrl } from "../../day-two/fetch-manifest";
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
