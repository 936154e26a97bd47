import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sshCredentials } from "../../../remote/ssh/credentials";
import { fault } from "../../faults";
import { UserError } from "../../../values/user-error";

describe("SSH credentials", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const refusal = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      return (error as Error).message;
    }
    throw new Error("nothing was refused");
  };

  it("come from the key file, where ~ is the home directory", () => {
    writeFileSync(join(home, "id"), "the key");
    expect(sshCredentials({ method: "keyFile", path: "~/id" }, { home, environment: {} })).toStrictEqual({
      privateKey: "the key",
    });
  });

  it("a key file that is not there is named as it was written", () => {
    expect(refusal(() => sshCredentials({ method: "keyFile", path: "~/id" }, { home, environment: {} }))).toBe(
      "ssh.privateKeyFile ~/id cannot be read (ENOENT): correct the path, or put the key there",
    );
  });

  it("come from the agent that the shell has", () => {
    const environment = { SSH_AUTH_SOCK: "/run/agent" };
    expect(sshCredentials({ method: "agent" }, { home, environment })).toStrictEqual({ agent: "/run/agent" });
  });

  it.each([{}, { SSH_AUTH_SOCK: "" }])("no agent is an error: %j", (environment) => {
    expect(refusal(() => sshCredentials({ method: "agent" }, { home, environment }))).toBe(
      "ssh.agent is true, and SSH_AUTH_SOCK is not set: start an SSH agent in this shell",
    );
  });

  const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nbm9uZQ==\n-----END OPENSSH PRIVATE KEY-----\n";

  it.each([
    { BAREMETAL_LB_SSH_PRIVATE_KEY: key },
    { TF_VAR_ssh_private_key: key },
    { BAREMETAL_LB_SSH_PRIVATE_KEY: "", TF_VAR_ssh_private_key: key },
    { BAREMETAL_LB_SSH_PRIVATE_KEY: key, TF_VAR_ssh_private_key: "another" },
  ])("come from a variable of our own, or from the one that Terraform reads: %j", (environment) => {
    expect(sshCredentials({ method: "variable" }, { home, environment })).toStrictEqual({ privateKey: key });
  });

  it.each([{}, { BAREMETAL_LB_SSH_PRIVATE_KEY: "" }])(
    "no variable is an error, and an unset secret of CI, which is empty: %j",
    (environment) => {
      expect(refusal(() => sshCredentials({ method: "variable" }, { home, environment }))).toBe(
        "ssh.privateKeyVariable is true, and BAREMETAL_LB_SSH_PRIVATE_KEY is not set: export it here",
      );
    },
  );

  const form =
    "expected a private key in PEM or OpenSSH form, with its line breaks, from -----BEGIN … PRIVATE KEY----- on";
  it.each([
    [" ", `is empty, as a secret is that CI does not have; ${form}; set BAREMETAL_LB_SSH_PRIVATE_KEY`],
    [key.replaceAll("\n", " "), `is of another form; ${form}; set BAREMETAL_LB_SSH_PRIVATE_KEY`],
    [
      Buffer.from(key).toString("base64"),
      `is in base64, as a kubeconfig has it; ${form}; decode it with base64 -d, then set BAREMETAL_LB_SSH_PRIVATE_KEY`,
    ],
  ])(`${fault(151)}: a key of another form is refused, and not shown: %j`, (value, message) => {
    const environment = { BAREMETAL_LB_SSH_PRIVATE_KEY: value };
    expect(refusal(() => sshCredentials({ method: "variable" }, { home, environment }))).toBe(
      `ssh_private_key ${message}`,
    );
  });
});
