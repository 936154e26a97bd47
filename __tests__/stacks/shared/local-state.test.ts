import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localStatePath, prepareLocalState } from "../../../stacks/shared/local-state";
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
});
