import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { planStack } from "../../../remote/terraform/plan";
import { Terraform } from "../../../remote/terraform/terraform";
import { fault } from "../../faults";
import { ProjectFixture } from "./project-fixture";

const resource = (input: string) => ({ resource: { terraform_data: { one: { input } } } });

describe("a plan, by real Terraform", () => {
  let fixture: ProjectFixture;
  let terraform: Terraform;
  beforeEach(() => {
    fixture = new ProjectFixture();
    terraform = new Terraform(fixture.project.environment);
  });
  afterEach(() => fixture.dispose());

  const out = () => join(fixture.folder, "plan");
  const summary = async (stack = fixture.stack(resource("a")), replace: string[] = []) => {
    const { changes, deployed } = await planStack(terraform, stack, { out: out(), replace });
    return { deployed, changes: changes.map(({ address, change }) => [address, ...change.actions]) };
  };

  test("initialises a stack that was never initialised, and tells what would be made", async () => {
    expect(await summary()).toEqual({ deployed: false, changes: [["terraform_data.one", "create"]] });
  });

  test("tells that nothing changes, what changes, and what is replaced though nothing changed", async () => {
    const stack = fixture.stack(resource("a"));
    await terraform.run(stack, ["init"], 60);
    expect((await terraform.run(stack, ["apply", "-auto-approve"], 60)).code).toBe(0);
    expect(await summary(stack)).toEqual({ deployed: true, changes: [] });
    expect(await summary(stack, ["terraform_data.one"])).toEqual({
      deployed: true,
      changes: [["terraform_data.one", "delete", "create"]],
    });
    expect(await summary(fixture.stack(resource("b")))).toEqual({
      deployed: true,
      changes: [["terraform_data.one", "update"]],
    });
  });

  test("an error of Terraform is told in one line; a condition of ours by its own message alone", async () => {
    await expect(summary(fixture.stack({ locals: { a: "${local.b}" } }))).rejects.toThrow(
      'Reference to undeclared local value: A local value with the name "b" has not been declared.',
    );
    const failing = {
      locals: { deployed: false },
      resource: {
        terraform_data: {
          one: {
            lifecycle: { precondition: [{ condition: "${local.deployed}", error_message: "Deploy nodes first." }] },
          },
        },
      },
    };
    await expect(summary(fixture.stack(failing))).rejects.toThrow(/^Deploy nodes first\.$/);
    const validation = [{ condition: '${var.host != ""}', error_message: "The host is empty." }];
    await expect(summary(fixture.stack({ variable: { host: { default: "", validation } } }))).rejects.toThrow(
      /^The host is empty\.$/,
    );
  });

  test(`${fault(43)}: while another run holds the state's lock the plan says who, and leaves the state alone`, async () => {
    const slow = {
      resource: {
        terraform_data: { one: { provisioner: [{ "local-exec": { command: "touch started; sleep 30" } }] } },
      },
    };
    const stack = fixture.stack(slow);
    await terraform.run(stack, ["init"], 60);
    const first = spawn("terraform", ["apply", "-auto-approve"], {
      cwd: stack.folder,
      detached: true,
      stdio: "ignore",
    });
    try {
      for (let waited = 0; !existsSync(join(stack.folder, "started")) && waited < 100; waited += 1) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await expect(planStack(terraform, stack, { out: out() }, 1)).rejects.toThrow(
        new RegExp(
          `^another run of Terraform holds the state's lock \\(\\S+@\\S+, since \\S+ \\S+ \\+0000 UTC\\): wait for it to end\\. If it was killed: terraform -chdir='${stack.folder}' force-unlock [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`,
        ),
      );
    } finally {
      if (first.pid !== undefined) process.kill(-first.pid, "SIGKILL");
    }
  });
});

test(`${fault(43)}: of a locked workspace, of which Terraform knows no holder and names itself, its page is named`, async () => {
  const fixture = new ProjectFixture();
  try {
    const program = join(fixture.folder, "terraform");
    const detail = [
      'Error message: workspace already locked (lock ID: "acme/demo-nodes")',
      ...[
        "Lock Info:",
        "  ID:        1f7f6b6a-0000-0000-0000-000000000000",
        "  Path:      ",
        "  Operation: OperationTypePlan",
      ],
      ...[
        "  Who:       me@here",
        "  Version:   1.11.4",
        "  Created:   2026-11-25 22:31:39.1 +0000 UTC",
        "  Info:      ",
        "",
      ],
    ].join("\n");
    const diagnostic = { severity: "error", summary: "Error acquiring the state lock", detail };
    writeFileSync(join(fixture.folder, "said"), `${JSON.stringify({ type: "diagnostic", diagnostic })}\n`);
    writeFileSync(program, `#!/bin/sh\ncat ${fixture.folder}/said\nexit 1\n`, { mode: 0o755 });
    const terraform = new Terraform({ ...fixture.project.environment, TERRAFORM_BINARY_NAME: program });
    const stack = fixture.stack({});
    await expect(planStack(terraform, stack, { out: join(fixture.folder, "plan") })).rejects.toThrow(
      new Error(
        `the workspace acme/demo-nodes is locked; its page on the server says by whom: wait for that to end. If it was killed: terraform -chdir='${stack.folder}' force-unlock acme/demo-nodes`,
      ),
    );
  } finally {
    fixture.dispose();
  }
});

describe(`${fault(153)}: a variable without a value`, () => {
  let fixture: ProjectFixture;
  beforeEach(() => {
    fixture = new ProjectFixture();
  });
  afterEach(() => fixture.dispose());

  test("is an error whatever Terraform is asked to do: nobody is asked for it", async () => {
    const stack = fixture.stack({ variable: { a: {} }, resource: { terraform_data: { one: { input: "${var.a}" } } } });
    const { code, output } = await new Terraform(fixture.project.environment).run(stack, ["apply"], 20);
    expect([code, output.includes('The root module input variable "a" is not set')]).toEqual([1, true]);
  });

  test("a question that is asked all the same, such as whether to cancel a run, has no answer", async () => {
    const program = join(fixture.folder, "terraform");
    writeFileSync(program, "#!/bin/sh\nread -r answer || exit 3\n", { mode: 0o755 });
    const environment = { ...fixture.project.environment, TERRAFORM_BINARY_NAME: program };
    expect((await new Terraform(environment).run(fixture.stack({}), ["plan"], 5)).code).toBe(3);
  });
});

describe(`${fault(45)}: a Terraform that cannot work is one clear line`, () => {
  let fixture: ProjectFixture;
  beforeEach(() => {
    fixture = new ProjectFixture();
  });
  afterEach(() => fixture.dispose());

  const planned = (configuration: object, environment: Record<string, string | undefined> = {}) =>
    planStack(new Terraform({ ...fixture.project.environment, ...environment }), fixture.stack(configuration), {
      out: join(fixture.folder, "plan"),
    });

  test("missing", async () => {
    await expect(planned({}, { PATH: "/nowhere" })).rejects.toThrow(
      "terraform is not installed, or not in PATH: install Terraform 1.5 or later, or name another program in TERRAFORM_BINARY_NAME",
    );
  });

  test("too old", async () => {
    await expect(planned({ terraform: { required_version: ">= 99.0" } })).rejects.toThrow(
      /^this Terraform \(\d+\.\d+\.\d+\) is too old: install Terraform 1\.5 or later, and 1\.10 or later where a server runs it with sensitive variables$/,
    );
  });

  test("a registry that cannot be reached", async () => {
    const source = "registry.invalid/example/none";
    await expect(planned({ terraform: { required_providers: { none: { source } } } })).rejects.toThrow(
      "terraform init of the stack only failed: Terraform cannot get its providers (registry.invalid/example/none): the registry cannot be reached from here. Point to a mirror with provider_installation in Terraform's CLI configuration, or put the providers into ~/.terraform.d/plugins",
    );
  }, 90_000);
});

describe(`${fault(92)}: a folder whose providers were pinned to other versions`, () => {
  let fixture: ProjectFixture;
  beforeEach(() => {
    fixture = new ProjectFixture();
  });
  afterEach(() => fixture.dispose());

  test("is initialised anew, with -upgrade", async () => {
    const program = join(fixture.folder, "terraform");
    const refusal =
      "locked provider registry.terraform.io/hashicorp/null 3.2.3 does not match configured version constraint 3.2.4; must use terraform init -upgrade to allow selection of new versions";
    writeFileSync(
      program,
      `#!/bin/sh
echo "$*" >> calls
case "$*" in
  *-upgrade*) : > upgraded ;;
  init*) echo "Failed to query available provider packages: ${refusal}"; exit 1 ;;
  *) [ -e upgraded ] && exit 0; echo "Inconsistent dependency lock file: run terraform init -upgrade"; exit 1 ;;
esac
`,
      { mode: 0o755 },
    );
    const environment = { ...fixture.project.environment, TERRAFORM_BINARY_NAME: program };
    const stack = fixture.stack({});
    const run = await new Terraform(environment).run(stack, ["state", "list"], 60);
    expect([run.code, readFileSync(join(stack.folder, "calls"), "utf8").split("\n")]).toEqual([
      0,
      ["state list", "init -input=false -no-color", "init -input=false -no-color -upgrade", "state list", ""],
    ]);
  });
});
