import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redaction, removed } from "../../../day-two/report/redaction";
import { planFiles, stateFiles } from "../../../day-two/report/terraform-files";
import { Terraform } from "../../../remote/terraform/terraform";
import { fault } from "../../faults";

describe(`${fault(223)}: what Terraform shows`, () => {
  const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-shown-"));
  const program = join(folder, "terraform");
  afterAll(() => rmSync(folder, { recursive: true }));
  const stack = { name: "metallb", folder };

  /** What a program says that shows `shown`, with all that was known to be secret then. */
  const filesOf = async (shown: object, files: typeof planFiles) => {
    writeFileSync(program, `#!/bin/sh\ncat <<'END'\nWarning: of OpenTofu\n\n${JSON.stringify(shown)}\nEND\n`);
    chmodSync(program, 0o755);
    const terraform = new Terraform({ TERRAFORM_BINARY_NAME: program, PATH: process.env.PATH });
    const plan = { stack, options: { out: "plan" }, changes: [], deployed: true };
    const redaction = new Redaction();
    const report = {
      cluster: "demo",
      status: "failed" as const,
      stacks: [
        { stack: "nodes", status: "failed" as const, differences: [], error: "it is broken" },
        { stack: "metallb", status: "in-sync" as const, differences: [] },
      ],
      nodes: [],
    };
    const kubeProxy = { mode: "unmanaged" } as const;
    const drift = { report, kubeProxy: kubeProxy as never, stacks: [stack], plans: [plan], terraform };
    return { files: await files(drift, redaction), known: (text: string) => redaction.text(text) === removed };
  };
  const secret = {
    metadata: [{ name: "memberlist" }],
    data: { secretkey: "of a Secret" },
    binary_data: { a: "of bytes" },
  };

  test("of a plan is its changes, without what is marked, what is a Secret, variables, and the state as it was", async () => {
    const change = { actions: ["update"], before_sensitive: {}, after_sensitive: false, after_unknown: { id: true } };
    const { files, known } = await filesOf(
      {
        format_version: "1.2",
        variables: { kubernetes_token: { value: "of a variable" } },
        prior_state: { values: { outputs: {} } },
        resource_changes: [
          { address: "a", type: "kubernetes_secret_v1", name: "a", change: { ...change, before: null, after: secret } },
          {
            address: "b",
            type: "random_password",
            name: "b",
            change: {
              ...change,
              before: { result: "of a password" },
              before_sensitive: { result: true },
              after: { result: null },
              importing: { id: "of an import" },
            },
          },
          { address: "c", type: "t", name: "c", change: { ...change, actions: ["no-op"], before: {}, after: {} } },
        ],
        output_changes: { o: { ...change, before: "of an output", before_sensitive: true, after: "open" } },
      },
      planFiles,
    );
    const shownChange = { actions: ["update"], after_unknown: { id: true } };
    expect(files).toEqual([
      { name: "plans/nodes.json", problem: "there is no plan: it is broken" },
      {
        name: "plans/metallb.json",
        content: {
          json: {
            format_version: "1.2",
            resource_changes: [
              {
                address: "a",
                type: "kubernetes_secret_v1",
                name: "a",
                change: { ...shownChange, before: null, after: { ...secret, data: removed, binary_data: removed } },
              },
              {
                address: "b",
                type: "random_password",
                name: "b",
                change: { ...shownChange, before: { result: removed }, after: { result: null }, importing: true },
              },
            ],
            resource_drift: [],
            output_changes: { o: { ...shownChange, before: removed, after: "open" } },
          },
        },
      },
    ]);
    expect(["of a Secret", "of bytes", "of a password", "of an output", "open!"].filter((one) => !known(one))).toEqual([
      "open!",
    ]);
  });

  test("of a state is its resources and outputs, without what is marked and what is a Secret", async () => {
    const { files, known } = await filesOf(
      {
        format_version: "1.0",
        values: {
          outputs: { o: { sensitive: true, value: "of an output" }, p: { value: "open" } },
          root_module: {
            resources: [
              { address: "a", mode: "managed", type: "kubernetes_secret", values: secret, sensitive_values: {} },
              { address: "b", type: "t", values: { a: ["of a mark", 1] }, sensitive_values: { a: [true, false] } },
            ],
          },
        },
      },
      stateFiles,
    );
    expect(files).toEqual([
      {
        name: "states/metallb.json",
        content: {
          json: {
            format_version: "1.0",
            outputs: { o: removed, p: "open" },
            resources: [
              {
                address: "a",
                mode: "managed",
                type: "kubernetes_secret",
                values: { ...secret, data: removed, binary_data: removed },
              },
              { address: "b", type: "t", values: { a: [removed, 1] } },
            ],
          },
        },
      },
    ]);
    expect(["of an output", "of a mark", "of a Secret"].filter((one) => !known(one))).toEqual([]);
  });
});
