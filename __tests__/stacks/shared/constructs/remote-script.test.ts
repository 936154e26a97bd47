import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformStack, Testing } from "cdktf";
import { RemoteScript } from "../../../../stacks/shared/constructs/remote-script";
import { SshAccess } from "../../../../stacks/shared/constructs/ssh-access";
import { cluster } from "../../../cluster-fixture";
import { fault } from "../../../faults";
import { terraformFile } from "../../../terraform-file";

// The real Terraform computes what reaches the shell; it needs no provider for that.

const values = ["'; id; '", "$(id)", "`id`", "it's \\'; id #", "a\nid\n", '"; id; "', "${self.id}", "plain"];

describe("a value that Terraform computes, on its way into a script", () => {
  const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-remote-script-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const terraform = (command: string) => {
    const options = { cwd: folder, encoding: "utf8", timeout: 30_000 } as const;
    const { status, stdout, stderr } = spawnSync(terraformFile, [command, "-auto-approve", "-no-color"], options);
    if (status !== 0) throw new Error(stdout + stderr);
  };

  test(`${fault(61)}: stays one value, at destroy and at create, whatever it is`, () => {
    // given: the assignments in front of a script, with a trigger of a resource for each value
    const { ssh, nodes } = cluster();
    const stack = new TerraformStack(Testing.app(), "test");
    const script = new RemoteScript(stack, new SshAccess(stack, ssh), "kube-proxy/restore-node");
    const [node] = nodes;
    if (node === undefined) throw new Error("the fixture has no node");
    const names = values.map((_, index) => `VALUE${index}`);
    const [atDestroy = ""] = script.onDestroy(node, Object.fromEntries(names.map((name) => [name, name]))).inline ?? [];
    const expressions = Object.fromEntries(names.map((name) => [name, `self.input.${name}`]));
    const [atCreate = ""] = script.onCreate(node, {}, expressions).inline ?? [];
    const print = (file: string) => names.map((name) => `printf '%s\\0' "$${name}" >>${file}`).join("\n");
    const localExec = (command: string, when?: string) => ({ "local-exec": { command, when } });
    const resource = {
      input: Object.fromEntries(values.map((value, index) => [`VALUE${index}`, value.replaceAll("${", () => "$${")])),
      provisioner: [
        localExec(`${atCreate}\n${print("created")}`),
        localExec(`${atDestroy.replaceAll("self.triggers", "self.input")}\n${print("destroyed")}`, "destroy"),
      ],
    };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ resource: { terraform_data: { x: resource } } }));

    // when
    terraform("apply");
    terraform("destroy");

    // then
    const printed = (file: string) => readFileSync(join(folder, file), "utf8").split("\0").slice(0, -1);
    expect(existsSync(join(folder, "created"))).toBe(true);
    expect(printed("created")).toEqual(values);
    expect(printed("destroyed")).toEqual(values);
  }, 60_000);
});
