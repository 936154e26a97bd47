import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseMirror, parseSourcesList, parseSourcesStanzas, readDebianRelease } from "../../lab/build/debian-release";

test("sources.list: options and comments are no part of a source, deb-src is none", () => {
  const text = [
    "# deb http://old.example/debian bookworm main",
    "deb [arch=amd64 signed-by=/usr/share/keyrings/a.gpg] http://mirror.example/debian bookworm main contrib # ours",
    "deb-src http://mirror.example/debian bookworm main",
    "",
  ].join("\n");
  expect(parseSourcesList(text)).toStrictEqual([
    { uri: "http://mirror.example/debian", suite: "bookworm", components: ["main", "contrib"] },
  ]);
});

test("deb822: each suite of each stanza is a source; disabled stanzas and sources of source code are none", () => {
  const text = [
    "Types: deb deb-src",
    "# a comment",
    "URIs: http://mirror.example/debian",
    "Suites: bookworm",
    " bookworm-updates",
    "Components: main",
    "",
    "Types: deb",
    "URIs: http://off.example/debian",
    "Suites: bookworm",
    "Components: main",
    "Enabled: no",
    "",
    "Types: deb-src",
    "URIs: http://source.example/debian",
    "Suites: bookworm",
    "Components: main",
  ].join("\n");
  expect(parseSourcesStanzas(text)).toStrictEqual([
    { uri: "http://mirror.example/debian", suite: "bookworm", components: ["main"] },
    { uri: "http://mirror.example/debian", suite: "bookworm-updates", components: ["main"] },
  ]);
});

test("the mirror is the one of the release itself", () => {
  const sources = [
    { uri: "cdrom:[Debian]/", suite: "bookworm", components: ["main"] },
    { uri: "http://security.example", suite: "bookworm-security", components: ["main"] },
    { uri: "http://vendor.example", suite: "bookworm", components: ["stable"] },
    { uri: "https://mirror.example/debian", suite: "bookworm", components: ["contrib", "main"] },
  ];
  expect(chooseMirror(sources, "bookworm")).toBe("https://mirror.example/debian");
  expect(chooseMirror(sources, "trixie")).toBeUndefined();
});

describe("readDebianRelease", () => {
  let etc: string;
  beforeEach(() => {
    etc = mkdtempSync(join(tmpdir(), "etc-"));
    mkdirSync(join(etc, "apt", "sources.list.d"), { recursive: true });
  });
  afterEach(() => rmSync(etc, { recursive: true }));

  test("reads both forms of sources", () => {
    writeFileSync(join(etc, "os-release"), 'NAME="Debian"\nVERSION_CODENAME=trixie\n');
    writeFileSync(join(etc, "apt", "sources.list"), "deb http://a.example trixie-updates main\n");
    writeFileSync(
      join(etc, "apt", "sources.list.d", "debian.sources"),
      "Types: deb\nURIs: http://b.example\nSuites: trixie\nComponents: main\n",
    );
    expect(readDebianRelease(etc)).toStrictEqual({ codename: "trixie", mirror: "http://b.example" });
  });

  test("a release without a code name is refused", () => {
    writeFileSync(join(etc, "os-release"), "NAME=Other\n");
    expect(() => readDebianRelease(etc)).toThrow("no VERSION_CODENAME");
  });
});
