import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeReleaseFiles } from "../../lab/build/base-image";
import { requireKubernetesRelease } from "../../lab/kubernetes-release";
import { repository } from "../../lab/lab-settings";

describe("a node's files that differ between versions of Kubernetes", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "base-image-"));
    cpSync(join(repository, "lab/guest/files"), root, { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const written = (version: string) => {
    writeReleaseFiles(root, requireKubernetesRelease(version));
    const containerd = readFileSync(join(root, "etc/containerd/config.toml"), "utf8");
    return /^ *sandbox_image = (.*)$/m.exec(containerd)?.[1];
  };

  test("the process that holds a pod's namespaces is the one that kubeadm of the version has", () => {
    expect(written("1.35.4")).toBe('"registry.k8s.io/pause:3.10"');
  });

  test("that of 1.20 is from the registry of that time", () => {
    expect(written("1.20.2")).toBe('"k8s.gcr.io/pause:3.2"');
  });
});
