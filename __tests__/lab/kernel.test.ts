import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kernelConfiguration, kernelSourceAvailability, lostOptions } from "../../lab/build/kernel";

describe("the configuration of a kernel that is built", () => {
  const written = (...debian: readonly string[]) => kernelConfiguration(debian.join("\n")).split("\n");

  test("keeps what Debian's has built in, and of its modules those of the network and of containers", () => {
    const debian = ["CONFIG_EXT4_FS=y", "CONFIG_IP_VS_RR=m", "CONFIG_OVERLAY_FS=m", "CONFIG_HZ=100", "CONFIG_ATM=m"];
    const lines = written("#", "# Linux/um 6.1", ...debian, "# CONFIG_SMP is not set");
    expect(lines.slice(0, 4)).toStrictEqual(debian.slice(0, 4));
    expect(lines).not.toContain("CONFIG_ATM=m");
  });

  test("names each option once, ours where both have it", () => {
    const lines = written("CONFIG_NF_TABLES_IPV4=m", "CONFIG_BTRFS_FS=y", "CONFIG_DEBUG_INFO_DWARF5=y");
    const names = lines.flatMap((line) => /CONFIG_\w+/.exec(line)?.[0] ?? []);
    expect(names).toStrictEqual([...new Set(names)]);
    expect(lines).toContain("CONFIG_NF_TABLES_IPV4=y");
    expect(lines).toContain("# CONFIG_BTRFS_FS is not set");
    expect(names).not.toContain("CONFIG_DEBUG_INFO_DWARF5");
  });

  test("has lost what the kernel's own rules took out", () => {
    const whole = written();
    expect(lostOptions(whole.join("\n"))).toStrictEqual([]);
    const without = whole.filter((line) => line !== "CONFIG_NFT_FIB_INET=m");
    expect(lostOptions([...without, "# CONFIG_NFT_FIB_INET is not set"].join("\n"))).toStrictEqual(["NFT_FIB_INET"]);
  });
});

describe("whether a kernel's sources can be had", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kernel-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Asks with an apt-cache that prints this. */
  const ask = (line: string) => {
    for (const [name, command] of [
      ["apt-get", "exit 0"],
      ["apt-cache", `echo '${line}'`],
    ] as const) {
      writeFileSync(join(folder, name), `#!/bin/sh\n${command}\n`);
      chmodSync(join(folder, name), 0o755);
    }
    const release = { codename: "bookworm", mirror: "http://mirror.example/debian" };
    return kernelSourceAvailability("7.2", { release, environment: { PATH: `${folder}:${process.env.PATH}` } });
  };

  test("yes, where the suite has the package", () => {
    expect(ask(" linux-source-7.2 | 7.2.12-1~bpo13+1 | http://mirror.example/debian")).toStrictEqual({
      available: true,
    });
  });

  test("no, where it has none any more", () => {
    expect(ask("")).toStrictEqual({ available: false, reason: "Debian trixie-backports has no linux-source-7.2" });
  });
});
