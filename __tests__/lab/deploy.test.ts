import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cdktfEnvironment } from "../../lab/deploy";
import { openLab, repository } from "../../lab/lab-settings";
import { deployedProject } from "../../lab/own-repository";

test("cdktf is given the lab's configuration and providers, whatever the shell has", () => {
  const lab = openLab({}, { LAB_DIR: "/somewhere" });
  expect(
    cdktfEnvironment(lab, { PATH: "/bin", CLUSTER_CONFIG: "/mine.yaml", TF_CLI_CONFIG_FILE: "/rc" }),
  ).toStrictEqual({
    PATH: "/bin",
    CLUSTER_CONFIG: "/somewhere/run/cluster.yaml",
    TF_CLI_CONFIG_FILE: "/somewhere/run/terraform.rc",
    CHECKPOINT_DISABLE: "1",
    TF_INPUT: "0",
    DISABLE_VERSION_CHECK: "true",
    CI: "1",
    FORCE_COLOR: "0",
  });
});

test("the stacks are deployed from this tree, or from the repository with the package, once that is installed", () => {
  const folder = mkdtempSync(join(tmpdir(), "lab-"));
  try {
    const lab = openLab({}, { LAB_DIR: folder });
    const own = join(folder, "run", "repository");
    const ofTree = { folder: repository, program: join(repository, "cli/bin.js") };
    expect(deployedProject(lab)).toStrictEqual(ofTree);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, "package.json"), "{}");
    expect(deployedProject(lab)).toStrictEqual(ofTree);
    writeFileSync(join(own, "package-lock.json"), "{}");
    expect(deployedProject(lab)).toStrictEqual({
      folder: own,
      program: join(own, "node_modules/baremetal-lb/cli/bin.js"),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
