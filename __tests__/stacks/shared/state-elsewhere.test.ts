import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stateFile } from "../../../stacks/shared/local-state";
import { type StateBlock, stateBlock } from "../../../stacks/shared/state-block";
import { initialisedElsewhere, leftBehind, refuseStateElsewhere } from "../../../stacks/shared/state-elsewhere";
import { problemText } from "../../../values/problem";
import { cluster } from "../../cluster-fixture";
import { fault } from "../../faults";

describe("a state that is not where it is declared to be", () => {
  let project: string;
  let folder: { outdir: string; stack: string };
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "state-elsewhere-"));
    folder = { outdir: join(project, "cdktf.out"), stack: "nodes" };
  });
  afterEach(() => rmSync(project, { recursive: true }));
  const at = (state: object, name = "demo") => cluster({ state, name });
  const note = () => join(folder.outdir, "stacks/nodes/.terraform/terraform.tfstate");
  /** As Terraform leaves it, with all arguments of a backend. */
  const initialise = ({ type, arguments: config }: StateBlock) => {
    mkdirSync(dirname(note()), { recursive: true });
    writeFileSync(note(), JSON.stringify({ version: 3, backend: { type, config: { conn_str: null, ...config } } }));
  };
  const local = { backend: "local" };
  const pg = { backend: "pg" };
  const cloud = { backend: "cloud", organization: "acme" };
  const kubernetes = { backend: "kubernetes", context: "a" };
  const s3 = { backend: "s3", bucket: "a", region: "b" };
  const http = { backend: "http", address: "https://a" };
  const all = [local, pg, cloud, kubernetes, s3, http];
  const blockOf = (state: object, name?: string) => stateBlock(at(state, name), folder);

  describe("by Terraform's note of where the folder's state was", () => {
    test.each(all)("of the declared place, %j, stays", (state) => {
      initialise(blockOf(state));
      expect(initialisedElsewhere(at(state), folder)).toBeUndefined();
      expect(existsSync(note())).toBe(true);
    });

    test.each(all)("of another cluster's, %j, goes, so that no state is copied from cluster to cluster", (state) => {
      initialise(blockOf(state, "other"));
      expect(initialisedElsewhere(at(pg), folder)).toBeUndefined();
      expect(existsSync(note())).toBe(false);
    });

    test.each([
      [s3, { ...s3, encrypt: false }],
      [http, { ...http, lockMethod: "POST" }],
      [cloud, { ...cloud, project: "p", execution: "agent" }],
      [
        { ...s3, endpoint: "https://s3.example.org" },
        { ...s3, endpoint: "https://s3.example.org", region: "c" },
      ],
    ])("of the same place, reached in another way, goes: %j, %j", (former, declared) => {
      initialise(blockOf(former));
      expect(initialisedElsewhere(at(declared), folder)).toBeUndefined();
      expect(existsSync(note())).toBe(false);
    });

    test(`${fault(182)}: of another place is an error, and stays`, () => {
      initialise(blockOf(pg));
      const problem = initialisedElsewhere(at(http), folder);
      expect(problem && problemText(problem)).toBe(
        `${note()}: error: given the note that the state of the stack nodes is in PostgreSQL, schema demo-nodes; expected https://a/demo-nodes, as state.backend: http says; npx baremetal-lb state move takes it along (docs/state.md); or declare the former place again; or, if it was moved, remove this file`,
      );
      expect(existsSync(note())).toBe(true);
    });
  });

  test(`${fault(182)}: what changes the cluster is refused with a local state that has resources`, () => {
    const file = stateFile("demo", folder);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ version: 4, resources: [{ mode: "managed" }, { mode: "data" }] }));
    const message = (severity: string) =>
      `${file}: ${severity}: given a local state of 1 resource, with state.backend: pg; expected none: a deploy makes anew what the state in PostgreSQL, schema demo-nodes does not have; npx baremetal-lb state move takes it along (docs/state.md); or write backend: local again; or, if it was moved by hand, move the file away`;
    const problem = leftBehind(at(pg), folder);
    expect(problem && problemText(problem)).toBe(message("warning"));
    expect(() => refuseStateElsewhere(at(pg), [folder])).toThrow(new Error(message("error")));
    expect(leftBehind(at(local), folder)).toBeUndefined();
    writeFileSync(file, JSON.stringify({ version: 4, resources: [{ mode: "data" }] }));
    expect(() => refuseStateElsewhere(at(pg), [folder])).not.toThrow();
  });

  test(`${fault(168)}: so with an encrypted one, though nobody can count what it has`, () => {
    const file = stateFile("demo", folder);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '{"meta":{},"encrypted_data":"AAAA","encryption_version":"v0"}');
    expect(leftBehind(at(cloud), folder)).toMatchObject({
      given: "an encrypted local state, with state.backend: cloud",
      remedy:
        "npx baremetal-lb state move takes it along (docs/state.md); or write backend: local again; or, if it was moved, move the file away, since an encrypted one does not show that it is empty",
    });
  });

  test("a local state that a kill or a full disk cut off is named", () => {
    const file = stateFile("demo", folder);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '{"version": 4, "resour');
    expect(() => leftBehind(at(cloud), folder)).toThrow(
      `${file} is no whole state, as a full disk or a kill leaves it: put a copy in its place, such as the backup beside it`,
    );
  });
});
