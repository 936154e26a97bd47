import { DataResource, LocalBackend, TerraformLocal, TerraformStack } from "cdktf";
import { fault } from "../faults";
import { mark, persistence, rrModules } from "../stacks/nodes/scripts/node-to-prepare";
import { describeWithProviders } from "./available";
import { LoopbackNodes } from "./loopback-nodes";
import { TerraformProject } from "./terraform-project";

// Values that JSON and HCL write differently. Strings are templates in both.
const values = {
  "a.b": 'quotes "a" and \\backslashes\\ and \\n',
  for: "$${not} %%{an} $expression % {",
  null: "a line\n",
  lines: 'one\n\ttwo "three" \\n\n  EOT\nEOT_\n$${four}\n',
  open: "one\ntwo",
  cr: "one\r\ntwo\u0007\u007f é 😀",
  "${local.text}": "a key that is an expression",
  one: "${local.text}",
  some: 'a ${jsonencode({ a = "}" })} b ${upper("${local.text}\\"}")} "c"',
  more: 'text\n${join("\\n", ["a", "b"])}\n%{ if true ~}\nyes\n%{ endif ~}\n',
  list: '${[for letter in ["a", "b"] :\nupper(letter)]}',
};

describe("HCL in place of JSON", () => {
  const project = new TerraformProject("values");
  afterAll(() => project.dispose());

  test(`${fault(160)}: has the same values, so that Terraform changes nothing`, async () => {
    // given
    await project
      .write((scope, id) => {
        const stack = new TerraformStack(scope, id);
        new LocalBackend(stack, { path: "terraform.tfstate" });
        new TerraformLocal(stack, "text", "it's");
        const list = [true, 1.5, null, [], {}, "a\nb\n", ["c"], "d"];
        new DataResource(stack, "values", { input: { ...values, list_of_all: list } });
        new DataResource(stack, "after", { input: {}, lifecycle: { ignoreChanges: ["input"] } }).addOverride(
          "depends_on",
          ["terraform_data.values"],
        );
        return stack;
      })
      .init();
    expect((await project.apply()).code).toBe(0);

    // when
    await project.toHcl();

    // then
    expect(await project.plan()).toMatchObject({ code: 0, output: expect.stringContaining("No changes.") });
  }, 120_000);
});

describeWithProviders("HCL in place of JSON")("a deployed stack of nodes, as HCL", () => {
  const nodes = new LoopbackNodes();
  afterAll(() => nodes.dispose());

  test(`${fault(160)}, ${fault(161)}: is as it is, and its step at destroy runs on the node`, async () => {
    // given
    const node = nodes.fake();
    const { hostKey, commands } = await nodes.serve(node, "127.0.0.1");
    await nodes.write(`${node.root}/tmp`, [{ name: "node1", address: "127.0.0.1", hostKey }]);
    expect((await nodes.project.apply()).code).toBe(0);
    expect(node.read(persistence)).toBe(`${mark}${rrModules.join("\n")}\n`);
    const before = commands.length;

    // when
    await nodes.project.toHcl();
    const plan = await nodes.project.plan();

    // then
    expect(plan).toMatchObject({ code: 0, output: expect.stringContaining("No changes.") });
    expect(commands).toHaveLength(before);

    // when
    const destroyed = await nodes.project.terraform("destroy", "-auto-approve", "-input=false");

    // then
    expect(destroyed).toMatchObject({ code: 0, output: expect.stringContaining("baremetal-lb: node1: removed") });
    expect(node.files("/etc")).toEqual(["/etc/os-release"]);
  }, 120_000);
});
