import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  checkKubernetesModules,
  goEnvironment,
  kubernetesModule,
  kubernetesPrograms,
  linkerFlags,
  provideKubernetesBinaries,
  toolsFile,
} from "../../lab/build/kubernetes-binaries";
import { openLab, type LabOptions } from "../../lab/lab-settings";
import { silent } from "../../lab/progress";

test("the module replaces the staging modules, and those alone, by their published versions", () => {
  const upstream = [
    "module k8s.io/kubernetes",
    "",
    "go 1.25.0",
    "",
    "require (",
    "\tgithub.com/blang/semver/v4 v4.0.0",
    "\tk8s.io/api v0.0.0",
    "\tk8s.io/klog/v2 v2.130.1",
    "\tk8s.io/utils v0.0.0-20251002143259-bc988d571ff4",
    "\tk8s.io/kube-proxy v0.0.0",
    ")",
    "replace k8s.io/api => ./staging/src/k8s.io/api",
  ].join("\n");
  expect(kubernetesModule("1.35.4", upstream)).toBe(
    [
      "module lab/kubernetes",
      "",
      "go 1.25.0",
      "",
      "require k8s.io/kubernetes v1.35.4",
      "",
      "replace (",
      "\tk8s.io/api => k8s.io/api v0.35.4",
      "\tk8s.io/kube-proxy => k8s.io/kube-proxy v0.35.4",
      ")",
      "",
    ].join("\n"),
  );
});

test("the tools file imports every command behind a build tag", () => {
  expect(toolsFile(["a/b", "c"])).toBe('//go:build tools\n\npackage tools\n\nimport (\n\t_ "a/b"\n\t_ "c"\n)\n');
});

test("the programs are told their version", () => {
  expect(linkerFlags("1.35.4")).toBe(
    "-s -w -X k8s.io/component-base/version.gitVersion=v1.35.4 -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=35",
  );
});

describe("modules that are published", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "modules-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const publish = (name: string, version: string, requires: readonly string[] = []) => {
    const place = join(folder, "proxy", name, "@v");
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `${version}.info`), JSON.stringify({ Version: version }));
    const module = [`module ${name}`, "go 1.25.0", "require (", ...requires.map((line) => `\t${line}`), ")", ""];
    writeFileSync(join(place, `${version}.mod`), module.join("\n"));
  };
  const check = (options: LabOptions) =>
    checkKubernetesModules(openLab(options, { LAB_DIR: folder }), "go1.26", {
      ...goEnvironment,
      GOPROXY: `file://${join(folder, "proxy")}`,
      GOSUMDB: "off",
      GOMODCACHE: join(folder, "modules"),
      GOFLAGS: "-mod=mod -modcacherw",
    });

  test("a version with all of its staging modules can be built", async () => {
    publish("k8s.io/kubernetes", "v1.36.4", ["k8s.io/api v0.0.0", "k8s.io/klog/v2 v2.130.1"]);
    publish("k8s.io/api", "v0.36.4");
    await check({ kubernetes: "1.36.4" });
  });

  test("one without is refused before anything is built, with the module that is missing", async () => {
    publish("k8s.io/kubernetes", "v1.36.3", ["k8s.io/api v0.0.0", "k8s.io/kubelet v0.0.0"]);
    publish("k8s.io/api", "v0.36.3");
    publish("k8s.io/kubelet", "v0.36.4");
    const refused = check({ kubernetes: "1.36.3" });
    await expect(refused).rejects.toThrow("Kubernetes 1.36.3 cannot be built: its Go modules are not all to be had.\n");
    await expect(refused).rejects.toThrow("k8s.io/kubelet@v0.36.3");
    await expect(refused).rejects.toThrow(
      /\nChoose another version, such as 1\.35\.4, or give its programs with --binaries DIR\.$/,
    );
    await expect(check({ kubernetes: "1.40.0" })).rejects.toThrow("k8s.io/kubernetes@v1.40.0");
  });

  test("programs that are given need no modules", async () => {
    await check({ kubernetes: "1.36.3", binaries: folder });
  });
});

describe("--binaries", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "binaries-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const program = (name: string, text = "#!/bin/sh\nexit 1\n") => {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  };
  const provide = () => provideKubernetesBinaries(openLab({ binaries: folder }), "go1.26", silent);

  test("a folder without all programs is refused, each missing one named", async () => {
    kubernetesPrograms.filter((name) => name !== "kubectl" && name !== "kubelet").forEach((name) => program(name));
    await expect(provide()).rejects.toThrow(
      `--binaries ${folder}: not there, or not executable:\n    ${folder}/kubelet\n    ${folder}/kubectl\nName the folder`,
    );
  });

  test("another version is refused", async () => {
    kubernetesPrograms.forEach((name) => program(name));
    program("kubelet", "#!/bin/sh\necho Kubernetes v1.34.1\n");
    await expect(provide()).rejects.toThrow('kubelet says "Kubernetes v1.34.1", expected "Kubernetes v1.35.4"');
  });

  test("the right ones are used where they are", async () => {
    kubernetesPrograms.forEach((name) => program(name));
    program("kubelet", "#!/bin/sh\necho Kubernetes v1.35.4\n");
    expect((await provide()).folder).toBe(folder);
  });
});
