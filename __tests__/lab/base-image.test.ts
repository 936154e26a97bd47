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
    return {
      kubelet: readFileSync(join(root, "etc/kubernetes/kubelet.env"), "utf8"),
      pause: /^ *sandbox_image = (.*)$/m.exec(containerd)?.[1],
    };
  };

  test("today kubelet's file says all", () => {
    expect(written("1.35.4")).toStrictEqual({ kubelet: "KUBELET_FLAGS=\n", pause: '"registry.k8s.io/pause:3.10"' });
  });

  test("kubelet of 1.20 is told by flags that it is not Docker that it talks to", () => {
    expect(written("1.20.2")).toStrictEqual({
      kubelet:
        "KUBELET_FLAGS=--container-runtime=remote --container-runtime-endpoint=unix:///run/containerd/containerd.sock --network-plugin=cni\n",
      pause: '"k8s.gcr.io/pause:3.2"',
    });
  });
});
