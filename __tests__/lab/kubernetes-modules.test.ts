import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toolsFile } from "../../lab/build/go-modules";
import { checkKubernetesModules, kubernetesModule } from "../../lab/build/kubernetes-modules";
import { linkerFlags } from "../../lab/build/kubernetes-programs";
import { LabError } from "../../lab/lab-error";
import { openLab, type LabOptions } from "../../lab/lab-settings";

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
  expect(linkerFlags("1.20.2", ["a/version", "b/version"])).toBe(
    "-s -w -X a/version.gitVersion=v1.20.2 -X a/version.gitMajor=1 -X a/version.gitMinor=20 -X b/version.gitVersion=v1.20.2 -X b/version.gitMajor=1 -X b/version.gitMinor=20",
  );
});

describe("modules that are published", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "modules-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Checks with a `go` that has these modules and no others, where k8s.io/kubernetes needs api and kubelet. */
  const check = (options: LabOptions, ...published: readonly string[]) => {
    const required = ["k8s.io/api v0.0.0", "k8s.io/klog/v2 v2.130.1", "k8s.io/kubelet v0.0.0"];
    const goMod = join(folder, "kubernetes.mod");
    writeFileSync(goMod, `require (\n${required.map((line) => `\t${line}\n`).join("")})\n`);
    const known = published.map((name) => `"${name}") ;;`);
    const go = [
      "#!/bin/sh",
      'for word in "$@"; do',
      `  case "$word" in ${known.join(" ")} *@*) echo "go: $word: not found"; exit 1 ;; esac`,
      "done",
      `[ "$1" != list ] || echo '{ "GoMod": "${goMod}" }'`,
    ];
    writeFileSync(join(folder, "go"), `${go.join("\n")}\n`, { mode: 0o755 });
    const environment = { PATH: `${folder}:${process.env.PATH}` };
    return checkKubernetesModules(openLab(options, { LAB_DIR: folder }), "go1.26", environment);
  };

  test("a version with all of its staging modules can be built", async () => {
    await check({ kubernetes: "1.36.4" }, "k8s.io/kubernetes@v1.36.4", "k8s.io/api@v0.36.4", "k8s.io/kubelet@v0.36.4");
  });

  test("one without is refused before anything is built, with the module that is missing", async () => {
    const refused = (missing: string) =>
      `Kubernetes 1.36.3 cannot be built: its Go modules are not all to be had.\n    go: ${missing}: not found\nChoose another version, such as 1.35.4, or give its programs with --binaries DIR.`;
    const [kubernetes, api, otherKubelet] = ["kubernetes@v1.36.3", "api@v0.36.3", "kubelet@v0.36.4"];
    await expect(
      check({ kubernetes: "1.36.3" }, `k8s.io/${kubernetes}`, `k8s.io/${api}`, `k8s.io/${otherKubelet}`),
    ).rejects.toThrow(new LabError(refused("k8s.io/kubelet@v0.36.3")));
    await expect(check({ kubernetes: "1.36.3" })).rejects.toThrow(new LabError(refused(`k8s.io/${kubernetes}`)));
  });

  test("programs that are given need no modules, nor does a version that is built from Debian's source", async () => {
    await check({ kubernetes: "1.36.3", binaries: folder });
    await check({ kubernetes: "1.20.2" });
  });
});
