import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentDigest, provide, type Artefact } from "../../lab/artefact";
import { openLab, type Lab } from "../../lab/lab-settings";
import { silent } from "../../lab/progress";

describe("artefacts", () => {
  let folder: string;
  let lab: Lab;
  let made: number;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "artefact-"));
    lab = openLab({}, { LAB_DIR: folder });
    made = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const artefact = (inputs: readonly unknown[], overrides: Partial<Artefact> = {}): Artefact => ({
    name: "disk",
    inputs,
    title: "the disk",
    make: async (target) => {
      made += 1;
      writeFileSync(join(target, "content"), JSON.stringify(inputs));
    },
    ...overrides,
  });

  test("what is there is not made again", async () => {
    const first = await provide(lab, artefact(["a", 1]), silent);
    expect(await provide(lab, artefact(["a", 1]), silent)).toBe(first);
    expect(made).toBe(1);
    expect(readFileSync(join(first, "content"), "utf8")).toBe('["a",1]');
  });

  test("another input makes it anew, and the old one goes", async () => {
    const first = await provide(lab, artefact(["a"]), silent);
    const second = await provide(lab, artefact(["b"]), silent);
    expect(second).not.toBe(first);
    expect(readdirSync(lab.cache).map((name) => join(lab.cache, name))).toStrictEqual([second]);
  });

  test("an artefact whose name starts alike stays", async () => {
    const other = await provide(lab, artefact(["a"], { name: "disk-images" }), silent);
    await provide(lab, artefact(["a"]), silent);
    await provide(lab, artefact(["b"]), silent);
    expect(existsSync(other)).toBe(true);
  });

  test("the same of two versions, each with its version in the name, stay side by side", async () => {
    const [first, second] = [artefact(["a"], { name: "metallb-0.9.6" }), artefact(["a"], { name: "metallb-0.15.2" })];
    for (const one of [first, second, first, second]) await provide(lab, one, silent);
    expect(made).toBe(2);
  });

  test("what a running cluster was started from stays", async () => {
    const first = await provide(lab, artefact(["a"]), silent);
    mkdirSync(lab.run);
    const images = await provide(lab, artefact(["a"], { name: "images" }), silent);
    const ready = {
      nodeCount: 2,
      baseImage: join(first, "base.img"),
      metallbImages: ["/other", join(images, "a.tar")],
    };
    writeFileSync(join(lab.run, "ready.json"), JSON.stringify(ready));
    await provide(lab, artefact(["b"]), silent);
    await provide(lab, artefact(["b"], { name: "images" }), silent);
    expect([first, images].filter((path) => !existsSync(path))).toStrictEqual([]);
  });

  test("one that fails is not taken for done, and what it left is cleared by the next", async () => {
    const failing = artefact(["a"], {
      make: async (target) => {
        writeFileSync(join(target, "half"), "");
        throw new Error("no space");
      },
    });
    await expect(provide(lab, failing, silent)).rejects.toThrow("no space");
    const whole = await provide(lab, artefact(["a"]), silent);
    expect(readdirSync(whole)).toStrictEqual(["content"]);
    expect(readdirSync(lab.cache)).toHaveLength(1);
  });
});

describe("contentDigest", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "digest-"));
    mkdirSync(join(folder, "a"));
    writeFileSync(join(folder, "a", "b"), "text");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("changes with content, name and executability, and with nothing else", () => {
    const before = contentDigest(folder);
    writeFileSync(join(folder, "a", "b"), "text");
    expect(contentDigest(folder)).toBe(before);
    writeFileSync(join(folder, "a", "b"), "texts");
    expect(contentDigest(folder)).not.toBe(before);
    writeFileSync(join(folder, "a", "b"), "text");
    chmodSync(join(folder, "a", "b"), 0o755);
    expect(contentDigest(folder)).not.toBe(before);
    rmSync(join(folder, "a", "b"));
    writeFileSync(join(folder, "a", "c"), "text");
    expect(contentDigest(folder)).not.toBe(before);
  });
});
