import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../stacks/metallb/release/manifest";
import { edited } from "../cluster/sample";
import { fault } from "../faults";
import { upstreamManifestFile } from "../stacks/metallb/upstream-manifest";
import { runProgram } from "./run-program";

describe("manifest", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Writes a cluster.yaml with a version of MetalLB, and runs the command. */
  const manifest = (metallb: string, from: string) => {
    const text = edited(
      ['version: "1.18"', 'version: "1.30"'],
      ["context: admin", "credentials: variables"],
      ["version: 0.9.5", metallb],
    );
    writeFileSync(join(folder, "cluster.yaml"), text);
    return runProgram(folder, ["manifest", "--from", from]);
  };
  const file = (version: string) => join(folder, `metallb-v${version}-native.yaml`);

  test("puts that of a known version beside cluster.yaml", async () => {
    expect(await manifest("version: 0.15.2", upstreamManifestFile("0.15.2"))).toEqual({
      status: 0,
      stdout: `${file("0.15.2")} is upstream's manifest of MetalLB 0.15.2\n`,
      stderr: "",
    });
    expect(readFileSync(file("0.15.2"))).toEqual(readFileSync(upstreamManifestFile("0.15.2")));
  }, 180_000);

  test(`${fault(49)}: tells the hash of another one's, and writes it when cluster.yaml has that`, async () => {
    const text = readFileSync(upstreamManifestFile("0.15.2"), "utf8").replaceAll("v0.15.2", "v0.15.100");
    writeFileSync(join(folder, "source.yaml"), text);
    const hash = sha256(text);
    const { status, stdout, stderr } = await manifest("version: 0.15.100", "source.yaml");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(new RegExp(`^source\\.yaml has SHA-256 ${hash}\\. .* as manifestSHA256: ${hash}, `));
    expect(existsSync(file("0.15.100"))).toBe(false);

    expect(await manifest(`version: 0.15.100\n  manifestSHA256: ${hash}`, "source.yaml")).toEqual({
      status: 0,
      stdout: `${file("0.15.100")} is the manifest of MetalLB 0.15.100 that metallb.manifestSHA256 names\n`,
      stderr: "",
    });
    expect(readFileSync(file("0.15.100"), "utf8")).toBe(text);
    expect(await runProgram(folder, ["check"])).toMatchObject({ status: 0, stderr: "" });
  }, 180_000);

  test(`${fault(14)}: says what else is wrong with the file, and nothing of the hash`, async () => {
    const { status, stderr } = await manifest("version: 0.14.3\n  bgpType: bird", "source.yaml");
    expect(status).toBe(1);
    expect(stderr).toBe(
      'cluster.yaml:20:12: error: metallb.bgpType: given "bird"; expected one of native, frr, frr-k8s; write native, frr or frr-k8s, which is the chart\'s default from 0.16 on\n',
    );
  });
});
