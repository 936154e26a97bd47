import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keptInBackup, localStatePath, prepareLocalState } from "../../../stacks/shared/local-state";
import { problemText } from "../../../values/problem";
import { fault } from "../../faults";

const clusterName = "local-state-test";

describe("local state", () => {
  let project: string;
  let outdir: string;
  let stateFolder: string;
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "local-state-"));
    outdir = join(project, "cdktf.out");
    stateFolder = join(project, ".state", clusterName);
  });
  afterEach(() => rmSync(project, { recursive: true }));
  const mode = (file: string) => (statSync(join(stateFolder, file)).mode & 0o777).toString(8);

  test("has the same path on every machine", () => {
    expect(localStatePath("search", { outdir: "cdktf.out", stack: "nodes" })).toBe(
      "../../../.state/search/nodes.tfstate",
    );
  });

  test(`${fault(41)}: is readable by its owner alone, the backup too`, () => {
    prepareLocalState(clusterName, { outdir, stack: "nodes" });
    expect([mode("."), mode("nodes.tfstate"), mode("nodes.tfstate.backup")]).toEqual(["700", "600", "600"]);
  });

  test(`${fault(41)}: a state that is open to others is closed, and keeps what it holds`, () => {
    mkdirSync(stateFolder, { recursive: true });
    writeFileSync(join(stateFolder, "nodes.tfstate"), "the state", { mode: 0o644 });
    prepareLocalState(clusterName, { outdir, stack: "nodes" });
    expect(mode("nodes.tfstate")).toBe("600");
    expect(readFileSync(join(stateFolder, "nodes.tfstate"), "utf8")).toBe("the state");
  });

  const write = (file: string, ...resources: readonly string[]) => {
    mkdirSync(stateFolder, { recursive: true });
    const managed = resources.map((address) => {
      const [type, name] = address.split(".");
      return { mode: "managed", type, name };
    });
    writeFileSync(join(stateFolder, file), JSON.stringify({ version: 4, resources: managed }));
  };

  describe("the backup of a state", () => {
    const folder = () => ({ outdir, stack: "metallb" });
    const kept = () => keptInBackup(clusterName, folder(), "random_password.memberlist");

    test(`${fault(167)}: that still has a secret which the state has not any more is a warning`, () => {
      write("metallb.tfstate", "kubernetes_secret_v1.memberlist");
      write("metallb.tfstate.backup", "kubernetes_secret_v1.memberlist", "random_password.memberlist");
      const problem = kept();
      expect(problem && problemText(problem)).toBe(
        `${stateFolder}/metallb.tfstate.backup: warning: given a backup with random_password.memberlist, a secret that the state itself does not have any more; expected no copy of it; remove the file once the deploy has succeeded: Terraform makes the next one with its next change`,
      );
    });

    test("is none where the state has it, too, or neither has, or nothing is there, or all is encrypted", () => {
      expect(kept()).toBeUndefined();
      write("metallb.tfstate", "random_password.memberlist");
      write("metallb.tfstate.backup", "random_password.memberlist");
      expect(kept()).toBeUndefined();
      write("metallb.tfstate", "kubernetes_secret_v1.memberlist");
      write("metallb.tfstate.backup", "kubernetes_secret_v1.memberlist");
      expect(kept()).toBeUndefined();
      writeFileSync(join(stateFolder, "metallb.tfstate.backup"), '{"encrypted_data":"AAAA"}');
      expect(kept()).toBeUndefined();
      writeFileSync(join(stateFolder, "metallb.tfstate.backup"), "");
      expect(kept()).toBeUndefined();
    });
  });
});
