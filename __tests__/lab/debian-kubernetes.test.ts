import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { debianSourceAvailability, isOfUpstreamVersion, openapiPackages } from "../../lab/build/debian-kubernetes";
import { aptOfSuite } from "../../lab/build/debian-suite";
import { LabError } from "../../lab/lab-error";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "debian-kubernetes-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const release = { codename: "trixie", mirror: "http://mirror.example/debian" };

test("Debian's version names upstream's, with and without an epoch, a revision, or what it really is", () => {
  expect(
    ["1.20.5+really1.20.2-1.1+deb12u1", "1.20.2-1", "1.20.2", "1:1.20.2-1", "1.20.5-1", "1.20.20-1", "11.20.2-1"].map(
      (version) => isOfUpstreamVersion(version, "1.20.2"),
    ),
  ).toStrictEqual([true, true, true, true, false, false, false]);
  expect(isOfUpstreamVersion("1.20.5+really1.20.2-1.1", "1.20.5")).toBe(false);
});

test("openapi-gen reads each package once, and those that upstream reads", () => {
  expect(
    openapiPackages([
      "vendor/k8s.io/api/core/v1/doc.go",
      "pkg/apis/abac/v0/types.go",
      "pkg/apis/abac/v0/doc.go",
      "vendor/k8s.io/code-generator/_examples/apiserver/apis/example/v1/doc.go",
      "vendor/k8s.io/sample-apiserver/pkg/apis/wardle/v1beta1/doc.go",
    ]),
  ).toStrictEqual(["k8s.io/kubernetes/pkg/apis/abac/v0", "k8s.io/kubernetes/vendor/k8s.io/api/core/v1"]);
});

describe("apt with a suite of its own", () => {
  test("has programs and sources from this machine's mirror, and keeps everything in the folder", () => {
    const { APT_CONFIG = "" } = aptOfSuite(folder, release, "bookworm");
    const lines = readFileSync(APT_CONFIG, "utf8").split("\n");
    expect(lines).toStrictEqual([
      `Dir::Etc::sourcelist "${folder}/sources.list";`,
      'Dir::Etc::sourceparts "-";',
      `Dir::State::lists "${folder}/lists";`,
      `Dir::Cache "${folder}/cache";`,
      'APT::Sandbox::User "root";',
      "",
    ]);
    const sources = readFileSync(join(folder, "sources.list"), "utf8").replace(/\[signed-by=\S+\] /g, "");
    expect(sources).toBe(
      "deb http://mirror.example/debian bookworm main\ndeb-src http://mirror.example/debian bookworm main\n",
    );
  });

  test("is refused where this machine's apt names no mirror", () => {
    expect(() => aptOfSuite(folder, { codename: "noble", mirror: undefined }, "bookworm")).toThrow(
      new LabError("apt's sources name no mirror of this machine's own release, and so none to have Debian from."),
    );
  });
});

describe("whether the source package can be had", () => {
  /** Asks with an apt whose update ends so, and which knows these versions. */
  const ask = (update: string, ...versions: readonly string[]) => {
    const program = (name: string, ...lines: readonly string[]) => {
      writeFileSync(join(folder, name), ["#!/bin/sh", ...lines, ""].join("\n"));
      chmodSync(join(folder, name), 0o755);
    };
    program("apt-get", update);
    program("apt-cache", ...versions.map((version) => `printf 'Package: kubernetes\\nVersion: ${version}\\n\\n'`));
    return debianSourceAvailability("1.20.2", { release, environment: { PATH: `${folder}:${process.env.PATH}` } });
  };

  test("yes, where one of its versions is it", () => {
    expect(ask("exit 0", "1.30.0-1", "1.20.5+really1.20.2-1.1")).toStrictEqual({ available: true });
  });

  test("no, where the mirror does not answer: with what apt said", () => {
    expect(ask("echo 'E: no such host' >&2; exit 100")).toStrictEqual({
      available: false,
      reason: "apt-get update failed\n    E: no such host",
    });
  });

  test("no, where there are others, or none", () => {
    expect(ask("exit 0", "1.30.0-1")).toStrictEqual({
      available: false,
      reason: "Debian bookworm has the source package kubernetes in these versions: 1.30.0-1",
    });
    expect(ask("exit 0")).toStrictEqual({
      available: false,
      reason: "Debian bookworm has the source package kubernetes in these versions: none",
    });
  });

  test("no, where there is no mirror to ask", () => {
    expect(debianSourceAvailability("1.20.2", { release: { codename: "noble", mirror: undefined } })).toStrictEqual({
      available: false,
      reason: "apt's sources name no mirror of this machine's own release, and so none to have Debian from.",
    });
  });
});
