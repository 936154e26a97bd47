import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { findContext, type KubeconfigOptions } from "../../../day-two/init/kubeconfig";
import { fault } from "../../faults";

const server = "https://192.168.1.10:6443";

/** A kubeconfig with contexts, each with the cluster and the user of its name. */
const kubeconfig = (contexts: readonly unknown[], changes: object = {}) =>
  stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: contexts.map((name) => ({ name, cluster: { server } })),
    users: contexts.map((name) => ({ name, user: { token: "secret-token" } })),
    contexts: contexts.map((name) => ({ name, context: { cluster: name, user: name } })),
    "current-context": contexts[0],
    ...changes,
  });

describe("the kubeconfig, found as kubectl finds it", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "home-"));
    mkdirSync(join(home, ".kube"));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const write = (name: string, text: string): string => {
    writeFileSync(join(home, name), text);
    return join(home, name);
  };
  const find = (options: KubeconfigOptions = {}, environment: Readonly<Record<string, string>> = {}) =>
    findContext(options, { environment, home, folder: join(home, ".kube") });

  test("~/.kube/config, and its current context", () => {
    write(".kube/config", kubeconfig(["one", "two"]));
    expect(find()).toStrictEqual({ path: "~/.kube/config", context: "one", clusterName: "one", server });
    expect(find({ context: "two" }).context).toBe("two");
  });

  test("names that are numbers to YAML", () => {
    write(".kube/config", kubeconfig([7]));
    expect(find()).toStrictEqual({ path: "~/.kube/config", context: "7", clusterName: "7", server });
  });

  test("--kubeconfig before KUBECONFIG, and that before ~/.kube/config; relative ones from the working folder", () => {
    write(".kube/config", kubeconfig(["usual"]));
    write(".kube/given", kubeconfig(["given"]));
    const listed = write("listed", kubeconfig(["listed"]));
    expect(find({ kubeconfig: "given" }, { KUBECONFIG: listed }).path).toBe("~/.kube/given");
    expect(find({}, { KUBECONFIG: listed }).path).toBe("~/listed");
    expect(find({}, { KUBECONFIG: "" }).path).toBe("~/.kube/config");
  });

  test("several files: the first current context, in the file that has it; a path that is not below the home stays", () => {
    const other = mkdtempSync(join(tmpdir(), "other-"));
    try {
      const file = join(other, "config");
      writeFileSync(file, kubeconfig(["b"]));
      const first = write("first", kubeconfig(["a"], { "current-context": "" }));
      const KUBECONFIG = `${join(home, "missing")}:${first}:${file}`;
      expect(find({}, { KUBECONFIG })).toStrictEqual({ path: file, context: "b", clusterName: "b", server });
    } finally {
      rmSync(other, { recursive: true });
    }
  });

  test.each([
    [
      "there is none",
      {},
      {},
      "there is no kubeconfig: ~/.kube/config does not exist; expected the file that kubectl uses: name it with --kubeconfig",
    ],
    [
      "has no such context",
      { config: kubeconfig(["one", "two"]) },
      { context: "three" },
      "~/.kube/config has no context three; it has one, two: name one with --context",
    ],
    [
      "has no current context",
      { config: kubeconfig(["one"], { "current-context": undefined }) },
      {},
      "~/.kube/config has no current context; it has one: name one with --context",
    ],
    [
      "has its user elsewhere",
      { config: kubeconfig(["one"], { users: [] }) },
      {},
      "context one of ~/.kube/config needs cluster one and user one, which are not both in that file; expected all three in one file, since cluster.yaml names one: kubectl config view --flatten > FILE, then --kubeconfig FILE",
    ],
    [
      "is another file",
      { config: "secret-token" },
      {},
      "~/.kube/config is no kubeconfig; expected the file that kubectl --kubeconfig takes",
    ],
    [
      "is no YAML",
      { config: "token: [secret-token" },
      {},
      "~/.kube/config is no kubeconfig; expected the file that kubectl --kubeconfig takes",
    ],
    ["is a folder", {}, { kubeconfig: "~/.kube" }, "the kubeconfig ~/.kube cannot be read (EISDIR)"],
  ])(`${fault(211)}: the kubeconfig %s`, (_name, files: { config?: string }, options, message) => {
    if (files.config !== undefined) write(".kube/config", files.config);
    expect(() => find(options)).toThrow(expect.objectContaining({ name: "UserError", message }));
  });
});
