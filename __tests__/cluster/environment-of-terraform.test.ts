import { spawn } from "node:child_process";
import { environmentOfTerraform } from "../../cluster/environment-of-terraform";
import { fault } from "../faults";

const byCdktf = { SYNTH_HCL_OUTPUT: "false", PATH: "/bin" };

describe("the environment that Terraform will have", () => {
  /** Asks about a process with that environment, as if it were the one that started this one. */
  const startedBy = async (
    parent: Record<string, string>,
    environment: Record<string, string>,
    words: readonly string[] = [],
  ) => {
    const script = "process.stdout.write('up'); setTimeout(() => {}, 20_000)";
    const child = spawn(process.execPath, ["-e", script, "cdktf", ...words], { env: parent });
    try {
      await new Promise((up) => child.stdout.once("data", up));
      return environmentOfTerraform(environment, child.pid);
    } finally {
      child.kill();
    }
  };
  const isLinux = process.platform === "linux";
  if (!isLinux) console.warn("SKIPPED: what cdktf keeps from synthesis, which only Linux shows, in /proc");
  const onLinux = isLinux ? it : it.skip;

  it("is that of this process, where cdktf did not start it", async () => {
    expect(await startedBy({ TF_VAR_a: "x" }, { PATH: "/bin" })).toStrictEqual({
      environment: { PATH: "/bin" },
      ofCdktf: false,
      deploys: false,
    });
  });

  onLinux("has what cdktf kept from this process, without the values", async () => {
    expect(await startedBy({ TF_VAR_a: "secret", TF_VAR_b: "", TF_LOG: "x" }, byCdktf)).toStrictEqual({
      environment: { ...byCdktf, TF_VAR_a: "(not shown)", TF_VAR_b: "" },
      ofCdktf: true,
      deploys: false,
    });
  });

  onLinux.each([
    ["deploy", true],
    ["apply", true],
    ["diff", false],
  ])(`${fault(182)}: is of a deploy: cdktf %s: %s`, async (command, deploys) => {
    expect(await startedBy({}, byCdktf, [command, "nodes"])).toMatchObject({ ofCdktf: true, deploys });
  });

  it("is that of this process too, where no other process can be looked at", () => {
    expect(environmentOfTerraform(byCdktf, 2 ** 30)).toStrictEqual({
      environment: byCdktf,
      ofCdktf: false,
      deploys: false,
    });
  });
});
