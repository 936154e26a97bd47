import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { provideKubernetesBinaries } from "../../lab/build/kubernetes-binaries";
import { kubernetesPrograms } from "../../lab/build/kubernetes-programs";
import { openLab } from "../../lab/lab-settings";
import { silent } from "../../lab/progress";

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
